"""Write an archive: documents in any number, cut and sorted in batches, joined term by term; or an older archive and what changed.

Memory stays bounded: batches are sorted runs in the directory, and the joined lists are written one stretch of terms after the other.
"""

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from responder.archive import FORMAT, LOADED, META, MOST_REPETITIONS, Archive, hashed, record
from responder.corpus import Document
from responder.naming import names_of
from responder.terms import Codes, Ints
from responder.windows import document_codes

_BATCH = 3_000_000  # terms of a run
_STRETCH = 12_000_000  # postings that are joined at once

Lists = tuple[Ints, npt.NDArray[np.uint8], Codes]


@dataclass(frozen=True)
class _Run:
    """Sorted lists: distinct codes, where each starts, and the slots and counts in one file each."""

    codes: Codes
    starts: Codes
    path: Path

    def lists(self, first: int, last: int) -> Lists:
        """Slots and counts of the codes first to last (exclusive), and where each code's begin."""
        start, size = int(self.starts[first]), int(self.starts[last] - self.starts[first])
        slots = np.fromfile(self.path, np.int32, size, offset=4 * start)
        counts = np.fromfile(self.path.with_suffix(".counts"), np.uint8, size, offset=start)
        return slots, counts, self.starts[first : last + 1] - start


class _Older:
    """What lives on of an older archive, as a run; its documents get new slots without holes."""

    def __init__(self, archive: Archive, buried: Ints) -> None:
        self._archive = archive
        alive = np.ones(len(archive), bool)
        alive[buried] = False
        self.slots: Ints = np.flatnonzero(alive).astype(np.int32)
        self._renumbered = np.where(alive, alive.cumsum() - 1, -1).astype(np.int32)
        self.codes = archive.codes
        self.sizes = archive.sizes

    def lists(self, first: int, last: int) -> Lists:
        """The same as of a run."""
        slots, counts, starts = self._archive.span(first, last)
        renumbered = self._renumbered[slots]
        kept = renumbered >= 0
        return renumbered[kept], counts[kept], np.concatenate([[0], kept.cumsum()])[starts]


@dataclass
class _Gathered:
    """What is known of the documents so far."""

    lengths: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    name_slots: list[int] = field(default_factory=list)

    def add(self, document: Document, length: int, size: int) -> None:
        """Take a document in."""
        names = names_of(document)
        self.names += map(hashed, names)
        self.name_slots += [len(self.lengths)] * len(names)
        self.ids.append(hashed(document.id))
        self.lengths.append(length)
        self.sizes.append(size)


def write_archive(
    directory: Path, documents: Iterable[Document], note: dict[str, Any], k1: float, b: float, older: Archive | None = None, buried: Ints | None = None
) -> None:
    """Write an archive of the documents (with different ids) into an empty directory, behind those of an older one that
    are not buried. The archive is complete when meta.json is there.
    """
    gathered = _Gathered()
    runs: list[_Run | _Older] = []
    with (directory / "documents").open("wb") as file:
        if older is not None:
            living = _Older(older, np.empty(0, np.int32) if buried is None else buried)
            runs.append(living)
            _copy(older, living.slots, file, gathered)
        runs.extend(_runs(directory, documents, file, gathered))
        _settle(file)
    columns = _columns(gathered)
    norm = k1 * (1 - b + b * columns["lengths"] / max(1.0, columns["lengths"].sum() / max(1, len(columns["lengths"]))))
    columns |= _joined(directory, runs, norm, k1)
    for run in runs:
        if isinstance(run, _Run):
            run.path.unlink()
            run.path.with_suffix(".counts").unlink()
    _finish(directory, columns, note, k1, b)


def _copy(older: Archive, slots: Ints, file: BinaryIO, gathered: _Gathered) -> None:
    """Copy the documents that live on."""
    for slot in slots.tolist():
        stored = older.record(slot)
        file.write(stored)
        gathered.add(older.document(slot), int(older.lengths[slot]), len(stored))


def _runs(directory: Path, documents: Iterable[Document], file: BinaryIO, gathered: _Gathered) -> Iterator[_Run]:
    """Cut documents into terms and sort them, batch by batch."""
    batch: list[tuple[int, Codes]] = []
    waiting = number = 0
    for document in documents:
        codes, stored = document_codes(document), record(document)
        batch.append((len(gathered.lengths), codes))
        file.write(stored)
        gathered.add(document, len(codes), len(stored))
        waiting += len(codes)
        if waiting >= _BATCH:
            yield _run(directory / f"run{number}", batch)
            batch, waiting, number = [], 0, number + 1
    if batch:
        yield _run(directory / f"run{number}", batch)


def _run(path: Path, batch: list[tuple[int, Codes]]) -> _Run:
    """Sort one batch into a file."""
    codes = np.concatenate([codes for _, codes in batch])
    slots = np.repeat(np.array([slot for slot, _ in batch], np.int32), [len(codes) for _, codes in batch])
    order = np.argsort(codes, kind="stable")
    codes, slots = codes[order], slots[order]
    first = np.flatnonzero(np.concatenate([[True], (codes[1:] != codes[:-1]) | (slots[1:] != slots[:-1])])) if len(codes) else np.empty(0, np.int64)
    counts = np.minimum(np.diff(np.append(first, len(codes))), MOST_REPETITIONS).astype(np.uint8)
    codes, slots = codes[first], slots[first]
    slots.tofile(path)
    counts.tofile(path.with_suffix(".counts"))
    distinct, starts = np.unique(codes, return_index=True)
    return _Run(distinct, np.append(starts, len(codes)), path)


