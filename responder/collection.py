"""The documents that questions are matched with: those of an archive on disk, if there is one, and in memory what changed since."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from responder.archive import Archive
from responder.archive_writing import write_archive
from responder.candidates import Candidates, Floats, Found
from responder.corpus import Document
from responder.naming import Number, asked_numbers, asked_titles, names_of
from responder.terms import Codes, Cutter, Ints
from responder.tuning import SearchSettings
from responder.windows import Prepared, document_codes, prepare

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names: documents by their ids, and the numbers under which there is none."""

    ids: tuple[str, ...] = ()
    missing: tuple[Number, ...] = ()


class Collection:
    """Documents by id, by terms and by name. All methods may be called from any thread; with an archive they may raise Damaged."""

    def __init__(self, search: SearchSettings, cutter: Cutter, archive: Archive | None = None) -> None:
        self._search, self._cutter, self._archive = search, cutter, archive
        self._candidates = Candidates(search.k1, search.b, search.background, archive)
        self._documents: dict[str, Document] = {}
        self._names: dict[str, set[str]] = {}
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._day: date | None = None
        self._lock = Lock()

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._candidates)

    @property
    def changed(self) -> int:
        """How many documents came or went since the archive was written."""
        return len(self._documents) + len(self._candidates.buried)

    def set_day(self, day: date) -> None:
        """From now on documents are in force as they are on this day."""
        with self._lock:
            if day != self._day:
                self._day = day
                self._prepared.clear()

    def put(self, document: Document) -> None:
        """Add a document or replace the one with its id."""
        codes, names = document_codes(document), names_of(document)
        with self._lock:
            self._forget(document.id)
            self._documents[document.id] = document
            self._candidates.put(document.id, codes)
            for name in names:
                self._names.setdefault(name, set()).add(document.id)

    def remove(self, document_id: str) -> None:
        """Forget a document; an unknown id is ignored."""
        with self._lock:
            self._forget(document_id)

    def _forget(self, document_id: str) -> None:
        """Take a document out everywhere, if it is there; the lock is held."""
        self._prepared.pop(document_id, None)
        document = self._stored(document_id)
        if document is None:
            return
        self._candidates.remove(document_id, document_codes(document))
        if self._documents.pop(document_id, None) is not None:
            for name in names_of(document):
                self._names[name].discard(document_id)
                if not self._names[name]:
                    del self._names[name]

    def _stored(self, document_id: str) -> Document | None:
        """A document as it was put in, from memory or from the archive."""
        document = self._documents.get(document_id)
        if document is None and self._archive is not None and (slot := self._candidates.archived(document_id)) >= 0:
            document = self._archive.document(slot)
        return document

    def document(self, document_id: str) -> Document | None:
        """A document as it stands today; None when there is none."""
        document = self._stored(document_id)
        return None if document is None else document.on(self._day)

    def prepared(self, document_id: str) -> Prepared | None:
        """A document cut, or taken from among those that were read lately; None when it was removed meanwhile."""
        with self._lock:
            prepared, day = self._prepared.get(document_id), self._day
            if prepared is not None:
                self._prepared.move_to_end(document_id)
                return prepared
            document = self._stored(document_id)
        if document is None:
            return None
        prepared = prepare(document.on(day), self._cutter)
        with self._lock:
            if self._day == day and self._stored(document_id) == document:
                self._prepared[document_id] = prepared
                while len(self._prepared) > self._search.cached_documents:
                    self._prepared.popitem(last=False)
        return prepared

    def idf(self, codes: Codes) -> Floats:
        """How rare each code is (nats)."""
        return self._candidates.idf(codes)

    def search(self, codes: Codes, weights: Floats, limit: int) -> list[Found]:
        """The best documents for distinct codes with weights, best first."""
        return self._candidates.search(codes, weights, limit)

    def score(self, document_id: str, codes: Codes, weights: Floats) -> float:
        """The score that a search would give to one document; 0 for an unknown one."""
        document = self._stored(document_id)
        return 0.0 if document is None else self._candidates.score(document_codes(document), codes, weights)

    def named(self, folded: str) -> Named:
        """What a folded question names by number or title, at most five documents."""
        found: dict[str, None] = {}
        missing: list[Number] = []
        for number in asked_numbers(folded):
            ids = self._first_bearing(number.names)
            found |= dict.fromkeys(ids)
            missing += [] if ids or not number.coded else [number]
        for names in asked_titles(folded):
            found |= dict.fromkeys(self._first_bearing(names))
        return Named(tuple(found)[:_MOST_NAMED], tuple(missing))

    def _first_bearing(self, names: Sequence[str]) -> list[str]:
        """Ids of the documents that bear the first of the names that any bears."""
        return next((ids for name in names if (ids := self._bearing(name))), [])

    def _bearing(self, name: str) -> list[str]:
        """Ids of the documents that bear a name."""
        with self._lock:
            ids = sorted(self._names.get(name, ()))
        if self._archive is not None:
            buried = self._candidates.buried if len(ids) < _MOST_NAMED else np.empty(0, np.int32)
            slots = self._archive.named([name], _MOST_NAMED + len(buried))
            ids += [self._archive.document(slot).id for slot in slots if slot not in buried][:_MOST_NAMED]
        return ids[:_MOST_NAMED]

    def snapshot(self) -> "Snapshot":
        """Everything as it is now."""
        with self._lock:
            return Snapshot(tuple(self._documents.values()), self._candidates.buried, self._archive, self._search)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A collection at one moment, which can be written while the collection changes."""

    documents: tuple[Document, ...]
    buried: Ints
    archive: Archive | None
    search: SearchSettings

    def write(self, directory: Path, note: Mapping[str, Any]) -> None:
        """Write everything into an empty directory as an archive, with a note of what it holds."""
        write_archive(directory, self.documents, dict(note), self.search.k1, self.search.b, self.archive, self.buried)
