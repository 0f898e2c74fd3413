"""An inverted index that finds the documents worth reading: BM25 over terms, changed document by document.

What changes is in memory, as sorted C arrays per term; below it there may be an archive on disk whose documents are
buried when they change. Whatever its history, an index answers exactly like one built anew of the same documents, so that
two processes never disagree. One lock guards everything.
"""

import math
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from responder.archive import MOST_REPETITIONS, Archive, record_id
from responder.pruning import Singles, best_slots, norms
from responder.terms import Codes, Ints

Floats = npt.NDArray[np.float64]


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
        self.counts = array("B")

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
    """Documents by their terms. Every method may be called from any thread; what reads an archive may raise Damaged."""

    def __init__(self, k1: float = 1.2, b: float = 0.75, background: int = 0, archive: Archive | None = None) -> None:
        self._k1, self._b, self._background = k1, b, background
        self._lock = Lock()
        self._postings: dict[int, _Postings] = {}
        self._slot_of: dict[str, int] = {}
        self._ids: list[str] = []
        self._lengths = array("I")
        self._free: list[int] = []
        self._archive = archive
        self._buried: set[int] = set()
        self._lost: dict[int, int] = {}
        self._total = archive.total if archive else 0
        self._norm: tuple[float, Singles] | None = None

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._slot_of) + (len(self._archive) - len(self._buried) if self._archive else 0)

    @property
    def buried(self) -> Ints:
        """Slots of the archive whose documents are gone or were replaced, rising."""
        with self._lock:
            return np.array(sorted(self._buried), np.int32)

    def archived(self, document_id: str) -> int:
        """The slot of a document that lives in the archive, else -1."""
        slot = self._archive.slot_of(document_id) if self._archive else -1
        return -1 if slot in self._buried else slot

    def put(self, document_id: str, codes: Codes) -> None:
        """Add a document's codes (with repetitions, any order); a known id is a KeyError: remove it first."""
        distinct, counts = np.unique(codes, return_counts=True)
        known = self.archived(document_id) >= 0
        with self._lock:
            if known or document_id in self._slot_of:
                raise KeyError(document_id)
            slot = self._take_slot(document_id, len(codes))
            for code, count in zip(distinct.tolist(), np.minimum(counts, MOST_REPETITIONS).tolist(), strict=True):
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
        archived = self.archived(document_id)
        with self._lock:
            if archived >= 0:
                self._bury(archived, codes)
                return
            slot = self._slot_of.pop(document_id)
            for code in np.unique(codes).tolist():
                posting = self._postings[code]
                posting.drop(slot)
                if not posting.slots:
                    del self._postings[code]
            self._total -= self._lengths[slot]
            self._free.append(slot)

    def _bury(self, slot: int, codes: Codes) -> None:
        """Leave a document of the archive out from now on."""
        self._buried.add(slot)
        self._total -= len(codes)
        for code in np.unique(codes).tolist():
            self._lost[code] = self._lost.get(code, 0) + 1

    def idf(self, codes: Codes) -> Floats:
        """Tell how rare each code is (nats); a code that no document has is the rarest of all."""
        with self._lock:
            archived = self._archive.frequencies(codes).tolist() if self._archive else [0] * len(codes)
            size = len(self) + self._background
            rarities = [self._rarity(code, size, below) for code, below in zip(codes.tolist(), archived, strict=True)]
        return np.array(rarities, dtype=np.float64)

    def _rarity(self, code: int, size: int, archived: int) -> float:
        posting = self._postings.get(code)
        frequency = (len(posting.slots) if posting else 0) + archived - self._lost.get(code, 0)
        return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))

    def search(self, codes: Codes, weights: Floats, limit: int) -> list[Found]:
        """Find the best documents for distinct codes that count with the given weights, best first; ties by id."""
        with self._lock:
            average = max(1.0, self._total / max(1, len(self)))
            scores = self._scores(codes, weights, average)
            found = [Found(self._ids[slot], float(scores[slot])) for slot in _best(scores, limit)]
            archive, buried = self._archive, np.array(list(self._buried), np.int32)
            if archive is not None and (self._norm is None or self._norm[0] != average):
                self._norm = (average, norms(archive, average))
            norm = self._norm
        if archive is not None and norm is not None:
            slots, exact = best_slots(archive, codes, weights, norm[1], buried, average, limit)
            found += [Found(record_id(archive.record(slot)), score) for slot, score in zip(slots.tolist(), exact.tolist(), strict=True)]
        return sorted(found, key=lambda hit: (-hit.score, hit.document_id))[:limit]

    def score(self, document: Codes, codes: Codes, weights: Floats) -> float:
        """The score of a document, given its codes, for distinct codes with weights."""
        average = max(1.0, self._total / max(1, len(self)))
        distinct, counts = np.unique(document, return_counts=True)
        _, own, asked = np.intersect1d(distinct, codes, assume_unique=True, return_indices=True)
        frequencies = np.minimum(counts[own], MOST_REPETITIONS)
        norm = self._k1 * (1 - self._b + self._b * len(document) / average)
        return float((weights[asked] * frequencies * (self._k1 + 1) / (frequencies + norm)).sum())

    def _scores(self, codes: Codes, weights: Floats, average: float) -> Floats:
        """Score every slot in memory."""
        scores = np.zeros(len(self._ids))
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
