"""Rows that are derived from other rows, kept in step in the flush that writes it, whoever writes it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from board.models.base import Base

Write = Callable[[Session, Sequence[Any]], None]


def follow(sessions: sessionmaker[Session], owner: type[Base], watched: Iterable[str], write: Write) -> None:
    """From now on ``write`` gets, after each flush of these sessions, the new rows of this kind and those of which a watched column was set."""
    columns = frozenset(watched)

    def keep(session: Session, _context: UOWTransaction) -> None:
        """After one flush."""
        changed = [one for one in session.dirty if isinstance(one, owner) and touched(one, columns)]
        write(session, [*(one for one in session.new if isinstance(one, owner)), *changed])

    event.listen(sessions, "after_flush", keep)


def touched(row: Base, columns: Iterable[str]) -> bool:
    """Whether one of the columns was set in this flush."""
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in columns)
