"""Who works on an item: signs of life, a claim that ends when they stop, and taking over without losing a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from board.clock import local
from board.errors import Conflict, InvalidInput
from board.inquiries.lifecycle import move
from board.models import Inquiry, InquiryState, Presence
from board.settings import Settings
from board.staff.roles import Actor, Right, may

#: how long a claim lasts without a sign of life, unless the settings say otherwise
HOLD = timedelta(minutes=15)
#: how long somebody is shown as being there
HERE = timedelta(seconds=90)
DOINGS = frozenset({"reading", "writing", "reviewing"})


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever has the item in hand: last sign of life (None: none is known), and whether the claim still holds."""

    account_id: int
    name: str
    seen_at: datetime | None
    holds: bool


def hold_of(settings: Settings) -> timedelta:
    """How long a claim lasts without a sign of life (config desk.claim_minutes)."""
    return timedelta(minutes=int(settings.section("desk")["claim_minutes"]))


def beat(session: Session, actor: Actor, inquiry: Inquiry, doing: str, at: datetime) -> None:
    """A sign of life at an item; unknown doings count as reading."""
    if actor.account_id is None:
        return
    values = {"inquiry_id": inquiry.id, "account_id": actor.account_id, "since": at, "seen_at": at, "doing": doing if doing in DOINGS else "reading"}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Presence).values(**values)
    again = {"seen_at": statement.excluded.seen_at, "doing": statement.excluded.doing}
    session.execute(statement.on_conflict_do_update(index_elements=["inquiry_id", "account_id"], set_=again))


def leave(session: Session, actor: Actor, inquiry: Inquiry) -> None:
    """The actor is no longer at the item: a claim ends with it and others may take over at once; every text stays."""
    session.execute(delete(Presence).where(Presence.inquiry_id == inquiry.id, Presence.account_id == actor.account_id))


def people_at(session: Session, inquiry: Inquiry, at: datetime, here: timedelta = HERE) -> Sequence[Presence]:
    """Who has the item open now, longest first."""
    rows = select(Presence).where(Presence.inquiry_id == inquiry.id, Presence.seen_at > at - here).options(joinedload(Presence.account))
    return session.scalars(rows.order_by(Presence.since)).all()


def holder(session: Session, inquiry: Inquiry, at: datetime, hold: timedelta = HOLD) -> Holder | None:
    """Who has the item in hand; None when nobody has."""
    if inquiry.state != InquiryState.in_hand or inquiry.claimed_by_id is None or inquiry.claimed_by is None:
        return None
    seen = session.scalar(select(Presence.seen_at).where(Presence.inquiry_id == inquiry.id, Presence.account_id == inquiry.claimed_by_id))
    return Holder(inquiry.claimed_by_id, inquiry.claimed_by.display_name, seen, seen is not None and seen > at - hold)


def held_by_another(session: Session, actor: Actor, inquiry: Inquiry, at: datetime, hold: timedelta = HOLD) -> Holder | None:
    """The colleague whose claim holds; None when the item is the actor's or free to be taken over."""
    found = holder(session, inquiry, at, hold)
    return found if found and found.holds and not actor.holds(found.account_id) else None


def take_over(session: Session, actor: Actor, inquiry: Inquiry, at: datetime, hold: timedelta = HOLD, reason: str = "") -> None:
    """接办: the item changes hands; what the other typed stays and is shown.

    A claim that still holds is only taken by whoever may assign, with a reason: Conflict or InvalidInput otherwise.
    """
    other = held_by_another(session, actor, inquiry, at, hold)
    if other is not None and not may(actor, Right.assign, inquiry):
        raise Conflict(in_hand_of(other))
    if other is not None and not reason.strip():
        raise InvalidInput(f"{in_hand_of(other)}要接办，请写明理由。", "reason")
    change_hands(session, actor, inquiry, at, reason)


def change_hands(session: Session, actor: Actor, inquiry: Inquiry, at: datetime, reason: str = "") -> None:
    """The item is the actor's from now on; from whom is written down."""
    data = {"from": inquiry.claimed_by_id}
    move(session, inquiry, "take_over", actor, at, reason, data, claimed_by_id=actor.account_id)
    beat(session, actor, inquiry, "writing", at)


def in_hand_of(other: Holder) -> str:
    """Who works on it, in words."""
    return f"这条留言正由 {other.name} 办理" + (f"，最近一次操作在 {local(other.seen_at):%H:%M}。" if other.seen_at else "。")
