"""Repairs what no message can: an inquiry that nobody is going to draft gets its outbox row back; signs of life of the parts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from board.models import Heartbeat, Inquiry, InquiryState, OutboxRow, OutboxState, Reply
from board.storage import outbox

PATIENCE = timedelta(seconds=60)


def undrafted(session: Session, at: datetime, limit: int = 200) -> Sequence[int]:
    """Ids of inquiries received over a minute ago that have neither a reply nor a row that is open, failed or just done."""
    before = at - PATIENCE
    cared_for = select(OutboxRow.id).where(
        OutboxRow.task == "draft_reply",
        OutboxRow.subject == cast(Inquiry.id, String),
        (OutboxRow.state != OutboxState.done) | (OutboxRow.done_at > before),
    )
    waiting = select(Inquiry.id).where(
        Inquiry.state == InquiryState.received,
        Inquiry.imported.is_(False),
        Inquiry.received_at < before,
        ~select(Reply.id).where(Reply.inquiry_id == Inquiry.id).exists(),
        ~cared_for.exists(),
    )
    return session.scalars(waiting.order_by(Inquiry.id).limit(limit)).all()


def reconcile(session: Session, at: datetime) -> int:
    """Writes a draft_reply row for each inquiry that waits for nothing; returns how many."""
    ids = undrafted(session, at)
    for inquiry_id in ids:
        outbox.write(session, "draft_reply", inquiry_id, at)
    return len(ids)


def note_heartbeat(session: Session, name: str, at: datetime, detail: str = "") -> None:
    """A part of the machine is alive; read by /readyz, ``huiying doctor`` and the supervisor."""
    beat = session.get(Heartbeat, name)
    if beat is None:
        session.add(Heartbeat(name=name, at=at, detail=detail))
    else:
        beat.at, beat.detail = at, detail
    session.flush()


def heartbeats(session: Session) -> dict[str, datetime]:
    """The last sign of life of each part."""
    return {beat.name: beat.at for beat in session.scalars(select(Heartbeat))}
