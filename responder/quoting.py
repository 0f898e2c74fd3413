"""Quotations of what answers a question, with the words that question and quotation share."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from responder.corpus import LONGEST_QUOTE
from responder.evidence import HEADING, Reading
from responder.terms import TERM_LENGTH
from responder.text import Folded
from responder.windows import Floats, Prepared, Query

_OVERLAP = 0.5
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


def quotations(query: Query, question: Folded, reading: Reading, scores: Floats, limit: int) -> tuple[Evidence, ...]:
    """Quote the best windows that do not overlap by half, best first; behind a first one that ends in a heading comes what stands under that."""
    prepared = reading.prepared
    places = query.hits([prepared.terms.codes])[2]
    said = sorted(zip(prepared.terms.starts[places].tolist(), prepared.terms.codes[places].tolist(), strict=True))
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
    heading = len(passage) < HEADING or not passage.endswith(_SENTENCE_ENDS)
    return last if heading and last > window and prepared.last[last] > last else None


def _quotation(query: Query, question: Folded, prepared: Prepared, said: list[tuple[int, int]], begin: int, finish: int, score: float) -> Evidence:
    """Make one quotation with its marks on both sides; said are places and codes of the document's terms that the question has."""
    first, end = _folded_range(prepared, begin, finish)
    here = said[bisect_left(said, (first,)) : bisect_left(said, (end,))]
    spans = [prepared.folded.span(place, place + TERM_LENGTH) for place, _ in here]
    marks = [(a - begin, b - begin) for a, b in spans if begin <= a and b <= finish]
    codes, terms = {code for _, code in here}, query.asked.terms
    asked = [(p, p + TERM_LENGTH) for p, code in zip(terms.starts.tolist(), terms.codes.tolist(), strict=True) if code in codes]
    quote = prepared.document.text[begin:finish]
    return Evidence(
        quote=quote,
        start=begin,
        end=finish,
        marks=whole_numbers(quote, _joined(marks)),
        question_marks=tuple(question.span(a, b) for a, b in whole_numbers(question.text, _joined(asked))),
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
