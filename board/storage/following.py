"""Rows that are derived from an inquiry, kept in step in the flush that writes it, whoever writes it."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from board.models import Inquiry

Write = Callable[[Session, Sequence[Inquiry]], None]


def follow(sessions: sessionmaker[Session], watched: Iterable[str], write: Write) -> None:
    """From now on ``write`` gets, after each flush of these sessions, the new inquiries and those of which a watched column was set."""
    columns = frozenset(watched)

    def keep(session: Session, _context: UOWTransaction) -> None:
        """After one flush."""
        changed = [one for one in session.dirty if isinstance(one, Inquiry) and touched(one, columns)]
        write(session, [*(one for one in session.new if isinstance(one, Inquiry)), *changed])

    event.listen(sessions, "after_flush", keep)


def touched(inquiry: Inquiry, columns: Iterable[str]) -> bool:
    """Whether one of the columns was set in this flush."""
    attributes = inspect(inquiry).attrs
    return any(attributes[name].history.has_changes() for name in columns)
