"""Work on an answered inquiry begins again: 重新办理 after a poor rating, 撤下答复, 更正答复; the earlier text is kept for ever."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from board.clock import local_day
from board.inquiries import answer_hooks
from board.inquiries.term_clock import Rules, timed_move
from board.inquiries.writing_again import fresh_limit
from board.models import HookKind, Inquiry, Publication
from board.staff.roles import SYSTEM, Actor
from board.storage import outbox


def reopen(session: Session, rules: Rules, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """重新办理, once, after a poor rating; the rating's rules are the caller's. The answer stays until another is given."""
    again(session, rules, SYSTEM, inquiry, "reopen", reason, at, reopened=True)


def retract(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """撤下答复: at once nobody sees it any more; a new term begins."""
    again(session, rules, actor, inquiry, "retract", reason, at)
    if answer_hooks.public_answer(session, inquiry.id):
        answer_hooks.note(session, inquiry.id, HookKind.withdrawn, at)
    session.execute(update(Publication).where(Publication.inquiry_id == inquiry.id, Publication.withdrawn_at.is_(None)).values(withdrawn_at=at))
    for day in {local_day(inquiry.received_at), local_day(at)}:
        outbox.write(session, "recount_day", day.isoformat(), at)


def revise(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """更正答复: the standing text is seen until the corrected one replaces it."""
    again(session, rules, actor, inquiry, "revise", reason, at)


def again(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, action: str, reason: str, at: datetime, **changes: object) -> None:
    """The move back to the unit with a new term; nobody holds the item, nothing is closed."""
    data = fresh_limit(rules, inquiry, at)
    timed_move(session, rules, inquiry, action, actor, at, reason, data, closed_at=None, claimed_by_id=None, extended=False, **changes)
