"""Notices in the page: what others did that concerns a person since they last looked; read from the events, so that none can get lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from board.inquiries.delicate import not_against
from board.models import Event, Inquiry, NoticeMark, Reply
from board.replies.desk_view import actors_of, names, who_acted
from board.replies.marked_texts import covered_title
from board.staff.roles import Actor, Right, may

#: what concerns who has the item in hand or wrote the reply, and what concerns the unit
TO_HOLDER = ("send_back", "approve", "endorse", "correct_and_sign", "bypass", "withdraw", "supplement", "supervise", "remind", "unmerge", "co_answer", "resume")
TO_UNIT = ("assign", "follow_up", "reopen", "mark_urgent", "propose_urgent")
MOST = 30


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened: the event's id and action, the item, who did it, when and why."""

    id: int
    action: str
    number: str
    title: str
    who: str
    at: datetime
    reason: str


def concerning(actor: Actor) -> ColumnElement[bool]:
    """Events of others that this person should know of."""
    wrote = select(Reply.inquiry_id).where(Reply.author_id == actor.account_id, Reply.in_force)
    mine = or_(Inquiry.claimed_by_id == actor.account_id, Inquiry.id.in_(wrote))
    taken = and_(Event.action == "take_over", Event.data["from"].as_integer() == actor.account_id)
    signed = and_(Event.action == "paper", Event.data["signatory"].as_integer() == actor.account_id)
    held = and_(Event.action.in_(TO_HOLDER), mine)
    unit = and_(Event.action.in_(TO_UNIT), Inquiry.unit_id.in_(actor.unit_ids if may_work(actor) else ()))
    return and_(Event.actor != actor.name, or_(held, taken, signed, unit), not_against(actor))


def may_work(actor: Actor) -> bool:
    """Whether the person handles items of the units at all."""
    return may(actor, Right.claim) or may(actor, Right.assign)


def last_read(session: Session, actor: Actor) -> int:
    """The newest event that the person has seen; for one who never looked, none of long ago."""
    marked = session.scalar(select(NoticeMark.event_id).where(NoticeMark.account_id == actor.account_id))
    return marked if marked is not None else max(0, (session.scalar(select(func.max(Event.id))) or 0) - 1000)


def unread(session: Session, actor: Actor, limit: int = MOST) -> list[Notice]:
    """The newest notices that were not read yet."""
    if actor.account_id is None or not may(actor, Right.read_inquiry):
        return []
    rows = select(Event, Inquiry.number, Inquiry.title).join(Inquiry, Inquiry.id == Event.inquiry_id)
    found = session.execute(rows.where(Event.id > last_read(session, actor), concerning(actor)).order_by(Event.id.desc()).limit(limit)).all()
    people = names(session, actors_of([event for event, _, _ in found]))
    return [
        Notice(event.id, event.action, number, covered_title(title), who_acted(event, people), event.at, event.reason) for event, number, title in found
    ]  # fmt: skip


def mark_read(session: Session, actor: Actor, up_to: int) -> None:
    """Everything up to this event was read; an older mark never comes back."""
    if actor.account_id is None or up_to <= last_read(session, actor):
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(NoticeMark).values(account_id=actor.account_id, event_id=up_to)
    session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_={"event_id": statement.excluded.event_id}))
