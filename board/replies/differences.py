"""Two versions of a reply side by side, line by line, with the changed words marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from board.replies.desk_view import Piece, pieces

#: above this length a changed line is marked as a whole (comparing letters is quadratic)
LETTERS_MOST = 1500


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
    for index in range(max(len(left), len(right))):
        one = left[index] if index < len(left) else None
        other = right[index] if index < len(right) else None
        if kind == "equal":
            yield Row((Piece(one or ""),), (Piece(other or ""),), changed=False)
        else:
            yield changed(one, other)


def changed(old: str | None, new: str | None) -> Row:
    """A changed line with its changed letters marked."""
    if old is None or new is None or max(len(old), len(new)) > LETTERS_MOST:
        return Row(whole(old), whole(new), changed=True)
    steps = [step for step in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if step[0] != "equal"]
    return Row(pieces(old, [(s[1], s[2]) for s in steps]), pieces(new, [(s[3], s[4]) for s in steps]), changed=True)


def whole(line: str | None) -> tuple[Piece, ...] | None:
    """A line that exists on one side only."""
    return None if line is None else (Piece(line, "mark"),)
