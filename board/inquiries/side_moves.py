"""Side moves of staff: extension, pause and resumption, a correction asked of the citizen, transfer, giving up, reminder, supervision."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, InvalidInput
from board.inquiries.lifecycle import TRANSITIONS, check_actor, check_state, move
from board.inquiries.limits import limit_for
from board.inquiries.merging import refuse_with_members
from board.inquiries.term_clock import Rules, timed_move
from board.models import Event, Inquiry
from board.settings import Settings
from board.staff.roles import Actor

BODY_MOST = 200
LAST_DAY = date(2200, 1, 1)


def extension_most(settings: Settings, inquiry: Inquiry) -> int:
    """The greatest extension, in working days, by the rule in force on the day of receipt."""
    return limit_for(settings, inquiry.kind.value, local_day(inquiry.received_at), inquiry.unit.code).extension


def extend(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, days: int, reason: str, at: datetime) -> None:
    """延期, once, before the term is over, with a reason that the citizen reads; ``days`` are working days."""
    step = TRANSITIONS["extend"]
    check_actor(step, actor, inquiry)
    check_state(step, inquiry)
    most = extension_most(rules.settings, inquiry)
    if not 1 <= days <= most:
        raise InvalidInput(f"延期应为 1 到 {most} 个工作日。", "days")
    if inquiry.due_on is not None and local_day(at) > inquiry.due_on:
        raise Conflict("已超过办理期限，不能再延期；请尽快答复。")
    timed_move(session, rules, inquiry, "extend", actor, at, reason, {"days": days}, extended=True)


def pause(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """暂停计时 while a third party is heard or something is examined: the clock stands from the day after."""
    timed_move(session, rules, inquiry, "pause", actor, at, reason)


def ask_correction(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """要求补正, once: ``reason`` says what is missing; the clock stands until the citizen has written, and then begins anew."""
    timed_move(session, rules, inquiry, "ask_correction", actor, at, reason, correction_asked=True)


def resume(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """恢复计时: counting goes on from the day after."""
    timed_move(session, rules, inquiry, "resume", actor, at, reason)


def transfer(session: Session, actor: Actor, inquiry: Inquiry, body: str, reason: str, at: datetime) -> None:
    """移送 to another authority; the citizen is told where (name and, if known, telephone)."""
    to = " ".join(body.replace("\0", "").split())
    if not 1 <= len(to) <= BODY_MOST:
        raise InvalidInput(f"请写明移送到哪个机关（最多 {BODY_MOST} 个字）。", "body")
    refuse_with_members(session, inquiry)
    move(session, inquiry, "transfer", actor, at, reason, {"body": to}, transferred_to=to)


def unclaim(session: Session, actor: Actor, inquiry: Inquiry, at: datetime, reason: str = "") -> None:
    """放弃办理: the item goes back to its unit; what was written stays."""
    move(session, inquiry, "unclaim", actor, at, reason, claimed_by_id=None)


def remind(session: Session, actor: Actor, inquiry: Inquiry, at: datetime, reason: str = "") -> None:
    """催办; once a day for each inquiry, whoever reminds."""
    last = session.scalar(select(Event.at).where(Event.inquiry_id == inquiry.id, Event.action == "remind").order_by(Event.sequence.desc()).limit(1))
    if last is not None and local_day(last) == local_day(at):
        raise Conflict("今天已经催办过这条留言。")
    move(session, inquiry, "remind", actor, at, reason)


def supervise(session: Session, actor: Actor, inquiry: Inquiry, reason: str, at: datetime, due_on: date | None = None) -> None:
    """督办, with a reason and a day of its own (a second one replaces the day); the term that the citizen was told stays. Without a day: the term's."""
    day = due_on or inquiry.due_on or local_day(at)
    if due_on is not None and not local_day(at) <= due_on <= LAST_DAY:
        raise InvalidInput("督办期限应为今天或以后的日期。", "due_on")
    move(session, inquiry, "supervise", actor, at, reason, {"due": day.isoformat()}, supervised_until=day)
