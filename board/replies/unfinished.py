"""Work of the machine whose attempts are used up: shown to staff, and given another round when they ask for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import NotFound
from board.inquiries.delicate import not_against
from board.inquiries.events import note
from board.models import Inquiry, OutboxRow, OutboxState
from board.replies.lanes import INQUIRY_TASKS
from board.staff.roles import Actor, Right, may, require
from board.storage import outbox


@dataclass(frozen=True, slots=True)
class FailedWork:
    """Work whose attempts are used up; ``number`` and ``title`` of the inquiry it belongs to ("" without one, or without the right to read)."""

    row_id: int
    task: str
    subject: str
    number: str
    title: str
    attempts: int
    error: str
    created_at: datetime


def failed_work(session: Session, actor: Actor) -> list[FailedWork]:
    """All failed rows, newest first."""
    require(actor, Right.requeue)
    rows = outbox.failed_rows(session)
    keys = [int(row.subject) for row in rows if row.task in INQUIRY_TASKS and row.subject.isdigit()]
    known = {str(found.id): found for found in session.scalars(select(Inquiry).where(Inquiry.id.in_(keys), not_against(actor)))}
    readable = may(actor, Right.read_inquiry)
    return [failed_row(row, known.get(row.subject) if row.task in INQUIRY_TASKS else None, readable) for row in rows]


def failed_row(row: OutboxRow, inquiry: Inquiry | None, readable: bool) -> FailedWork:
    """One failed row for the page."""
    number, title = (inquiry.number, inquiry.title if readable else "") if inquiry else ("", "")
    return FailedWork(row.id, row.task, row.subject, number, title, row.attempts, row.error, row.created_at)


def requeue(session: Session, actor: Actor, row_id: int, at: datetime) -> None:
    """Another round of attempts for a failed row; who asked for it is written down."""
    require(actor, Right.requeue)
    row = session.get(OutboxRow, row_id) if 0 < row_id < 2**31 else None
    if row is None or row.state != OutboxState.failed:
        raise NotFound("没有这项未完成的任务，可能已经重新执行。")
    outbox.reopen(session, row.id, at)
    note(session, "requeue", actor.name, at, data={"task": row.task, "subject": row.subject})
