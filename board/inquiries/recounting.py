"""Due days that rest on an unpublished calendar are counted again when it is known."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.inquiries.lifecycle import OPEN
from board.inquiries.term_clock import Rules, timed_move, why
from board.models import Inquiry
from board.staff.roles import SYSTEM

AT_ONCE = 1000


def recount_terms(session: Session, rules: Rules, at: datetime) -> int:
    """Counts the provisional terms of open inquiries again; each that changed gets an event with both days. Returns how many; may run twice."""
    waiting = select(Inquiry).where(Inquiry.due_provisional, Inquiry.state.in_(OPEN), Inquiry.imported.is_(False)).order_by(Inquiry.id).limit(AT_ONCE)
    return sum(recounted(session, rules, inquiry, at) for inquiry in session.scalars(waiting).all())


def recounted(session: Session, rules: Rules, inquiry: Inquiry, at: datetime) -> bool:
    """Whether the term of one inquiry has changed."""
    found = why(session, rules, inquiry)
    if (found.due, found.provisional) == (inquiry.due_on, inquiry.due_provisional):
        return False
    before = inquiry.due_on.isoformat() if inquiry.due_on else ""
    timed_move(session, rules, inquiry, "recount_term", SYSTEM, at, data={"from": before, "to": found.due.isoformat() if found.due else ""})
    return True
