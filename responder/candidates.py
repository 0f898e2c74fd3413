"""An inverted index in memory that finds the documents worth reading: BM25 over terms, changed document by document.

Postings are sorted C arrays per term. Whatever its history, an index answers exactly like one built anew of the same
documents, so that two processes never disagree. One lock guards everything; a reader holds it for under a millisecond.
"""

import math
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from responder.terms import Codes

Floats = npt.NDArray[np.float64]

_MOST_REPETITIONS = 65_535


@dataclass(frozen=True, slots=True)
class Found:
    """A document that shares terms with a question, and its BM25 score over all of them."""

    document_id: str
    score: float


class _Postings:
    """Slots (rising) and frequencies of one term."""

    __slots__ = ("counts", "slots")

    def __init__(self) -> None:
        self.slots = array("i")
        self.counts = array("H")

    def add(self, slot: int, count: int) -> None:
        """Take a slot in; it must not be there yet."""
        place = len(self.slots) if not self.slots or slot > self.slots[-1] else bisect_left(self.slots, slot)
        self.slots.insert(place, slot)
        self.counts.insert(place, count)

    def drop(self, slot: int) -> None:
        """Leave a slot out; it must be there."""
        place = bisect_left(self.slots, slot)
        del self.slots[place]
        del self.counts[place]


class Candidates:
    """Documents by their terms. Every method may be called from any thread."""

    def __init__(self, k1: float = 1.2, b: float = 0.75, background: int = 0) -> None:
        self._k1, self._b, self._background = k1, b, background
        self._lock = Lock()
        self._postings: dict[int, _Postings] = {}
        self._slot_of: dict[str, int] = {}
        self._ids: list[str] = []
        self._lengths = array("I")
        self._free: list[int] = []
        self._total = 0

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._slot_of)

    def put(self, document_id: str, codes: Codes) -> None:
        """Add a document's codes (with repetitions, any order); a known id is a KeyError: remove it first."""
        distinct, counts = np.unique(codes, return_counts=True)
        with self._lock:
            if document_id in self._slot_of:
                raise KeyError(document_id)
            slot = self._take_slot(document_id, len(codes))
            for code, count in zip(distinct.tolist(), np.minimum(counts, _MOST_REPETITIONS).tolist(), strict=True):
                posting = self._postings.get(code)
                if posting is None:
                    posting = self._postings[code] = _Postings()
                posting.add(slot, count)

    def _take_slot(self, document_id: str, length: int) -> int:
        """Give a document a slot: a free one, or a new one at the end."""
        if self._free:
            slot = self._free.pop()
            self._ids[slot], self._lengths[slot] = document_id, length
        else:
            slot = len(self._ids)
            self._ids.append(document_id)
            self._lengths.append(length)
        self._slot_of[document_id] = slot
        self._total += length
        return slot

    def remove(self, document_id: str, codes: Codes) -> None:
        """Forget a document, given the codes with which it was put; an unknown id is a KeyError."""
        with self._lock:
            slot = self._slot_of.pop(document_id)
            for code in np.unique(codes).tolist():
                posting = self._postings[code]
                posting.drop(slot)
                if not posting.slots:
                    del self._postings[code]
            self._total -= self._lengths[slot]
            self._free.append(slot)

    def idf(self, codes: Codes) -> Floats:
        """Tell how rare each code is (nats); a code that no document has is the rarest of all."""
        with self._lock:
            return np.array([self._rarity(code) for code in codes.tolist()], dtype=np.float64)

    def _rarity(self, code: int) -> float:
        posting = self._postings.get(code)
        frequency = len(posting.slots) if posting else 0
        return math.log(1 + (len(self._slot_of) + self._background - frequency + 0.5) / (frequency + 0.5))

    def search(self, codes: Codes, weights: Floats, limit: int) -> list[Found]:
        """Find the best documents for distinct codes that count with the given weights, best first; ties by id."""
        with self._lock:
            scores = self._scores(codes, weights)
            found = [Found(self._ids[slot], float(scores[slot])) for slot in _best(scores, limit)]
        return sorted(found, key=lambda hit: (-hit.score, hit.document_id))[:limit]

    def _scores(self, codes: Codes, weights: Floats) -> Floats:
        """Score every slot."""
        scores = np.zeros(len(self._ids))
        average = max(1.0, self._total / max(1, len(self._slot_of)))
        norm = self._k1 * (1 - self._b + self._b * np.array(self._lengths, dtype=np.float64) / average)
        for code, weight in zip(codes.tolist(), weights.tolist(), strict=True):
            posting = self._postings.get(code)
            if posting is not None:
                slots = np.array(posting.slots, dtype=np.int32)
                counts = np.array(posting.counts, dtype=np.float64)
                scores[slots] += weight * counts * (self._k1 + 1) / (counts + norm[slots])
        return scores


def _best(scores: Floats, limit: int) -> list[int]:
    """Slots that score above zero and not below the limit-th best, in no order."""
    least = np.partition(scores, len(scores) - limit)[len(scores) - limit] if limit < len(scores) else 0.0
    best: list[int] = np.flatnonzero((scores >= least) & (scores > 0)).tolist()
    return best
