"""An index on disk that never changes: postings of many documents, their texts, ids and names, read piece by piece.

The large files (slots, counts, documents) are read with pread, so that they cost no memory of the process; the small ones
are loaded. Every piece has a check sum that is compared before the piece is used for the first time: what is damaged
raises Damaged and is built anew from the database, never believed.
"""

import hashlib
import json
import os
import weakref
import zlib
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from responder.corpus import Document
from responder.terms import Codes, Ints

Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

FORMAT = 2
#: How often a term counts at most in one document.
MOST_REPETITIONS = 255
META = "meta.json"
#: Files that are loaded, with their types; then those that are read piece by piece.
LOADED = {
    "codes": np.int64, "starts": np.int64, "peaks": np.float32, "checks": np.uint32, "lengths": np.uint32, "places": np.int64,
    "id_hashes": np.uint64, "id_slots": np.int32, "name_hashes": np.uint64, "name_slots": np.int32,
}  # fmt: skip
PIECEWISE = ("slots", "counts", "documents")
_CHECK_BYTES, _ID_BYTES = 4, 2
_FIELDS = tuple(field.name for field in fields(Document))
_DATES = ("issued", "valid_from", "valid_until")


class Damaged(Exception):
    """The index on disk is incomplete, changed, or of another format; it must be built anew."""


