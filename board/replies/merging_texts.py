"""Two texts become one: paragraph by paragraph, what both share stays, what differs is picked by a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from board.replies.desk_view import Piece
from board.replies.differences import Row, paired

PICKS = ("theirs", "mine", "both")


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that both texts share (``number`` 0), or a place where they differ, counted from 1, with the lines of both sides."""

    number: int
    theirs: tuple[str, ...]
    mine: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        """Both sides line by line with the changed words marked."""
        if not self.number:
            return [Row((Piece(line),), (Piece(line),), changed=False) for line in self.theirs]
        return list(paired(list(self.theirs), list(self.mine)))

    def lines(self, pick: str) -> tuple[str, ...]:
        """What stands after the pick; lines that stand on one side only are kept unless the other side was picked."""
        if pick == "both":
            return self.theirs + self.mine
        return self.mine if pick == "mine" else self.theirs


def parts(theirs: str, mine: str) -> list[Part]:
    """Both texts cut into what they share and where they differ."""
    left, right = theirs.split("\n"), mine.split("\n")
    found, number = [], 0
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            number += 1
        found.append(Part(0 if kind == "equal" else number, tuple(left[a:b]), tuple(right[c:d])))
    return found


def merged(theirs: str, mine: str, picks: Mapping[int, str]) -> str:
    """One text after the picks by number of the place; where nothing was picked both stand, so that no word is lost."""
    return "\n".join(line for part in parts(theirs, mine) for line in part.lines(picks.get(part.number, "both") if part.number else "theirs"))
