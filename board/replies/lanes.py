"""The lanes of the desk: what each holds, and the red lines that no inquiry may cross (DOMAIN 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Integer, and_, cast, select, text, true

from board.clock import day_start
from board.inquiries.deadlines import Calendar, due_after
from board.models import Inquiry, InquiryState, OutboxRow, OutboxState, PartState, ReplyPart, Urgency
from board.models.inquiries import LIVE
from board.settings import Settings
from board.staff.roles import Actor

S = InquiryState
#: every lane, in the order in which it is offered
LANES = (
    "all", "mine", "unit", "unassigned", "received", "today", "soon", "overdue", "approval", "returned", "warn", "escalate", "fail", "urgent", "supervised", "joint", "held", "paused",
    "failed", "done",
)  # fmt: skip
INQUIRY_TASKS = ("draft_reply", "publish_reply")
#: in the words of the partial indexes, so that both databases use them
live = text(LIVE.format("inquiries."))
ended = text(f"NOT ({LIVE.format('inquiries.')})")


@dataclass(frozen=True, slots=True)
class Lines:
    """The days that lanes are cut at: due up to ``soon`` is soon; received before the instants is past a red line."""

    today: date
    soon: date
    warn: datetime
    escalate: datetime
    fail: datetime


def lines_on(settings: Settings, calendar: Calendar, today: date) -> Lines:
    """Today's lines: soon is so many working days ahead, the red lines so many calendar days and calendar months back."""
    chosen = settings.section("deadlines")
    soon = due_after(calendar, today, int(chosen["soon_days"])).day
    warn, escalate = older_than(today, int(chosen["warn_days"])), older_than(today, int(chosen["escalate_days"]))
    return Lines(today, soon, warn, escalate, failing_before(today, int(chosen["fail_months"])))


def older_than(today: date, days: int) -> datetime:
    """Received before this instant is older than so many calendar days."""
    return day_start(today - timedelta(days=days))


def failing_before(today: date, months: int) -> datetime:
    """Received before this instant has waited for more than so many calendar months (国办秘函〔2019〕19号)."""
    day = today - timedelta(days=31 * months + 1)
    while months_after(day, months) < today:
        day += timedelta(days=1)
    return day_start(day)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def conditions(actor: Actor, lines: Lines) -> Mapping[str, ColumnElement[bool]]:
    """What each lane holds. History that was brought in stands in no lane but "done"."""
    failed = select(cast(OutboxRow.subject, Integer)).where(OutboxRow.task.in_(INQUIRY_TASKS), OutboxRow.state == OutboxState.failed)
    joint = select(ReplyPart.inquiry_id).where(ReplyPart.state == PartState.asked, ReplyPart.unit_id.in_(sorted(actor.unit_ids)))
    return {
        "all": and_(true(), live),
        "mine": and_(live, Inquiry.claimed_by_id.in_(sorted({actor.account_id or 0, *actor.stands_in}))),
        "unit": and_(live, Inquiry.unit_id.in_(sorted(actor.unit_ids))),
        "unassigned": and_(live, Inquiry.state.in_((S.received, S.accepted, S.assigned)), Inquiry.claimed_by_id.is_(None)),
        "received": and_(live, Inquiry.state == S.received),
        "today": and_(live, Inquiry.due_on == lines.today),
        "soon": and_(live, Inquiry.due_on > lines.today, Inquiry.due_on <= lines.soon),
        "overdue": and_(live, Inquiry.due_on < lines.today),
        "approval": and_(live, Inquiry.state == S.awaiting_approval),
        "returned": and_(live, Inquiry.state == S.returned),
        "warn": and_(live, Inquiry.received_at < lines.warn),
        "escalate": and_(live, Inquiry.received_at < lines.escalate),
        "fail": and_(live, Inquiry.received_at < lines.fail),
        "urgent": and_(live, Inquiry.urgency != Urgency.ordinary),
        "supervised": and_(live, Inquiry.supervised_until.is_not(None)),
        "joint": and_(live, Inquiry.id.in_(joint)),
        "held": and_(live, Inquiry.held_reason != ""),
        "paused": and_(live, Inquiry.due_on.is_(None)),
        "failed": and_(live, Inquiry.id.in_(failed)),
        "done": and_(true(), ended),
    }
