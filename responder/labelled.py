"""Questions whose answers are known, read by the matcher: what learning learns from."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from responder.corpus import Document
from responder.evaluation import read_rows
from responder.evidence import Reading
from responder.matching import Matcher
from responder.terms import Cutter
from responder.text import plain
from responder.tuning import MatcherSettings
from responder.varying import Variant, entitled, moved, parts
from responder.windows import Bools, Query

FOLDS = 5
_ANSWER_HEAD = 40
_SHORTEST_ANSWER = 4
# How often the documents are cut into small offices.
_TURNS = 2
_SHORTEST_DISCLOSURE, _SHORTEST_REPLY = 200, 150
# A reply's opening repeats the letter.
_BEFORE_ANSWER = re.compile(r"^.{0,200}?如下[:：，,。]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question that was read, with which windows of its document hold the answer (None for other documents) and
    which documents bear it. An unanswerable question bears nothing.
    """

    id: str
    group: str
    known: bool
    query: Query
    readings: tuple[Reading, ...]
    good_windows: tuple[Bools | None, ...]
    bearing: Bools


# Groups of questions put to other offices, each with how much it counts.
Varied = Sequence[tuple[Sequence[Labelled], float]]


def squeezed(text: str) -> str:
    """Folded letters and digits only: what is left when spelling does not matter."""
    return "".join(character for character in plain(text) if character.isalnum())


def label(matcher: Matcher, row_id: str, question: str, gold: str | None, answer: str) -> Labelled | None:
    """Read a question and compare with its known answer; None for a question without terms or documents."""
    query, readings = matcher.readings(question)
    if query is None or not readings:
        return None
    wanted = squeezed(answer) if gold else ""
    own = [reading.prepared.document.id == gold for reading in readings]
    held = [len(wanted) >= _SHORTEST_ANSWER and wanted in squeezed(r.prepared.folded.text) for r in readings]
    windows = tuple(_good(r, wanted[:_ANSWER_HEAD]) if mine else None for r, mine in zip(readings, own, strict=True))
    return Labelled(row_id, gold or row_id, gold is not None, query, tuple(readings), windows, np.array(own) | np.array(held))


def _good(reading: Reading, wanted: str) -> Bools:
    """Which of the windows that were kept hold the beginning of the answer."""
    doc = reading.prepared
    texts = [doc.folded.text[doc.starts[w] : doc.ends[doc.last[w]]] for w in reading.windows.tolist()]
    return np.array([bool(wanted) and wanted in squeezed(text) for text in texts])


def put_elsewhere(documents: Sequence[Document], variants: Iterable[Variant], settings: MatcherSettings) -> list[Labelled]:
    """Read questions in parts of the documents; questions without terms or documents are left out."""
    wanted: dict[frozenset[str], list[Variant]] = {}
    for variant in variants:
        wanted.setdefault(variant.documents, []).append(variant)
    found: list[Labelled | None] = []
    for ids, asked in wanted.items():
        matcher = Matcher(settings)
        for document in documents:
            if document.id in ids:
                matcher.put(document)
        found += [label(matcher, v.id, v.question, v.gold, v.answer) for v in asked]
    return [row for row in found if row is not None]


def other_offices(sources: Sequence[Document], asked: Sequence[Mapping[str, str | None]], settings: MatcherSettings) -> list[Labelled]:
    """The questions in collections of a small office's size, with and without their documents."""
    offices = [parts([document.id for document in sources], turn) for turn in range(_TURNS)]
    return put_elsewhere(sources, [variant for row in asked for part in offices for variant in moved(row, part)], settings)


def titled_offices(titled: Path, settings: MatcherSettings) -> list[Labelled]:
    """Short questions made of the titles of an office's disclosures, with and without their documents."""
    rows = [row for row in read_rows(titled, ("id", "title", "text")) if len(row["text"]) >= _SHORTEST_DISCLOSURE]
    sources = [Document(row["id"], row["title"], row["text"]) for row in rows]
    cutter, offices = Cutter(settings.rules), parts([row["id"] for row in rows], 0)
    return put_elsewhere(sources, [variant for row in rows for variant in entitled(row["id"], row["title"], offices, cutter)], settings)


def letters_offices(letters: Path, settings: MatcherSettings) -> list[Labelled]:
    """Headings of citizens' letters, put to the replies of a hundred letters, with and without their own."""
    rows = read_rows(letters, ("id", "title", "reply"))
    sources = [Document(row["id"], "", _BEFORE_ANSWER.sub("", row["reply"], count=1)) for row in rows]
    kept = [(row, source) for row, source in zip(rows, sources, strict=True) if len(source.text) >= _SHORTEST_REPLY]
    offices = parts([row["id"] for row, _ in kept], 0)
    asked = [{"id": row["id"], "question": row["title"], "document": row["id"], "answer": ""} for row, _ in kept]
    return put_elsewhere([source for _, source in kept], [variant for row in asked for variant in moved(row, offices)], settings)


def part_of(row: Labelled) -> int:
    """The fold of a question: questions on one document stay together."""
    return int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % FOLDS
