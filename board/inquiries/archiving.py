"""归档: a closed inquiry is archived some months after it was closed; it stays public and readable, ratings and further questions are over."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import Conflict
from board.inquiries.lifecycle import move
from board.models import Inquiry, InquiryState
from board.settings import Settings
from board.staff.roles import SYSTEM

AT_ONCE = 500


def archive_closed(session: Session, settings: Settings, at: datetime) -> int:
    """Archives what was closed ``life.archive_days`` calendar days ago or earlier (0: never), the oldest first. Returns how many; may run twice.

    Imported history stays as it came. One that its citizen opens again in the same moment is left alone.
    """
    days = int(settings.section("life")["archive_days"])
    if days < 1:
        return 0
    old = Inquiry.closed_at <= at - timedelta(days=days)
    waiting = select(Inquiry).where(Inquiry.state == InquiryState.closed, old, Inquiry.imported.is_(False)).order_by(Inquiry.closed_at).limit(AT_ONCE)
    return sum(archived(session, inquiry, at) for inquiry in session.scalars(waiting).all())


def archived(session: Session, inquiry: Inquiry, at: datetime) -> bool:
    """Whether the move was made; False when somebody else was first."""
    try:
        with session.begin_nested():
            move(session, inquiry, "archive", SYSTEM, at)
    except Conflict:
        return False
    return True
