"""Windows of a document (runs of passages of at most 240 characters) and what each holds of a question's terms."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from responder.corpus import LONGEST_QUOTE, Document, passages
from responder.terms import Asked, Codes, Cutter, Ints, Kind, Terms, bigrams
from responder.text import Folded, fold, plain

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_BEFORE = 3
_OPENING = 100


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document cut once. Window u runs from passage u to passage last[u]; begins and finishes are places in the
    original text; flags are (passages x kinds); head are the codes of title, number, authority and region.
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
    flags: Bools
    head: Codes
    regions: frozenset[str]
    head_regions: frozenset[str]

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class Query:
    """A question against an index: distinct codes (sorted), how rare each is (nats), its share of the whole (sum 1),
    and the codes of synonyms (sorted) with the row that each may stand for.
    """

    asked: Asked
    codes: Codes
    idf: Floats
    weights: Floats
    other_codes: Codes
    other_rows: Ints

    def rows(self, codes: Codes) -> Ints:
        """Map codes to rows of the query, -1 for codes that were not asked."""
        return _lookup(codes, self.codes, np.arange(len(self.codes), dtype=np.int32))

    def other(self, codes: Codes) -> Ints:
        """Map codes to the rows whose synonym they are, -1 for the rest."""
        return _lookup(codes, self.other_codes, self.other_rows)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What windows hold of a query: (windows x query rows) but passage, a share per passage, and head, one per row.
    nearby also counts the passages just before the window, alike also synonyms, hits counts repetitions.
    """

    inside: Bools
    nearby: Bools
    alike: Bools
    hits: Floats
    passage: Floats
    head: Bools


def _lookup(codes: Codes, known: Codes, rows: Ints) -> Ints:
    """Rows of those codes that are among the known (sorted) ones, -1 for the rest."""
    if not len(known) or not len(codes):
        return np.full(len(codes), -1, np.int32)
    place = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.where(known[place] == codes, rows[place], -1).astype(np.int32)


def make_query(asked: Asked, codes: Codes, idf: Floats) -> Query:
    """Join a question with the rarity of its distinct codes; codes must be sorted and not empty."""
    row_of = {code: row for row, code in enumerate(codes.tolist())}
    others = sorted((code, row_of[said]) for code, said in asked.alternatives.items() if said in row_of)
    other = np.array(others, dtype=np.int64).reshape(-1, 2)
    return Query(asked, codes, idf, idf / idf.sum(), other[:, 0], other[:, 1].astype(np.int32))


def head_text(document: Document) -> str:
    """The folded words that stand over a document: title, number, authority, region."""
    return plain(" ".join((document.title, document.number, document.authority, document.region)))


def prepare(document: Document, cutter: Cutter) -> Prepared:
    """Fold a document and cut it into terms, passages and windows."""
    folded = fold(document.text)
    cuts = passages(folded.text)
    starts = np.array([p.start for p in cuts], np.int32)
    begins = np.array([folded.offsets[p.start] for p in cuts], np.int32)
    finishes = np.array([folded.ends[p.end - 1] for p in cuts], np.int32)
    last = np.searchsorted(finishes, begins + LONGEST_QUOTE, side="right") - 1
    terms = bigrams(folded.text)
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
        flags=_flags(folded.text, starts, cutter.rules.kinds),
        head=np.unique(bigrams(head).codes),
        regions=frozenset(cutter.regions(f"{head}\n{folded.text}")),
        head_regions=frozenset(cutter.regions(f"{head}\n{folded.text[:_OPENING]}")),
    )


def _passage_of(places: Ints, starts: Ints) -> Ints:
    """The passage in which each place lies (places between two passages belong to the one before)."""
    return np.maximum(np.searchsorted(starts, places, side="right") - 1, 0).astype(np.int32)


def _flags(text: str, starts: Ints, kinds: tuple[Kind, ...]) -> Bools:
    """Tell for each passage which kinds of answer it shows."""
    flags = np.zeros((len(starts), len(kinds)), bool)
    for column, kind in enumerate(kinds):
        places = np.array([m.start() for m in kind.answer.finditer(text)], np.int32)
        if len(starts):
            flags[_passage_of(places, starts), column] = True
    return flags


def cover(query: Query, prepared: Prepared) -> Coverage:
    """Compare a query with every window of a document."""
    size, width = len(prepared), len(query.codes)
    exact = _table(query.rows(prepared.terms.codes), prepared.passage_of, size, width)
    sums, first, after = _running(exact), np.arange(size), prepared.last + 1
    inside = sums[after] - sums[first]
    alike = inside > 0
    if len(query.other_codes):
        other = _running(_table(query.other(prepared.terms.codes), prepared.passage_of, size, width))
        alike = alike | ((other[after] - other[first]) > 0)
    head = np.zeros(width, bool)
    found = query.rows(prepared.head)
    head[found[found >= 0]] = True
    return Coverage(
        inside=inside > 0,
        nearby=(sums[after] - sums[np.maximum(first - _BEFORE, 0)]) > 0,
        alike=alike,
        hits=inside,
        passage=(exact > 0) @ query.weights,
        head=head,
    )


def _table(rows: Ints, passage_of: Ints, size: int, width: int) -> Floats:
    """Count hits as a matrix of passages x query rows."""
    hit = np.flatnonzero(rows >= 0)
    flat = passage_of[hit].astype(np.int64) * width + rows[hit]
    return np.bincount(flat, minlength=size * width).reshape(size, width).astype(np.float64)


def _running(table: Floats) -> Floats:
    """Running sums along passages with a leading row of zeros."""
    sums = np.zeros((table.shape[0] + 1, table.shape[1]))
    np.cumsum(table, axis=0, out=sums[1:])
    return sums
