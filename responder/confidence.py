"""How sure one may be that the first document bears the answer, and what to do with it: draft, suggest or hand over."""

import math
from dataclasses import dataclass

import numpy as np

from responder.ordering import ORDER_FEATURES, Ordered
from responder.windows import Floats, Query

_SQUARED = ("held", "covered_nearby", "aligned_whole")
_OWN = ("score", "score_gap", "score_above_rest", "terms", "heaviest", "short_kind", "length")
CONFIDENCE_FEATURES = (
    *(f"first_{name}" for name in ORDER_FEATURES),
    *(f"gap_{name}" for name in ORDER_FEATURES),
    *(f"square_{name}" for name in _SQUARED),
    *_OWN,
)
_SQUARED_COLUMNS = [ORDER_FEATURES.index(name) for name in _SQUARED]
# The lead of a document that nothing contests.
_ALONE = 3.0
_USUAL_LENGTH = 40

DRAFT, SUGGEST, HAND_OVER = "draft", "suggest", "hand_over"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Smallest confidence for a draft and for a suggestion; and the lead in score under which two documents are too close."""

    draft: float
    suggest: float
    close: float


def confidence_row(query: Query, ordered: Ordered) -> Floats:
    """Features of a question with at least one document read, in the order of CONFIDENCE_FEATURES."""
    first, scores = ordered.rows[0], ordered.scores
    second = ordered.rows[1] if len(scores) > 1 else np.zeros_like(first)
    rest = scores[1:]
    own = (
        float(scores[0]),
        float(scores[0] - rest[0]) if len(rest) else _ALONE,
        float(scores[0] - rest.mean()) if len(rest) else _ALONE,
        math.log(len(query.codes) + 1),
        float(query.weights.max()),
        float(query.asked.kind is not None and query.asked.kind.short),
        min(len("".join(query.asked.cut.split())), _USUAL_LENGTH) / _USUAL_LENGTH,
    )
    return np.concatenate([first, first - second, first[_SQUARED_COLUMNS] ** 2, own])


def probability(row: Floats, weights: Floats, intercept: float) -> float:
    """Logistic function of a weighted row, kept inside 0..1."""
    value = float(np.clip(row @ weights + intercept, -30.0, 30.0))
    return 1 / (1 + math.exp(-value))


def decide(confidence: float, lead: float, thresholds: Thresholds) -> tuple[str, str]:
    """Return the decision and, when handing over, the reason: too_close or low_confidence."""
    if confidence >= thresholds.draft:
        return DRAFT, ""
    if confidence >= thresholds.suggest:
        return SUGGEST, ""
    return HAND_OVER, "too_close" if lead < thresholds.close else "low_confidence"
