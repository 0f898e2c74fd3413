"""BM25 over an archive without scoring every document: rare terms first, common ones only where they still matter (MaxScore).

What is left out cannot be among the best, because each term's largest possible contribution is stored with it. The scores
of what is left in are then computed exactly, term by term in the order of the question, as an index in memory does.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from responder.archive import Archive
from responder.terms import Codes, Ints

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
_List = tuple[Ints, npt.NDArray[np.uint8]]
_Lists = Sequence[_List]
# From so many postings on, as many documents are scored fully to see how good the best are.
_SAMPLE, _FEW = 1_000, 200
# Bounds for questions that have only common words in a very large collection: when so many postings were met, the best so
# far are gone on with. Below, nothing is ever missed.
MOST_POSTINGS, MOST_FOUND = 400_000, 5_000
_LEAST = 1e-9
# Sums of floats of single precision may differ by this share from exact ones.
_SLACK = 1e-4


def norms(archive: Archive, average: float) -> Singles:
    """What stands beside the frequency in BM25's denominator, for every slot."""
    norm: Singles = (archive.k1 * (1 - archive.b + archive.b * archive.lengths / average)).astype(np.float32)
    return norm


def best_slots(archive: Archive, codes: Codes, weights: Floats, norm: Singles, buried: Ints, average: float, limit: int) -> tuple[Ints, Floats]:
    """The slots with the best scores (not fewer than `limit`, if so many share a term; in no order), and their exact scores."""
    rows = archive.rows(codes)
    present = rows >= 0
    rows, weights = rows[present], weights[present]
    if not len(rows):
        return np.empty(0, np.int32), np.empty(0)
    bounds = weights * archive.peaks[rows] * max(1.0, average / archive.average) * (1 + _SLACK)
    lists = [archive.postings(row) for row in rows.tolist()]
    found = _contenders(archive, lists, weights, bounds, norm, buried, limit)
    scores = _exact(archive, lists, weights, found, average)
    if len(scores) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        found, scores = found[scores >= least], scores[scores >= least]
    return found, scores


def _contenders(archive: Archive, lists: _Lists, weights: Floats, bounds: Floats, norm: Singles, buried: Ints, limit: int) -> Ints:
    """Slots that may be among the best, rising."""
    order = np.argsort(-bounds, kind="stable").tolist()
    rest = np.append(bounds[order][::-1].cumsum()[::-1], 0.0).tolist()
    heights = (weights * (archive.k1 + 1)).tolist()
    scores = np.zeros(len(archive), np.float32)
    scores[buried] = -np.inf
    threshold, turn, met = 0.0, 0, 0
    while turn < len(order) and rest[turn] >= threshold and (met < MOST_POSTINGS or not turn):
        slots, counts = lists[order[turn]]
        sums = scores[slots] + _share(counts, norm[slots], heights[order[turn]])
        scores[slots] = sums
        met, turn = met + len(slots), turn + 1
        if threshold == 0 and met >= _SAMPLE:
            threshold = _reached(slots, sums, [(lists[place], heights[place]) for place in order[turn:]], norm, limit)
    found = np.flatnonzero(scores >= max(threshold - rest[turn], _LEAST)).astype(np.int32)
    reached = scores[found]
    if len(found) > MOST_FOUND and turn < len(order):
        few = np.sort(np.argpartition(-reached, MOST_FOUND)[:MOST_FOUND])
        found, reached = found[few], reached[few]
    for place, left in zip(order[turn:], rest[turn + 1 :], strict=True):
        _add(found, reached, lists[place], heights[place], norm)
        threshold = max(threshold, _nth(reached, limit))
        kept = reached >= threshold - left
        found, reached = found[kept], reached[kept]
    return found


def _reached(slots: Ints, sums: Singles, later: Sequence[tuple[_List, float]], norm: Singles, limit: int) -> float:
    """What the limit-th best document surely scores: the full scores of a few that look good so far."""
    few = np.sort(np.argpartition(-sums, _FEW)[:_FEW] if len(sums) > _FEW else np.arange(len(sums)))
    found, reached = slots[few], sums[few]
    for entries, height in later:
        _add(found, reached, entries, height, norm)
    return _nth(reached, limit)


def _add(found: Ints, reached: Singles, entries: _List, height: float, norm: Singles) -> None:
    """Add what a term gives to the found slots."""
    slots, counts = entries
    places, hit = _places(slots, found)
    reached[hit] += _share(counts[places], norm[found[hit]], height)


def _share(counts: npt.NDArray[np.uint8], norm: Singles, weight: float) -> Singles:
    """What a term adds to each of its slots."""
    frequencies = counts.astype(np.float32)
    return frequencies / (frequencies + norm) * np.float32(weight)


def _nth(scores: Singles, limit: int) -> float:
    """A little less than the limit-th best score; 0 when there are fewer."""
    if len(scores) < limit:
        return 0.0
    return max(0.0, float(np.partition(scores, len(scores) - limit)[len(scores) - limit])) * (1 - _SLACK)


def _places(slots: Ints, found: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Places of a list's slots that are among the found ones, and which of the found ones these are."""
    places = np.minimum(slots.searchsorted(found), len(slots) - 1)
    hit = slots[places] == found
    return places[hit].astype(np.int32), hit


def _exact(archive: Archive, lists: _Lists, weights: Floats, found: Ints, average: float) -> Floats:
    """BM25 of the found slots, in double precision and in the order of the terms."""
    norm = archive.k1 * (1 - archive.b + archive.b * archive.lengths[found].astype(np.float64) / average)
    scores = np.zeros(len(found))
    for (slots, counts), weight in zip(lists, weights.tolist(), strict=True):
        places, hit = _places(slots, found)
        frequencies = counts[places].astype(np.float64)
        scores[hit] += weight * frequencies * (archive.k1 + 1) / (frequencies + norm[hit])
    return scores
