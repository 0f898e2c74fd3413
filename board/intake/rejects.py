"""The rejects file: one JSON object for each row that was not imported, readable by the owner only (it holds what citizens wrote)."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from board.errors import Refused
from board.intake.reading import Line

OURS = '{"file": '


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row and the reason why it stays outside."""

    line: Line
    reason: str


class RejectsFile:
    """Appends the rejects of one input file to ``path``; made when there is something to write."""

    def __init__(self, path: Path, name: str, kept: Mapping[str, int] | None) -> None:
        """Entries of an earlier run stay only where ``kept`` (input name -> lines done) says that they are not met again; all with None."""
        self.path, self.name = path, name
        try:
            if kept is not None:
                self._keep(kept)
        except OSError as error:
            raise Refused(f"拒收文件无法写入：{path}（{error.strerror}）。") from error

    def _keep(self, kept: Mapping[str, int]) -> None:
        if not self.path.exists():
            return
        lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        if any(line and not line.startswith(OURS) for line in lines):
            raise Refused(f"文件已经存在，并且不是拒收文件，没有改动：{self.path}。")
        staying = [entry for entry in map(entry_of, lines) if entry and entry["line"] <= kept.get(entry["file"], 0)]
        self.path.unlink()
        self._append(staying)

    def write(self, rejected: Iterable[Rejected]) -> None:
        """Adds rows; on the disk before the batch is committed, so that none is lost."""
        self._append({"file": self.name, "line": one.line.number, "reason": one.reason, "row": dict(one.line.raw)} for one in rejected)

    def _append(self, entries: Iterable[Mapping[str, Any]]) -> None:
        text = "".join(json.dumps(entry, ensure_ascii=False, default=str) + "\n" for entry in entries)
        if not text:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


def entry_of(line: str) -> dict[str, Any] | None:
    """An entry of the file; None for a line that was cut off when the power went."""
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return entry if {"file", "line"} <= entry.keys() else None