def _columns(gathered: _Gathered) -> dict[str, Any]:
    """The arrays of documents."""
    ids, names = np.array(gathered.ids, np.uint64), np.array(gathered.names, np.uint64)
    by_id, by_name = np.argsort(ids, kind="stable"), np.argsort(names, kind="stable")
    return {
        "lengths": np.array(gathered.lengths, np.uint32),
        "places": np.concatenate([[0], np.cumsum(np.array(gathered.sizes, np.int64))]).astype(np.int64),
        "id_hashes": ids[by_id],
        "id_slots": by_id.astype(np.int32),
        "name_hashes": names[by_name],
        "name_slots": np.array(gathered.name_slots, np.int32)[by_name],
    }


def _joined(directory: Path, runs: list[_Run | _Older], norm: npt.NDArray[np.float64], k1: float) -> dict[str, Any]:
    """Join the runs' lists stretch by stretch into the files of slots and counts; returns the arrays of terms."""
    codes = np.unique(np.concatenate([run.codes for run in runs])) if runs else np.empty(0, np.int64)
    sizes, peaks, checks = np.zeros(len(codes), np.int64), np.zeros(len(codes), np.float32), np.zeros(len(codes), np.uint32)
    with (directory / "slots").open("wb") as slots_file, (directory / "counts").open("wb") as counts_file:
        for first, last in _stretches(codes, runs):
            slots, counts, starts = _stretch(codes[first:last], runs)
            slots.tofile(slots_file)
            counts.tofile(counts_file)
            sizes[first:last] = np.diff(starts)
            shares = counts * (k1 + 1) / (counts + norm[slots])
            peaks[first:last] = np.maximum.reduceat(np.append(shares, 0.0), starts[:-1]) if len(shares) else 0
            for place in range(last - first):
                a, b = int(starts[place]), int(starts[place + 1])
                checks[first + place] = zlib.crc32(counts[a:b].tobytes(), zlib.crc32(slots[a:b].tobytes()))
        _settle(slots_file)
        _settle(counts_file)
    kept = sizes > 0
    starts = np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.int64)
    return {"codes": codes[kept], "starts": starts, "peaks": peaks[kept], "checks": checks[kept]}


def _stretches(codes: Codes, runs: list[_Run | _Older]) -> Iterator[tuple[int, int]]:
    """Cut the terms into stretches that fit into memory."""
    sizes = np.zeros(len(codes), np.int64)
    for run in runs:
        lengths = np.diff(run.starts) if isinstance(run, _Run) else run.sizes
        sizes[codes.searchsorted(run.codes)] += lengths
    ends = sizes.cumsum()
    first = 0
    while first < len(codes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(ends.searchsorted(before + _STRETCH, "right")))
        yield first, last
        first = last


def _stretch(codes: Codes, runs: list[_Run | _Older]) -> Lists:
    """The joined lists of neighbouring codes; a run that comes later holds higher slots."""
    parts = []
    for run in runs:
        first, last = (int(place) for place in run.codes.searchsorted((codes[0], codes[-1] + 1)))
        parts.append((run.codes[first:last], *run.lists(first, last)) if first < last else None)
    present = [part for part in parts if part is not None]
    sizes = np.zeros(len(codes), np.int64)
    for own, _, _, starts in present:
        sizes[codes.searchsorted(own)] += np.diff(starts)
    begins = np.concatenate([[0], sizes.cumsum()])
    slots, counts, written = np.empty(begins[-1], np.int32), np.empty(begins[-1], np.uint8), begins[:-1].copy()
    for own, own_slots, own_counts, starts in present:
        rows, lengths = codes.searchsorted(own), np.diff(starts)
        targets = np.repeat(written[rows] - starts[:-1], lengths) + np.arange(len(own_slots))
        slots[targets], counts[targets] = own_slots, own_counts
        written[rows] += lengths
    return slots, counts, begins


def _finish(directory: Path, columns: dict[str, Any], note: dict[str, Any], k1: float, b: float) -> None:
    """Write the small files and, last of all, meta.json; everything is on the disk then."""
    files: dict[str, list[int]] = {name: [(directory / name).stat().st_size, 0] for name in ("slots", "counts", "documents")}
    for name, kind in LOADED.items():
        data = np.ascontiguousarray(columns[name], kind).tobytes()
        with (directory / name).open("wb") as file:
            file.write(data)
            _settle(file)
        files[name] = [len(data), zlib.crc32(data)]
    meta = {"format": FORMAT, "k1": k1, "b": b, "total": int(columns["lengths"].sum()), "files": files, "note": note}
    with (directory / META).open("w", encoding="utf-8") as file:
        json.dump(meta, file)
        _settle(file)


def _settle(file: Any) -> None:
    """Bring a file to the disk."""
    file.flush()
    os.fsync(file.fileno())
