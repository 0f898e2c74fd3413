"""Documents read for a question: which of their windows may answer it, and the features of those."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from responder.corpus import LONGEST_QUOTE
from responder.scoring import closeness
from responder.terms import Ints
from responder.windows import Bools, Coverage, Floats, Prepared, Query, Stack, cover, stack

WINDOW_FEATURES = (
    "covered",
    "covered_nearby",
    "covered_alike",
    "covered_with_head",
    "best_passage",
    "first_passage",
    "last_passage",
    "repeated",
    "rarest",
    "kind_shown",
    "position",
    "early",
    "short_first_passage",
    "short_first_is_best",
    "short_kind_shown",
    "words",
    "names",
    "square_with_head",
    "room",
    "best_short",
    "aligned_cut",
    "aligned_whole",
)
_SAME = 1e-9
HEADING = 30  # characters of a passage that is a heading more often than an answer
_AT_ONCE = 2_000  # passages


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read for a question: its best windows, their features (windows x WINDOW_FEATURES), which of the
    question's codes the document holds anywhere, and which stand in its head.
    """

    prepared: Prepared
    bm25: float
    windows: Ints
    features: Floats
    held: Floats
    head: Floats


@dataclass(frozen=True, slots=True)
class ToRead:
    """A document to be read (it has a passage), its share of the best BM25 score there could be, and how many windows to keep."""

    prepared: Prepared
    bm25: float
    keep: int


def _best_inside(passage: Floats, last: Ints) -> Floats:
    """The largest value of each window's passages."""
    borders = np.empty(2 * len(last), np.intp)
    borders[::2], borders[1::2] = np.arange(len(last)), last + 1
    largest: Floats = np.maximum.reduceat(np.concatenate([passage, [0.0]]), borders)[::2]
    return largest


def _kind_shown(query: Query, stacked: Stack, columns: Sequence[str]) -> Floats:
    """Whether the wanted kind of answer shows in each window, 1 or 0."""
    kind = query.asked.kind
    if kind is None or kind.name not in columns:
        return np.zeros(len(stacked))
    sums = [document.shown(columns.index(kind.name)) for document in stacked.documents]
    counts = np.concatenate([each[document.last + 1] - each[:-1] for each, document in zip(sums, stacked.documents, strict=True)])
    return (counts > 0).astype(np.float64)


def _exact_features(query: Query, stacked: Stack, found: Coverage, promise: "Promise", windows: Ints) -> Floats:
    """Features of some windows that need no alignment, in the order of WINDOW_FEATURES."""
    weights, document, passage = query.weights, stacked.document_of[windows], found.passage[windows]
    inside, best, shown = found.inside[windows], promise.best[windows], promise.shown[windows]
    around = inside | found.head[document]
    with_head = around @ weights
    short = float(query.asked.kind is not None and query.asked.kind.short)
    place, size = windows - stacked.begins[document], np.bincount(stacked.document_of)[document]
    columns = (
        promise.covered[windows],
        promise.nearby[windows],
        inside @ weights,
        with_head,
        best,
        passage,
        found.passage[stacked.last[windows]],
        np.log1p(found.hits[windows]) @ weights,
        (inside * weights).max(axis=1) / weights.max(),
        shown,
        place / size,
        (place <= 1).astype(np.float64),
        short * passage,
        short * (passage >= best - _SAME),
        short * shown,
        *_words(query, around),
        with_head**2,
        *_best_place(stacked, found.passage, best, windows),
    )
    return np.array(columns).T


def _words(query: Query, around: Bools) -> tuple[Floats, Floats]:
    """The share of the question's words that each window or the head holds whole (0 when it has none), and of its names
    (1 when it names nothing).
    """
    words, nothing = query.words, np.zeros(len(around))
    if not len(words.weights):
        return nothing, nothing + 1
    held, names = words.held(around), words.weights * words.names
    return held @ words.weights / words.weights.sum(), held @ names / names.sum() if names.any() else nothing + 1


def _best_place(stacked: Stack, passage: Floats, best: Floats, windows: Ints) -> tuple[Floats, Floats]:
    """How much of a quotation is left behind each window's best passage (an answer follows its heading), and the best
    passage's coverage where it is as short as a heading.
    """
    last = stacked.last[windows]
    at = windows.copy()
    for step in range(int((last - windows).max(initial=0)), -1, -1):
        place = np.minimum(windows + step, last)
        at = np.where(passage[place] >= best - _SAME, place, at)
    begins, finishes = (np.concatenate(values) for values in zip(*((d.begins, d.finishes) for d in stacked.documents), strict=True))
    room = (finishes[last] - finishes[at]) / LONGEST_QUOTE
    return room, best * (finishes[at] - begins[at] < HEADING)


@dataclass(frozen=True, slots=True)
class Promise:
    """Of every window what its first order goes by: terms covered, also nearby, its best passage, whether the kind of answer shows."""

    covered: Floats
    nearby: Floats
    best: Floats
    shown: Floats

    def first(self, stacked: Stack, keep: Sequence[int]) -> list[Ints]:
        """The most promising windows of each document, best first; any sensible order keeps the right one."""
        rough = self.covered + 0.5 * self.nearby + 0.3 * self.best + 0.1 * self.shown
        begins = stacked.begins.tolist()
        parts = zip(begins, [*begins[1:], len(stacked)], keep, strict=True)
        return [(np.argsort(-rough[begin:end], kind="stable")[:most] + begin).astype(np.int32) for begin, end, most in parts]


def _promise(query: Query, stacked: Stack, found: Coverage, shown: Floats) -> Promise:
    """Look at every window."""
    weights = query.weights
    return Promise(found.literal @ weights, found.nearby @ weights, _best_inside(found.passage, stacked.last), shown)


def read(query: Query, wanted: Sequence[ToRead], kinds: Sequence[str]) -> list[Reading]:
    """Read documents for a question, keeping the features of the most promising windows of each."""
    readings: list[Reading] = []
    for group in _groups(wanted):
        readings += _read(query, group, kinds)
    return readings


def _groups(wanted: Sequence[ToRead]) -> Iterator[list[ToRead]]:
    """Documents that are read at once: as many as have few passages together, because memory grows with those."""
    group: list[ToRead] = []
    size = 0
    for each in wanted:
        if group and size + len(each.prepared) > _AT_ONCE:
            yield group
            group, size = [], 0
        group.append(each)
        size += len(each.prepared)
    if group:
        yield group


def _read(query: Query, wanted: Sequence[ToRead], kinds: Sequence[str]) -> list[Reading]:
    """Read a few documents at once: what is small is quicker in one array than in ten."""
    stacked = stack([each.prepared for each in wanted])
    found = cover(query, stacked)
    promise = _promise(query, stacked, found, _kind_shown(query, stacked, kinds))
    chosen = promise.first(stacked, [each.keep for each in wanted])
    windows = [places - begin for places, begin in zip(chosen, stacked.begins, strict=True)]
    aligned = closeness((query.asked.cut, query.asked.text), [text for each, own in zip(wanted, windows, strict=True) for text in each.prepared.texts(own)])
    features = np.hstack([_exact_features(query, stacked, found, promise, np.concatenate(chosen)), aligned.T])
    ends = np.cumsum([len(own) for own in windows])[:-1]
    held = np.logical_or.reduceat(found.inside, stacked.begins, axis=0) | found.head
    rows = zip(wanted, windows, np.split(features, ends), held.astype(np.float64), found.head.astype(np.float64), strict=True)
    return [Reading(each.prepared, each.bm25, *row) for each, *row in rows]
