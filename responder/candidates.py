"""An inverted index in memory that finds the documents worth reading: BM25 over terms, changed document by document.

Postings are growing C arrays per term; a removed document leaves a dead slot until a quarter of all slots are dead,
then the dead ones are dropped. One lock guards everything, held for well under a millisecond by a reader.
"""

import math
from array import array
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from responder.terms import Codes

Floats = npt.NDArray[np.float64]

_COMPACT_ABOVE = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """A document that shares terms with a question, and its BM25 score over all of them."""

    document_id: str
    score: float


class _Postings:
    """Slots and frequencies of one term, in the order in which documents came."""

    __slots__ = ("counts", "slots")

    def __init__(self) -> None:
        self.slots = array("i")
        self.counts = array("H")


class Candidates:
    """Documents by their terms. `put` replaces; every method may be called from any thread."""

    def __init__(self, k1: float = 1.2, b: float = 0.75, background: int = 0) -> None:
        self._k1, self._b, self._background = k1, b, background
        self._lock = Lock()
        self._clear()

    def _clear(self) -> None:
        self._postings: dict[int, _Postings] = {}
        self._slot_of: dict[str, int] = {}
        self._ids: list[str | None] = []
        self._lengths = array("f")
        self._total = 0.0

    def __len__(self) -> int:
        return len(self._slot_of)

    def put(self, document_id: str, codes: Codes) -> None:
        """Add a document's codes (with repetitions, any order), replacing what the id had before."""
        distinct, counts = np.unique(codes, return_counts=True)
        with self._lock:
            self._drop(document_id)
            self._add(document_id, distinct, np.minimum(counts, 65_535), float(len(codes)))

    def remove(self, document_id: str) -> None:
        """Forget a document; an unknown id is ignored."""
        with self._lock:
            self._drop(document_id)

    def _add(self, document_id: str, distinct: Codes, counts: Codes, length: float) -> None:
        slot = len(self._ids)
        self._slot_of[document_id] = slot
        self._ids.append(document_id)
        self._lengths.append(length)
        self._total += length
        postings = self._postings
        for code, count in zip(distinct.tolist(), counts.tolist(), strict=True):
            posting = postings.get(code)
            if posting is None:
                posting = postings[code] = _Postings()
            posting.slots.append(slot)
            posting.counts.append(count)

    def _drop(self, document_id: str) -> None:
        slot = self._slot_of.pop(document_id, None)
        if slot is None:
            return
        self._ids[slot] = None
        self._total -= self._lengths[slot]
        self._lengths[slot] = 0.0
        dead = len(self._ids) - len(self._slot_of)
        if dead > _COMPACT_ABOVE and dead * 4 > len(self._ids):
            self._compact()

    def _compact(self) -> None:
        """Write the live documents anew; frequencies are read back from the postings."""
        counts: list[list[int]] = [[] for _ in self._ids]
        codes: list[list[int]] = [[] for _ in self._ids]
        for code, posting in self._postings.items():
            for slot, count in zip(posting.slots, posting.counts, strict=True):
                codes[slot].append(code)
                counts[slot].append(count)
        live = [(id_, slot, self._lengths[slot]) for id_, slot in self._slot_of.items()]
        self._clear()
        for id_, slot, length in live:
            self._add(id_, np.array(codes[slot], np.int64), np.array(counts[slot], np.int64), length)

    def idf(self, codes: Codes) -> Floats:
        """Tell how rare each code is (nats); a code that no document has is the rarest of all."""
        with self._lock:
            total = len(self._slot_of)
            return np.array([self._rarity(code, total) for code in codes.tolist()], dtype=np.float64)

    def _rarity(self, code: int, total: int) -> float:
        posting = self._postings.get(code)
        frequency = min(len(posting.slots), total) if posting else 0
        return math.log(1 + (total + self._background - frequency + 0.5) / (frequency + 0.5))

    def search(self, codes: Codes, weights: Floats, limit: int) -> list[Found]:
        """Find the best documents for codes that count with the given weights, best first; ties by order of coming."""
        with self._lock:
            scores = self._scores(codes, weights)
            ids = self._ids
            found = [(ids[slot], float(scores[slot])) for slot in _best(scores, limit) if scores[slot] > 0]
        return [Found(id_, score) for id_, score in found if id_ is not None]

    def _scores(self, codes: Codes, weights: Floats) -> Floats:
        """Score every slot; dead slots get zero."""
        size = len(self._ids)
        scores = np.zeros(size)
        if not self._slot_of:
            return scores
        lengths = np.array(self._lengths, dtype=np.float64)
        average = max(1.0, self._total / len(self._slot_of))
        norm = self._k1 * (1 - self._b + self._b * lengths / average)
        for code, weight in zip(codes.tolist(), weights.tolist(), strict=True):
            posting = self._postings.get(code)
            if posting is not None:
                slots = np.array(posting.slots, dtype=np.int32)
                counts = np.array(posting.counts, dtype=np.float64)
                scores[slots] += weight * counts * (self._k1 + 1) / (counts + norm[slots])
        scores[lengths == 0.0] = 0.0
        return scores


def _best(scores: Floats, limit: int) -> list[int]:
    """Slots of the best scores, best first, the earlier slot first among equals."""
    if limit < len(scores):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        slots = np.flatnonzero(scores >= least)
    else:
        slots = np.arange(len(scores))
    best: list[int] = slots[np.argsort(-scores[slots], kind="stable")][:limit].tolist()
    return best
