"""The term (答复期限) of an application, counted by the clock of inquiries from the law in force on the day of receipt (条例 Art. 33)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from board.applications.life import TRANSITIONS, events_of, move
from board.clock import local_day
from board.errors import Conflict
from board.inquiries.deadlines import Due, due_after
from board.inquiries.limits import Limit, limit_for
from board.inquiries.term_clock import Explained, Rules, Term, after, explained
from board.models import Application, Event
from board.staff.roles import Actor


def limit_of(rules: Rules, received: date) -> Limit:
    """15 + 15 working days until 2019-05-14, 20 + 20 from then, as config [deadlines] says."""
    return limit_for(rules.settings, "application", received)


def first_due(rules: Rules, received: date) -> tuple[int, Due]:
    """The term in working days and its last day, counted from the day after receipt."""
    days = limit_of(rules, received).days
    return days, due_after(rules.calendar, received, days)


def term_of(rules: Rules, application: Application, events: Iterable[Event]) -> Term:
    """The term as the events tell it, oldest first; Conflict while the day of receipt is not settled."""
    if application.received_on is None:
        raise Conflict("尚未与申请人确认，答复期限还没有开始。")
    term = Term(application.received_on, application.term_days or limit_of(rules, application.received_on).days, "register")
    for event in events:
        term = after(term, event.action, local_day(event.at), event.data or {}, TRANSITIONS)
    return term


def why(session: Session, rules: Rules, application: Application) -> Explained | None:
    """为什么是这一天; None before the term began."""
    if application.received_on is None:
        return None
    return explained(rules.calendar, term_of(rules, application, events_of(session, application)))


def timed_move(
    session: Session, rules: Rules, application: Application, action: str, actor: Actor, at: datetime, reason: str = "",
    data: dict[str, Any] | None = None, **changes: Any,
) -> Event:  # fmt: skip
    """A move that touches the clock: counts the term as it will be after it and writes its end with the move, in the one compare-and-set."""
    given = data or {}
    term = after(term_of(rules, application, events_of(session, application)), action, local_day(at), given, TRANSITIONS)
    end = explained(rules.calendar, term)
    return move(session, application, action, actor, at, reason, given, due_on=end.due, due_provisional=end.provisional, term_days=term.days, **changes)
