"""Figures that say how good matches are, by the definitions under which matchers are compared.

recall@k: the wanted document is among the first k. answer_bearing@1: the first one is it or holds the answer (of at least
four characters). evidence@k: the answer (its first 40 characters) stands in one of the first k quotations of the first one.
auroc: how well confidence tells answerable from unanswerable. coverage@95: the largest share of answerable questions answered
rightly at a threshold where 95 % of all answers are right. answered_known, abstain_wrong: answerable and unanswerable
questions that get an answer (a draft). ece: expected calibration error of confidence, ten bins of equal size.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from responder.confidence import DRAFT
from responder.matching import Match

_BINS = 10
_PRECISION = 0.95
_ANSWER_HEAD, _SHORTEST_ANSWER = 40, 4
_CUTOFFS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question: whether it has an answer, the place of the wanted document (0: not listed), whether the first
    document bears the answer, which of its quotations holds it first (0: none), the confidence, whether it was answered.
    """

    known: bool
    place: int
    bearing: bool
    quoted: int
    confidence: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """A tenth of the questions by confidence: their mean confidence and the share that was right."""

    confidence: float
    right: float
    count: int


def bare(text: str) -> str:
    """Letters and digits in lower case; decimal points and percent signs of numbers stay, as words."""
    text = re.sub(r"(?<=\d)[.．](?=\d)", "点", text.lower().replace("後", "后"))
    return re.sub(r"[\W_]+", "", re.sub(r"(?<=\d)\s*[%％]", "百分号", text))


def judge(match: Match, wanted: Sequence[str], answer: str, texts: Mapping[str, str]) -> Outcome:
    """Compare a match with the wanted documents (none: unanswerable) and the answer; texts are bare, by id."""
    ids = [candidate.document_id for candidate in match.candidates]
    said = bare(answer)
    place = next((number for number, key in enumerate(ids, 1) if key in wanted), 0)
    bearing = bool(wanted) and bool(ids) and (place == 1 or (len(said) >= _SHORTEST_ANSWER and said in texts.get(ids[0], "")))
    quotes = [bare(piece.quote) for piece in match.candidates[0].evidence] if ids else []
    quoted = next((number for number, quote in enumerate(quotes, 1) if said and said[:_ANSWER_HEAD] in quote), 0)
    return Outcome(bool(wanted), place, bearing, quoted, match.confidence, match.decision == DRAFT)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """All figures of the module's head; shares are 0 where there is nothing to count."""
    known = [outcome for outcome in outcomes if outcome.known]
    confidence = np.array([outcome.confidence for outcome in outcomes])
    right = np.array([outcome.bearing for outcome in outcomes], dtype=bool)
    return {
        "questions": float(len(known)),
        "unanswerable": float(len(outcomes) - len(known)),
        **{f"recall@{k}": share([0 < outcome.place <= k for outcome in known]) for k in _CUTOFFS},
        "answer_bearing@1": share([outcome.bearing for outcome in known]),
        "evidence@1": share([outcome.quoted == 1 for outcome in known]),
        "evidence@3": share([0 < outcome.quoted <= 3 for outcome in known]),
        "auroc": auroc(confidence, np.array([outcome.known for outcome in outcomes], dtype=bool)),
        "coverage@95": coverage(confidence, right, len(known)),
        "answered_known": share([outcome.answered for outcome in known]),
        "abstain_wrong": share([outcome.answered for outcome in outcomes if not outcome.known]),
        "ece": calibration_error(confidence, right),
    }


def share(values: Sequence[bool]) -> float:
    """Share of true values, 0 when there are none."""
    return sum(values) / len(values) if values else 0.0


def auroc(scores: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float:
    """Probability that a positive scores above a negative, ties counting half; 0.5 when one side is empty."""
    above, below = scores[positive], np.sort(scores[~positive])
    if not len(above) or not len(below):
        return 0.5
    lower = np.searchsorted(below, above, side="left") + np.searchsorted(below, above, side="right")
    return float(lower.mean() / 2 / len(below))


def coverage(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], known: int, precision: float = _PRECISION) -> float:
    """The largest share of the known that is answered rightly at a threshold of that precision."""
    order = np.argsort(-confidence, kind="stable")
    ranked, hits = confidence[order], np.cumsum(right[order])
    is_border = np.append(ranked[1:] != ranked[:-1], True) if len(ranked) else np.empty(0, dtype=bool)
    good = is_border & (hits >= precision * np.arange(1, len(ranked) + 1))
    return float(hits[good].max()) / known if known and good.any() else 0.0


def calibration(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> list[Bin]:
    """Ten bins of equal size, the least sure first; empty ones are left out."""
    order = np.argsort(confidence, kind="stable")
    borders = [len(order) * number // _BINS for number in range(1, _BINS)]
    parts = zip(np.split(confidence[order], borders), np.split(right[order], borders), strict=True)
    return [Bin(float(sure.mean()), float(ok.mean()), len(sure)) for sure, ok in parts if len(sure)]


def calibration_error(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error in ten bins of equal size."""
    return sum(abs(part.confidence - part.right) * part.count for part in calibration(confidence, right)) / max(1, len(confidence))
