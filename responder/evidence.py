"""Which windows of a document answer a question: their features, their order, and the quotations made of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from responder.corpus import LONGEST_QUOTE
from responder.scoring import closeness
from responder.terms import TERM_LENGTH, Ints
from responder.text import Folded
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
_HEADING = 30  # characters of a passage that is a heading more often than an answer
_OVERLAP = 0.5
_AT_ONCE = 2_000  # passages
_SENTENCE_ENDS = ("。", "!", ";")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quotation: quote == text[start:end] of the document, at most 240 characters. marks are spans inside
    the quote that speak the question's words, question_marks the spans of those words in the question.
    """

    quote: str
    start: int
    end: int
    marks: tuple[tuple[int, int], ...]
    question_marks: tuple[tuple[int, int], ...]
    score: float


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
    return room, best * (finishes[at] - begins[at] < _HEADING)


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


def quotations(query: Query, question: Folded, reading: Reading, scores: Floats, limit: int) -> tuple[Evidence, ...]:
    """Quote the best windows that do not overlap by half, best first; behind a first one that ends in a heading comes what stands under that."""
    prepared = reading.prepared
    said = np.sort(query.hits(prepared.terms.codes)[1])
    spans: list[tuple[int, int]] = []
    chosen: list[tuple[int, float]] = []
    for row in np.argsort(-scores, kind="stable").tolist():
        window = int(reading.windows[row])
        if _apart(span := _span(prepared, window), spans):
            spans.append(span)
            chosen.append((window, float(scores[row])))
        if len(chosen) == limit:
            break
    if limit > 1 and chosen:
        window, score = chosen[0]
        below = _under_heading(prepared, window)
        if below is not None and _apart(_span(prepared, below), spans[:-1] if len(spans) == limit else spans):
            chosen = [chosen[0], (below, score), *chosen[1:]][:limit]
    return tuple(_quotation(query, question, prepared, said, *_span(prepared, window), score) for window, score in chosen)


def _span(prepared: Prepared, window: int) -> tuple[int, int]:
    """Where a window's quotation begins and ends in the original."""
    begin = int(prepared.begins[window])
    return begin, min(int(prepared.finishes[prepared.last[window]]), begin + LONGEST_QUOTE)


def _apart(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether a span shares less than half of itself with each of the others."""
    return all(min(span[1], end) - max(span[0], begin) < _OVERLAP * (span[1] - span[0]) for begin, end in others)


def _under_heading(prepared: Prepared, window: int) -> int | None:
    """The window that begins with the last passage of a window, when that is a heading and more stands under it."""
    last = int(prepared.last[window])
    passage = prepared.folded.text[prepared.starts[last] : prepared.ends[last]]
    heading = len(passage) < _HEADING or not passage.endswith(_SENTENCE_ENDS)
    return last if heading and last > window and prepared.last[last] > last else None


def _quotation(query: Query, question: Folded, prepared: Prepared, places: Ints, begin: int, finish: int, score: float) -> Evidence:
    """Make one quotation with its marks on both sides; places are those of the document's terms that the question has."""
    first, end = _folded_range(prepared, begin, finish)
    starts = prepared.terms.starts[places]
    places = places[(starts >= first) & (starts < end)]
    spans = [prepared.folded.span(place, place + TERM_LENGTH) for place in np.sort(prepared.terms.starts[places]).tolist()]
    marks = [(a - begin, b - begin) for a, b in spans if begin <= a and b <= finish]
    said = set(prepared.terms.codes[places].tolist())
    terms = query.asked.terms
    asked = [p for p, code in zip(terms.starts.tolist(), terms.codes.tolist(), strict=True) if code in said]
    return Evidence(
        quote=prepared.document.text[begin:finish],
        start=begin,
        end=finish,
        marks=whole_numbers(prepared.document.text[begin:finish], _joined(marks)),
        question_marks=tuple(question.span(a, b) for a, b in whole_numbers(question.text, _joined([(p, p + TERM_LENGTH) for p in asked]))),
        score=score,
    )


def _folded_range(prepared: Prepared, begin: int, finish: int) -> tuple[int, int]:
    """The folded characters that passages between two places of the original can hold."""
    first, last = np.searchsorted(prepared.begins, (begin, finish))
    end = int(prepared.starts[last]) if last < len(prepared) else len(prepared.folded.text)
    return int(prepared.starts[first]), end


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join spans that touch or overlap; they come in order of their start."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def whole_numbers(text: str, spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans that cut a number are shortened by its digits: two digits that agree by chance say nothing about two telephone numbers."""
    kept = []
    for first, last in spans:
        start, end = first, last
        while start < end and text[start].isdigit() and start > 0 and text[start - 1].isdigit():
            start += 1
        while end > start and text[end - 1].isdigit() and end < len(text) and text[end].isdigit():
            end -= 1
        kept.append((start, end))
    return tuple((start, end) for start, end in kept if start < end)
