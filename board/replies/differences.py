"""Two versions of a reply side by side, line by line, with the changed words marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from board.replies.desk_view import Piece, pieces
from responder.differing import changed_words


@dataclass(frozen=True, slots=True)
class Row:
    """One line on both sides; None where a side has no such line."""

    left: tuple[Piece, ...] | None
    right: tuple[Piece, ...] | None
    changed: bool


def side_by_side(old: str, new: str) -> list[Row]:
    """All lines of both texts, equal ones once on each side."""
    left, right = old.split("\n"), new.split("\n")
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return [row for step in matcher.get_opcodes() for row in rows(step[0], left[step[1] : step[2]], right[step[3] : step[4]])]


def rows(kind: str, left: list[str], right: list[str]) -> Iterator[Row]:
    """The rows of one step of the comparison."""
    if kind == "equal":
        return (Row((Piece(line),), (Piece(line),), changed=False) for line in left)
    return paired(left, right)


def paired(left: list[str], right: list[str]) -> Iterator[Row]:
    """Lines that differ, first with first: the longer side goes on alone."""
    for index in range(max(len(left), len(right))):
        yield changed(left[index] if index < len(left) else None, right[index] if index < len(right) else None)


def changed(old: str | None, new: str | None) -> Row:
    """A changed line with its changed words marked."""
    if old is None or new is None:
        return Row(whole(old), whole(new), changed=True)
    before, after = changed_words(old, new)
    return Row(pieces(old, before), pieces(new, after), changed=True)


def whole(line: str | None) -> tuple[Piece, ...] | None:
    """A line that exists on one side only."""
    return None if line is None else (Piece(line, "mark"),)