def hashed(text: str) -> int:
    """64 bits that stand for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def record(document: Document) -> bytes:
    """A document as it is stored: a check sum, its id, then all its fields, packed."""
    key = document.id.encode("utf-8", "surrogatepass")
    values = [getattr(document, name) for name in _FIELDS]
    packed = json.dumps([value.isoformat() if isinstance(value, date) else value for value in values]).encode()
    body = len(key).to_bytes(_ID_BYTES, "little") + key + zlib.compress(packed, 1)
    return zlib.crc32(body).to_bytes(_CHECK_BYTES, "little") + body


def _parts(stored: bytes) -> tuple[bytes, bytes]:
    """The id and the packed fields of a record."""
    start = _CHECK_BYTES + _ID_BYTES
    end = start + int.from_bytes(stored[_CHECK_BYTES:start], "little")
    return stored[start:end], stored[end:]


def record_id(stored: bytes) -> str:
    """The id in a record."""
    return _parts(stored)[0].decode("utf-8", "surrogatepass")


def from_record(stored: bytes) -> Document:
    """The document in a record."""
    values: dict[str, Any] = dict(zip(_FIELDS, json.loads(zlib.decompress(_parts(stored)[1])), strict=True))
    values |= {name: date.fromisoformat(values[name]) for name in _DATES if values[name]}
    return Document(**values)


class Archive:
    """An index on disk; may be read from any thread. ``note`` is what its writer wrote beside it."""

    def __init__(self, directory: Path) -> None:
        """Open the directory; raises Damaged."""
        self.directory = directory
        self._files: dict[str, int] = {}
        weakref.finalize(self, _close, self._files)
        meta = self._meta()
        self.note: dict[str, Any] = meta["note"]
        self.k1, self.b, self.total = float(meta["k1"]), float(meta["b"]), int(meta["total"])
        self.codes, self._starts = self._loaded(meta, "codes"), self._loaded(meta, "starts")
        self.peaks, self._checks = self._loaded(meta, "peaks"), self._loaded(meta, "checks")
        self.lengths, self._places = self._loaded(meta, "lengths"), self._loaded(meta, "places")
        self._id_hashes, self._id_slots = self._loaded(meta, "id_hashes"), self._loaded(meta, "id_slots")
        self._name_hashes, self._name_slots = self._loaded(meta, "name_hashes"), self._loaded(meta, "name_slots")
        for name in PIECEWISE:
            self._open(name, meta["files"][name][0])
        self._checked = np.zeros(len(self.codes), bool)

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self.lengths)

    @property
    def average(self) -> float:
        """The mean length of a document, in terms."""
        return max(1.0, self.total / max(1, len(self)))

    @property
    def sizes(self) -> Codes:
        """How many documents hold each of the codes."""
        sizes: Codes = np.diff(self._starts)
        return sizes

    def _meta(self) -> dict[str, Any]:
        """What the writer wrote last; raises Damaged."""
        try:
            meta: dict[str, Any] = json.loads((self.directory / META).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Damaged(f"{META}: {error}") from error
        if not isinstance(meta, dict) or meta.get("format") != FORMAT:
            raise Damaged("another format")
        return meta

    def _loaded(self, meta: dict[str, Any], name: str) -> Any:
        """A small file as an array; raises Damaged."""
        size, check = meta["files"][name]
        try:
            data = (self.directory / name).read_bytes()
        except OSError as error:
            raise Damaged(f"{name}: {error}") from error
        if len(data) != size or zlib.crc32(data) != check:
            raise Damaged(f"{name} has changed")
        return np.frombuffer(data, LOADED[name])

    def _open(self, name: str, size: int) -> None:
        """Open a large file; raises Damaged."""
        try:
            self._files[name] = os.open(self.directory / name, os.O_RDONLY)
        except OSError as error:
            raise Damaged(f"{name}: {error}") from error
        if os.fstat(self._files[name]).st_size != size:
            raise Damaged(f"{name} has another size")

    def _read(self, name: str, start: int, size: int) -> bytes:
        """Bytes of a large file; raises Damaged."""
        try:
            data = os.pread(self._files[name], size, start)
        except OSError as error:
            raise Damaged(f"{name}: {error}") from error
        if len(data) != size:
            raise Damaged(f"{name} is too short")
        return data

    def rows(self, codes: Codes) -> Ints:
        """Where each code stands among the terms; -1 for a code that no document has."""
        if not len(self.codes):
            return np.full(len(codes), -1, np.int32)
        places = np.minimum(self.codes.searchsorted(codes), len(self.codes) - 1)
        return np.where(self.codes[places] == codes, places, -1).astype(np.int32)

    def frequencies(self, codes: Codes) -> Ints:
        """How many documents hold each code."""
        rows = self.rows(codes)
        return np.where(rows < 0, 0, self._starts[rows + 1] - self._starts[rows]).astype(np.int32)

    def postings(self, row: int) -> tuple[Ints, npt.NDArray[np.uint8]]:
        """Slots (rising) and frequencies of a term; raises Damaged."""
        start, end = int(self._starts[row]), int(self._starts[row + 1])
        slots, counts = self._read("slots", 4 * start, 4 * (end - start)), self._read("counts", start, end - start)
        if not self._checked[row]:
            if zlib.crc32(counts, zlib.crc32(slots)) != self._checks[row]:
                raise Damaged(f"postings of term {row} have changed")
            self._checked[row] = True
        return np.frombuffer(slots, np.int32), np.frombuffer(counts, np.uint8)

    def span(self, first: int, last: int) -> tuple[Ints, npt.NDArray[np.uint8], Codes]:
        """Slots and frequencies of terms first to last (exclusive), one after the other, and where each term starts."""
        starts = self._starts[first : last + 1]
        start, size = int(starts[0]), int(starts[-1] - starts[0])
        slots = np.frombuffer(self._read("slots", 4 * start, 4 * size), np.int32)
        return slots, np.frombuffer(self._read("counts", start, size), np.uint8), starts - start

    def record(self, slot: int) -> bytes:
        """The stored form of the document in a slot; raises Damaged."""
        stored = self._read("documents", int(self._places[slot]), int(self._places[slot + 1] - self._places[slot]))
        if zlib.crc32(stored[_CHECK_BYTES:]) != int.from_bytes(stored[:_CHECK_BYTES], "little"):
            raise Damaged(f"the document in slot {slot} has changed")
        return stored

    def document(self, slot: int) -> Document:
        """The document in a slot; raises Damaged."""
        return from_record(self.record(slot))

    def slot_of(self, document_id: str) -> int:
        """The slot of a document, -1 for an unknown id."""
        for slot in _slots(self._id_hashes, self._id_slots, document_id):
            if record_id(self.record(slot)) == document_id:
                return slot
        return -1

    def named(self, names: Iterable[str], most: int) -> list[int]:
        """Slots of documents that may bear one of the names, at most so many."""
        return list(dict.fromkeys(slot for name in names for slot in _slots(self._name_hashes, self._name_slots, name)))[:most]


def _slots(hashes: Hashes, slots: Ints, text: str) -> list[int]:
    """Slots behind a text's hash."""
    wanted = np.uint64(hashed(text))
    first, last = int(hashes.searchsorted(wanted, "left")), int(hashes.searchsorted(wanted, "right"))
    found: list[int] = slots[first:last].tolist()
    return found


def _close(files: dict[str, int]) -> None:
    """Close what was opened."""
    for file in files.values():
        os.close(file)
