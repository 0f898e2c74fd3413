"""Figures that say how good matches are: recall, answer-bearing, evidence, telling known from unknown, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question: whether it has an answer, whether the first document is the wanted one, bears the answer, and
    whether the first quotation holds it; with the confidence that was given.
    """

    known: bool
    gold_first: bool
    bearing: bool
    quoted: bool
    confidence: float


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares over the answerable questions, and over all of them auroc (known against unknown) and ece."""
    known = [outcome for outcome in outcomes if outcome.known]
    confidence = np.array([outcome.confidence for outcome in outcomes])
    return {
        "recall@1": _share([outcome.gold_first for outcome in known]),
        "answer_bearing@1": _share([outcome.bearing for outcome in known]),
        "evidence@1": _share([outcome.quoted for outcome in known]),
        "auroc": auroc(confidence, np.array([outcome.known for outcome in outcomes])),
        "ece": calibration_error(confidence, np.array([outcome.bearing for outcome in outcomes])),
    }


def _share(values: Sequence[bool]) -> float:
    """Share of true values, 0 when there are none."""
    return sum(values) / len(values) if values else 0.0


def auroc(scores: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float:
    """Probability that a positive scores above a negative, ties counting half; 0.5 when one side is empty."""
    above, below = scores[positive], np.sort(scores[~positive])
    if not len(above) or not len(below):
        return 0.5
    lower = np.searchsorted(below, above, side="left") + np.searchsorted(below, above, side="right")
    return float(lower.mean() / 2 / len(below))


def calibration_error(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error in ten bins of equal size."""
    order = np.argsort(confidence, kind="stable")
    parts = zip(np.array_split(confidence[order], _BINS), np.array_split(right[order], _BINS), strict=True)
    return sum(abs(float(sure.sum()) - float(ok.sum())) for sure, ok in parts) / max(1, len(confidence))
