"""Taking down (代录) what came by telephone, at the window, by letter, or with a referral slip (转办单) of another body."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, InvalidInput
from board.inquiries.channels import BY_STAFF
from board.inquiries.deadlines import Calendar
from board.inquiries.lifecycle import move
from board.inquiries.posting import Post, Posted, post_inquiry
from board.models import Channel, Inquiry, Referral
from board.settings import Settings
from board.staff.roles import Actor, Right, require
from board.wording.labels import Labels

SLIP_MOST = 80
#: A slip's deadline lies within these days of the day on which it is taken down.
DEADLINE_DAYS = 366


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a referral slip: who sent it (one of the configured sources), its own number, its own deadline if it names one."""

    source: str
    number: str
    due_on: date | None = None


def take_down(session: Session, settings: Settings, labels: Labels, key: bytes, calendar: Calendar, actor: Actor, post: Post, slip: Slip | None, at: datetime) -> Posted:
    """Stores the inquiry as ``post_inquiry`` does, with the member of staff as the actor of its first event, and its slip beside it.

    InvalidInput names the field: a channel that is none of staff's, a slip without source or number, one that is already here.
    """
    require(actor, Right.take_down)
    if post.channel not in BY_STAFF:
        raise InvalidInput("请选择来件渠道。", "channel")
    if (slip is not None) != (post.channel == Channel.referral):
        raise InvalidInput("转办件须填写转办单，其他来件不填。", "slip_number")
    checked = checked_slip(settings, slip, local_day(at)) if slip else None
    posted = post_inquiry(session, settings, labels, key, calendar, replace(post, latest=checked.due_on if checked else None), at, actor)
    if checked is not None and not posted.repeated:
        attach(session, posted, checked, actor, at)
    return posted


def checked_slip(settings: Settings, slip: Slip, today: date) -> Slip:
    """The slip with cleaned values; InvalidInput for an unknown source, an empty number, or a deadline far away."""
    sources: Sequence[str] = settings.section("referrals")["sources"]
    if slip.source not in sources:
        raise InvalidInput(f"转办来源应为{'、'.join(sources)}之一。", "source")
    number = " ".join(bounded_number(slip.number).split())
    if not number:
        raise InvalidInput("请填写转办单编号。", "slip_number")
    if slip.due_on is not None and abs((slip.due_on - today).days) > DEADLINE_DAYS:
        raise InvalidInput("转办单期限与今天相差一年以上，请核对。", "slip_due")
    return Slip(slip.source, number, slip.due_on)


def bounded_number(number: str) -> str:
    """The number as given; InvalidInput when it is over-long."""
    if len(number) > SLIP_MOST:
        raise InvalidInput(f"转办单编号最多 {SLIP_MOST} 个字。", "slip_number")
    return number.replace("\0", "")


def attach(session: Session, posted: Posted, slip: Slip, actor: Actor, at: datetime) -> None:
    """Puts the slip beside its inquiry; the database refuses a second inquiry for the same slip, and so do we, naming the first."""
    earlier = session.scalar(select(Inquiry.number).join(Referral).where(Referral.source == slip.source, Referral.slip_number == slip.number))
    if earlier is not None:
        raise InvalidInput(f"这张转办单已经登记，留言编号 {earlier}。", "slip_number")
    try:
        with session.begin_nested():
            session.add(Referral(inquiry_id=posted.inquiry_id, source=slip.source, slip_number=slip.number, due_on=slip.due_on))
    except IntegrityError as error:
        raise Conflict("这张转办单刚刚由他人登记，请到转办件中查看。") from error
    inquiry = session.get_one(Inquiry, posted.inquiry_id)
    move(session, inquiry, "slip", actor, at, data={"source": slip.source, "due": slip.due_on.isoformat() if slip.due_on else ""})


def as_date(given: str, field: str) -> date | None:
    """A day as a form sends it (2026-12-01); None for an empty field; InvalidInput for anything else."""
    if not given.strip():
        return None
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise InvalidInput("日期应写作 2026-12-01 的样子。", field) from error


