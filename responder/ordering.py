"""The order of the documents that were read for a question: their features and scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from responder.evidence import WINDOW_FEATURES, Reading
from responder.windows import Floats, Query

_BEST_OF_WINDOWS = (
    "covered_with_head",
    "covered_nearby",
    "best_passage",
    "covered_alike",
    "repeated",
    "aligned_cut",
    "aligned_whole",
    "rarest",
    "words",
)
# What is known of a document that was read.
READING_FEATURES = (
    "bm25",
    "bm25_to_best",
    "held",
    "held_in_head",
    *_BEST_OF_WINDOWS,
    "missing_most",
    "missing_three",
    "region_named",
    "region_missing",
    "region_in_head",
    "other_region_in_head",
    "window",
    "opening",
    "missing_run",
)
# What the order goes by. A window's score is made of the rest; the others say more about confidence than about order.
_NOT_FOR_ORDER = ("held", "repeated", "words", "missing_most", "region_in_head", "window")
ORDER_FEATURES = tuple(name for name in READING_FEATURES if name not in _NOT_FOR_ORDER)
ORDER_COLUMNS = [READING_FEATURES.index(name) for name in ORDER_FEATURES]
_COLUMNS = [WINDOW_FEATURES.index(name) for name in _BEST_OF_WINDOWS]
_MISSING = 3
# Scores that differ by less are equal: copies of one document differ by rounding alone.
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Ordered:
    """Readings best first, with their rows of READING_FEATURES, their scores and the scores of their windows."""

    readings: tuple[Reading, ...]
    rows: Floats
    scores: Floats
    window_scores: tuple[Floats, ...]


def reading_rows(query: Query, readings: Sequence[Reading], window_scores: Sequence[Floats]) -> Floats:
    """Features of the readings (readings x READING_FEATURES), which came sorted by BM25."""
    if not readings:
        return np.empty((0, len(READING_FEATURES)))
    bm25 = np.array([reading.bm25 for reading in readings])
    missing = query.weights * (1 - np.array([reading.held for reading in readings]))
    most = np.sort(missing)[:, ::-1]
    best = [int(scores.argmax()) for scores in window_scores]
    columns = (
        bm25,
        bm25 / (bm25.max() or 1.0),
        1 - missing.sum(axis=1),
        np.array([reading.head for reading in readings]) @ query.weights,
        *np.array([reading.features.max(axis=0)[_COLUMNS] for reading in readings]).T,
        most[:, 0],
        most[:, :_MISSING].sum(axis=1),
        *np.array([_regions(query, reading) for reading in readings]).T,
        np.array([scores[row] for scores, row in zip(window_scores, best, strict=True)]),
        np.array([reading.windows[row] == 0 for reading, row in zip(readings, best, strict=True)]),
        np.array([_missing_run(query, shares) for shares in missing.tolist()]),
    )
    return np.array(columns).T


def _missing_run(query: Query, missing: Sequence[float]) -> float:
    """The longest piece of the question that the document does not hold, as a share of the question: a name, often."""
    longest = run = 0.0
    for row, goes_on in query.line:
        run = (run if goes_on else 0.0) + missing[row] if missing[row] else 0.0
        longest = max(longest, run)
    return longest


def _regions(query: Query, reading: Reading) -> tuple[float, float, float, float]:
    """How the places that the question names agree with the document: named, missing, in its head, another in its head."""
    asked = query.asked.regions
    if not asked:
        return 0.0, 0.0, 0.0, 0.0
    document = reading.prepared
    named = sum(region in document.regions for region in asked) / len(asked)
    in_head = sum(region in document.head_regions for region in asked) / len(asked)
    other = not in_head and bool(document.head_regions.difference(asked))
    return named, float(not named), in_head, float(other)


def order(query: Query, readings: Sequence[Reading], window_weights: Floats, order_weights: Floats) -> Ordered:
    """Sort readings, best first; of equals the newer document first."""
    window_scores = [reading.features @ window_weights for reading in readings]
    rows = reading_rows(query, readings, window_scores)
    scores = np.round(rows[:, ORDER_COLUMNS] @ order_weights, _DIGITS)
    place = sorted(range(len(readings)), key=lambda i: (-float(scores[i]), -_issued(readings[i]), i))
    return Ordered(
        readings=tuple(readings[i] for i in place),
        rows=rows[place],
        scores=scores[place],
        window_scores=tuple(window_scores[i] for i in place),
    )


def in_force(ordered: Ordered) -> Ordered:
    """Leave the documents out that are not in force."""
    return _picked(ordered, [i for i, reading in enumerate(ordered.readings) if reading.prepared.document.in_force])


def named_first(ordered: Ordered, named: Sequence[str]) -> Ordered:
    """Put the documents first that the question names, in their order."""
    if not named:
        return ordered
    return _picked(ordered, sorted(range(len(ordered.readings)), key=lambda i: ordered.readings[i].prepared.document.id not in named))


def _picked(ordered: Ordered, kept: list[int]) -> Ordered:
    """The readings of some places, in this order."""
    if kept == list(range(len(ordered.readings))):
        return ordered
    return Ordered(
        readings=tuple(ordered.readings[i] for i in kept),
        rows=ordered.rows[kept],
        scores=ordered.scores[kept],
        window_scores=tuple(ordered.window_scores[i] for i in kept),
    )


def _issued(reading: Reading) -> int:
    """The day of issue as a number, 0 when unknown."""
    issued = reading.prepared.document.issued
    return issued.toordinal() if issued else 0
