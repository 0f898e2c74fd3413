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
    original text; terms are sorted by their codes; flags are (passages x kinds); head are the codes of title, number, authority and region.
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
        """How many passages there are."""
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

    def hits(self, codes: Codes) -> tuple[Ints, Ints]:
        """Find the question's codes among sorted ones: of each hit the row of the query and the place in `codes`."""
        return _hits(self.codes, np.arange(len(self.codes), dtype=np.int32), codes)

    def other_hits(self, codes: Codes) -> tuple[Ints, Ints]:
        """The same for codes of synonyms, each with the row that it may stand for."""
        return _hits(self.other_codes, self.other_rows, codes)


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


def _hits(asked: Codes, rows: Ints, codes: Codes) -> tuple[Ints, Ints]:
    """For every occurrence of an asked code among sorted codes: the asked code's row, and where it occurs."""
    low, high = np.searchsorted(codes, asked, "left"), np.searchsorted(codes, asked, "right")
    counts = high - low
    before = np.cumsum(counts) - counts
    places = np.arange(counts.sum()) + np.repeat(low - before, counts)
    return np.repeat(rows, counts), places.astype(np.int32)


def make_query(asked: Asked, codes: Codes, idf: Floats) -> Query:
    """Join a question with the rarity of its distinct codes; codes must be sorted and not empty."""
    row_of = {code: row for row, code in enumerate(codes.tolist())}
    others = sorted((code, row_of[said]) for code, said in asked.alternatives.items() if said in row_of)
    other = np.array(others, dtype=np.int64).reshape(-1, 2)
    return Query(asked, codes, idf, idf / idf.sum(), other[:, 0], other[:, 1].astype(np.int32))


def head_text(document: Document) -> str:
    """The folded words that stand over a document: title, number, authority, region."""
    return plain(f"{document.title} {document.number} {document.authority} {document.region}")


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
        flags=_flags(folded.text, starts, cutter.rules.kinds),
        head=np.unique(bigrams(head).codes),
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
    exact = _table(query.hits(prepared.terms.codes), prepared.passage_of, size, width)
    sums, first, after = _running(exact), np.arange(size), prepared.last + 1
    inside = sums[after] - sums[first]
    alike = inside > 0
    if len(query.other_codes):
        other = _running(_table(query.other_hits(prepared.terms.codes), prepared.passage_of, size, width))
        alike = alike | ((other[after] - other[first]) > 0)
    head = np.zeros(width, bool)
    head[query.hits(prepared.head)[0]] = True
    return Coverage(
        inside=inside > 0,
        nearby=(sums[after] - sums[np.maximum(first - _BEFORE, 0)]) > 0,
        alike=alike,
        hits=inside,
        passage=(exact > 0) @ query.weights,
        head=head,
    )


def _table(hits: tuple[Ints, Ints], passage_of: Ints, size: int, width: int) -> Floats:
    """Count hits as a matrix of passages x query rows."""
    rows, places = hits
    flat = passage_of[places].astype(np.int64) * width + rows
    return np.bincount(flat, minlength=size * width).reshape(size, width).astype(np.float64)


def _running(table: Floats) -> Floats:
    """Running sums along passages with a leading row of zeros."""
    sums = np.zeros((table.shape[0] + 1, table.shape[1]))
    np.cumsum(table, axis=0, out=sums[1:])
    return sums
