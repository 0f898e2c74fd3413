"""Windows of a document (runs of passages of at most 240 characters) and what each holds of a question's terms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from responder.corpus import LONGEST_QUOTE, Document, passages
from responder.terms import TERM_LENGTH, Asked, Codes, Cutter, Ints, Kind, Terms, bigrams
from responder.text import Folded, fold, plain

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_BEFORE = 3
_OPENING = 100
_MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document cut once. Window u runs from passage u to passage last[u]; begins and finishes are places in the
    original text; terms are sorted by their codes; head are the codes of over: title, number, authority and region.
    """

    document: Document
    folded: Folded
    terms: Terms
    passage_of: Ints
    starts: Ints
    ends: Ints
    begins: Ints
    finishes: Ints
    last: Ints
    kinds: tuple[Kind, ...]
    head: Codes
    over: str
    regions: frozenset[str]
    head_regions: frozenset[str]
    counted: dict[int, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.starts)

    def texts(self, windows: Ints) -> list[str]:
        """The folded texts of some windows."""
        spans = zip(self.starts[windows].tolist(), self.ends[self.last[windows]].tolist(), strict=True)
        return [self.folded.text[start:end] for start, end in spans]

    def shown(self, kind: int) -> Ints:
        """Count, before each passage and at the end, the passages that show a kind of answer."""
        if kind not in self.counted:
            flags = np.zeros(len(self) + 1, np.int32)
            if len(self):
                places = np.array([m.start() for m in self.kinds[kind].answer.finditer(self.folded.text)], np.int32)
                flags[_passage_of(places, self.starts) + 1] = 1
            self.counted[kind] = flags.cumsum(dtype=np.int32)
        return self.counted[kind]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question as rows of its terms: word k has rows[begins[k]:begins[k + 1]]; weight is the share of a
    word's rarest term, name whether it is a name.
    """

    rows: Ints
    begins: Ints
    weights: Floats
    names: Floats

    def held(self, table: npt.NDArray[Any]) -> Floats:
        """Which words (last axis) are held whole where the terms (last axis of the table) are held."""
        held: Floats = np.minimum.reduceat(table[..., self.rows], self.begins, axis=-1).astype(np.float64)
        return held


@dataclass(frozen=True, slots=True)
class Query:
    """A question against an index: distinct codes (sorted), bounds (they, then what follows each), how rare each is (nats), its share of the whole (sum 1),
    words that may stand in place of others, each with the rows of those; the question's own words, and the rows of its
    terms in the order of the text, with whether each goes on where the one before ended.
    """

    asked: Asked
    codes: Codes
    bounds: Codes
    idf: Floats
    weights: Floats
    others: tuple[tuple[str, tuple[int, ...]], ...]
    words: Words
    line: tuple[tuple[int, bool], ...]

    def hits(self, several: Sequence[Codes]) -> tuple[Ints, Ints, Ints]:
        """Find every occurrence of the question's codes in sorted lists of codes: the row of the query, the list, the place in that."""
        width = len(self.codes)
        bounds = np.array([codes.searchsorted(self.bounds) for codes in several])
        low, counts = bounds[:, :width].ravel(), (bounds[:, width:] - bounds[:, :width]).ravel()
        places = np.arange(counts.sum()) + (low - (counts.cumsum() - counts)).repeat(counts)
        which = np.arange(len(counts), dtype=np.int32).repeat(counts)
        return which % width, which // width, places.astype(np.int32)

    def other_hits(self, text: str) -> tuple[Ints, Ints]:
        """The same for words in place of the question's own: rows, and places in a folded text."""
        found = [(row, place) for word, rows in self.others for place in _places(word, text) for row in rows]
        table = np.array(found, dtype=np.int32).reshape(-1, 2)
        return table[:, 0], table[:, 1]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What windows hold of a query: (windows x query rows) but passage, a share per passage, and head (documents x query rows).
    Synonyms count like the words themselves, but in literal; nearby also counts the passages just before the window,
    hits counts repetitions.
    """

    inside: Bools
    nearby: Bools
    literal: Bools
    hits: Floats
    passage: Floats
    head: Bools


def _places(word: str, text: str) -> Iterator[int]:
    """Where a word stands in a text, at most so often that it no longer matters."""
    place = text.find(word)
    for _ in range(_MOST_PLACES):
        if place < 0:
            return
        yield place
        place = text.find(word, place + len(word))


def make_query(asked: Asked, codes: Codes, idf: Floats) -> Query:
    """Join a question with the rarity of its distinct codes; codes must be sorted and not empty."""
    row_of = {code: row for row, code in enumerate(codes.tolist())}
    rows = ((word, tuple(row_of[code] for code in said if code in row_of)) for word, said in asked.alternatives.items())
    weights, others = idf / idf.sum(), tuple((word, places) for word, places in rows if places)
    placed = [(start, row_of[code]) for start, code in zip(asked.terms.starts.tolist(), asked.terms.codes.tolist(), strict=True) if code in row_of]
    before = [-TERM_LENGTH, *(start for start, _ in placed)]
    line = tuple((row, start == last + 1) for (start, row), last in zip(placed, before, strict=False))
    return Query(asked, codes, np.concatenate([codes, codes + 1]), idf, weights, others, _words(asked, dict(placed), weights), line)


def _words(asked: Asked, row_at: dict[int, int], weights: Floats) -> Words:
    """The words of a question of which at least one term counts."""
    held = [([row_at[place] for place in range(word.start, word.end - 1) if place in row_at], word.name) for word in asked.words]
    kept = [(rows, name) for rows, name in held if rows]
    rows = np.array([row for rows, _ in kept for row in rows], np.int32)
    begins = np.cumsum([0, *(len(rows) for rows, _ in kept)])[:-1].astype(np.int32)
    shares = np.maximum.reduceat(weights[rows], begins) if kept else np.empty(0)
    return Words(rows, begins, shares, np.array([float(name) for _, name in kept]))


def head_text(document: Document) -> str:
    """The folded words that stand over a document: title, number, authority, region."""
    return plain(_head(document))


def _head(document: Document) -> str:
    """The same as it is written."""
    return f"{document.title} {document.number} {document.authority} {document.region}"


def document_codes(document: Document) -> Codes:
    """What an index holds of a document: the terms of its text and of its head, with repetitions."""
    return bigrams(plain(f"{document.text}\n{_head(document)}")).codes


def prepare(document: Document, cutter: Cutter) -> Prepared:
    """Fold a document and cut it into terms, passages and windows."""
    folded = fold(document.text)
    cuts = passages(folded.text)
    starts = np.array([p.start for p in cuts], np.int32)
    begins = np.array([folded.offsets[p.start] for p in cuts], np.int32)
    finishes = np.array([folded.ends[p.end - 1] for p in cuts], np.int32)
    last = np.searchsorted(finishes, begins + LONGEST_QUOTE, side="right") - 1
    terms = _sorted(bigrams(folded.text))
    head = head_text(document)
    return Prepared(
        document=document,
        folded=folded,
        terms=terms,
        passage_of=_passage_of(terms.starts, starts),
        starts=starts,
        ends=np.array([p.end for p in cuts], np.int32),
        begins=begins,
        finishes=finishes,
        last=np.maximum(last, np.arange(len(cuts))).astype(np.int32),
        kinds=cutter.rules.kinds,
        head=np.unique(bigrams(head).codes),
        over=head,
        regions=frozenset(cutter.regions(f"{head}\n{folded.text}")),
        head_regions=frozenset(cutter.regions(f"{head}\n{folded.text[:_OPENING]}")),
    )


def _sorted(terms: Terms) -> Terms:
    """Terms in order of their codes, equal ones in order of their places."""
    order = np.argsort(terms.codes, kind="stable")
    return Terms(terms.codes[order], terms.starts[order])


def _passage_of(places: Ints, starts: Ints) -> Ints:
    """The passage in which each place lies (places between two passages belong to the one before)."""
    return np.maximum(np.searchsorted(starts, places, side="right") - 1, 0).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Stack:
    """Documents compared with a query together, their passages one behind the other: where the passages of each begin in the
    row, which document each is of, and of each window the place of its last passage in the row.
    """

    documents: tuple[Prepared, ...]
    begins: Ints
    document_of: Ints
    last: Ints

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.last)


def stack(documents: Sequence[Prepared]) -> Stack:
    """Put documents, none without a passage, one behind the other."""
    sizes = [len(document) for document in documents]
    begins = np.cumsum([0, *sizes[:-1]]).astype(np.int32)
    last = np.concatenate([document.last + begin for document, begin in zip(documents, begins, strict=True)])
    return Stack(tuple(documents), begins, np.arange(len(documents), dtype=np.int32).repeat(sizes), last)


def cover(query: Query, stacked: Stack) -> Coverage:
    """Compare a query with every window of some documents."""
    size, width = len(stacked), len(query.codes)
    documents = stacked.documents
    rows, which, places = query.hits([document.terms.codes for document in documents])
    terms = np.cumsum([0, *(len(document.terms) for document in documents[:-1])])
    exact = _counted(rows, np.concatenate([document.passage_of for document in documents])[places + terms[which]] + stacked.begins[which], size, width)
    head = np.zeros((len(documents), width), bool)
    rows, which, _ = query.hits([document.head for document in documents])
    head[which, rows] = True
    table, sums = exact, _running(exact)
    said = sums
    if query.others:
        others = [(_passage_of(places, document.starts) + begin, rows) for document, begin in zip(documents, stacked.begins, strict=True) for rows, places in [query.other_hits(document.folded.text)]]
        passages, rows = (np.concatenate(each) for each in zip(*others, strict=True))
        table = exact + _counted(rows, passages, size, width)
        for row, document in zip(head, documents, strict=True):
            row[query.other_hits(document.over)[0]] = True
        sums = _running(table)
    after = stacked.last + 1
    ending = sums[after]
    hits = ending - sums[:-1]
    inside = hits > 0
    before = np.maximum(np.arange(size) - _BEFORE, stacked.begins[stacked.document_of])
    return Coverage(
        inside=inside,
        nearby=(ending - sums[before]) > 0,
        literal=inside if said is sums else (said[after] - said[:-1]) > 0,
        hits=hits,
        passage=(table > 0) @ query.weights,
        head=head,
    )


def _counted(rows: Ints, passages_of_hits: Ints, size: int, width: int) -> Floats:
    """Count hits by the passage and the query row of each."""
    flat = passages_of_hits.astype(np.int64) * width + rows
    return np.bincount(flat, minlength=size * width).astype(np.float64).reshape(size, width)


def _running(table: Floats) -> Floats:
    """Running sums along passages with a leading row of zeros."""
    sums = np.zeros((table.shape[0] + 1, table.shape[1]))
    np.cumsum(table, axis=0, out=sums[1:])
    return sums
