"""The directory in which archives are kept: numbered, written aside and renamed when complete, one writer at a time."""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from responder.archive import Archive, Damaged

_NUMBER = re.compile(r"\d{8}")
_UNFINISHED = ".new-"
_TRIES = 3


class Shelf:
    """Archives of one index. A process that is killed while it writes leaves nothing that another would read."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def newest(self) -> int:
        """The number of the newest archive, 0 when there is none."""
        try:
            return max((int(entry.name) for entry in self.directory.iterdir() if _NUMBER.fullmatch(entry.name)), default=0)
        except OSError:
            return 0

    def opened(self) -> Archive | None:
        """The newest archive; None when there is none. Raises Damaged when it cannot be used."""
        for _ in range(_TRIES):
            number = self.newest()
            if not number:
                return None
            try:
                return Archive(self.place(number))
            except Damaged:
                if self.newest() == number:  # else a newer one took its place while it was opened
                    raise
        return None

    def place(self, number: int) -> Path:
        """The directory of an archive."""
        return self.directory / f"{number:08}"

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[bool]:
        """Hold the right to write; false when another process has it and one does not want to wait."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def publish(self, write: Callable[[Path], None]) -> int:
        """Let an archive be written and make it the newest; the right to write is held. Returns its number."""
        for unfinished in self.directory.glob(f"{_UNFINISHED}*"):  # left behind by a writer that was killed
            shutil.rmtree(unfinished, ignore_errors=True)
        number = self.newest() + 1
        aside = self.directory / f"{_UNFINISHED}{number}"
        aside.mkdir()
        write(aside)
        _settle(aside)
        aside.rename(self.place(number))
        _settle(self.directory)
        for older in range(max(1, number - _TRIES), number):
            shutil.rmtree(self.place(older), ignore_errors=True)
        return number

    def discard(self, number: int) -> None:
        """Take an archive away."""
        shutil.rmtree(self.place(number), ignore_errors=True)


def _settle(directory: Path) -> None:
    """Bring a directory's entries to the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
