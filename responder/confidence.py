"""How sure one may be that the first document bears the answer, and what to do with it: draft, suggest or hand over."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from responder.evidence import WINDOW_FEATURES
from responder.ordering import READING_FEATURES, Ordered
from responder.text import plain
from responder.windows import Floats, Prepared, Query

_SQUARED = ("held", "held_in_head", "covered_nearby", "best_passage", "aligned_cut", "aligned_whole", "bm25")
# What says more about the collection than about the question; no feature is a length or a count of the message.
_IDLE = ("region_missing", "region_in_head", "other_region_in_head")
_FIRST_IDLE, _GAP_IDLE = (*_IDLE, "bm25_to_best", "repeated"), (*_IDLE, "bm25")
# Of the window that is quoted first.
_QUOTED = ("best_short", "aligned_whole")
_OWN = ("score", "score_gap", "score_above_rest", "rivals", "short_kind")
_FIRST = tuple(name for name in READING_FEATURES if name not in _FIRST_IDLE)
_GAP = tuple(name for name in READING_FEATURES if name not in _GAP_IDLE)
CONFIDENCE_FEATURES = (
    *(f"first_{name}" for name in _FIRST),
    *(f"gap_{name}" for name in _GAP),
    *(f"square_{name}" for name in _SQUARED),
    *(f"quoted_{name}" for name in _QUOTED),
    *_OWN,
)
_FIRST_COLUMNS, _GAP_COLUMNS, _SQUARED_COLUMNS = ([READING_FEATURES.index(name) for name in names] for names in (_FIRST, _GAP, _SQUARED))
_QUOTED_COLUMNS = [WINDOW_FEATURES.index(name) for name in _QUOTED]
# Documents whose scores differ by less than this from the first one's are its rivals.
_RIVAL = 0.5
# What a document that nothing contests is compared with: a second that is so much of it.
_ALONE = 0.5
_INTERPRETATION = "interpretation"
# An interpretation shares this much of the shorter text's terms with what it explains; unrelated documents share less.
_SAME_MATTER = 0.25
_NUMBER = re.compile(r"\d[\d.,]*\s*(?:%|[^\W\d_])")

DRAFT, SUGGEST, HAND_OVER = "draft", "suggest", "hand_over"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Smallest confidence for a draft and for a suggestion; the lead in score under which two documents are too close;
    the share of a repealed document's score from which one in force takes its place; what is left of a confidence when
    the matter is another office's, and when the document lacks what is asked for.
    """

    draft: float
    suggest: float
    close: float
    near: float = 0.85
    elsewhere: float = 0.3
    lacking: float = 0.2


def confidence_row(query: Query, ordered: Ordered) -> Floats:
    """Features of a question with at least one document read, in the order of CONFIDENCE_FEATURES."""
    first, scores = ordered.rows[0], ordered.scores
    second = ordered.rows[1] if len(scores) > 1 else first * _ALONE
    rest = scores[1:]
    own = (
        float(scores[0]),
        float(scores[0] - rest[0]) if len(rest) else float(scores[0]) * (1 - _ALONE),
        float(scores[0] - rest.mean()) if len(rest) else float(scores[0]) * (1 - _ALONE),
        float((rest > scores[0] - _RIVAL).mean()) if len(rest) else 0.0,
        float(query.asked.kind is not None and query.asked.kind.short),
    )
    quoted = ordered.readings[0].features[int(ordered.window_scores[0].argmax())]
    return np.concatenate([first[_FIRST_COLUMNS], (first - second)[_GAP_COLUMNS], first[_SQUARED_COLUMNS] ** 2, quoted[_QUOTED_COLUMNS], own])


def probability(row: Floats, weights: Floats, intercept: float) -> float:
    """Logistic function of a weighted row, kept inside 0..1."""
    value = float(np.clip(row @ weights + intercept, -30.0, 30.0))
    return 1 / (1 + math.exp(-value))


def near(score: float, best: float, thresholds: Thresholds) -> bool:
    """Tell whether the best document in force comes near the best of all, which may be out of force."""
    return score >= best or (best > 0 and score >= thresholds.near * best)


def agree(quotes: Sequence[str]) -> bool:
    """Tell whether quotations can stand side by side: where two of them give numbers, they have one in common."""
    numbers = [found for quote in quotes if (found := frozenset(_NUMBER.findall(plain(quote))))]
    return all(a & b for a in numbers for b in numbers)


def explains(one: Prepared, other: Prepared) -> bool:
    """Tell whether one document is an interpretation that speaks of the same as the other."""
    if (one.document.kind == _INTERPRETATION) == (other.document.kind == _INTERPRETATION):
        return False
    ours, theirs = np.unique(one.terms.codes), np.unique(other.terms.codes)
    shared = np.isin(ours, theirs, assume_unique=True).sum()
    return bool(shared >= _SAME_MATTER * max(1, min(len(ours), len(theirs))))


def decide(confidence: float, lead: float, thresholds: Thresholds, *, agreed: bool = False) -> tuple[str, str]:
    """Return the decision and, when handing over, the reason: too_close or low_confidence. Of two documents that agree
    either may bear the answer; the second is less likely by the factor that its score, a logarithm of odds, says.
    """
    if confidence >= thresholds.draft:
        return DRAFT, ""
    either = confidence * (1 + math.exp(-max(0.0, lead))) if agreed else confidence
    if either >= thresholds.suggest:
        return SUGGEST, ""
    return HAND_OVER, "too_close" if lead < thresholds.close and not agreed else "low_confidence"
