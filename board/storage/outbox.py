"""The outbox: what must happen later is written with the change itself, and sent to the broker until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from board.models import OutboxRow, OutboxState


@dataclass(frozen=True, slots=True)
class Wake:
    """A wake-up for a worker: the row's id, the task's name and its subject (an id or a day)."""

    row_id: int
    task: str
    subject: str


def write(session: Session, task: str, subject: object, at: datetime) -> None:
    """Notes that ``task`` must be done for ``subject``; a row that is there already is opened again."""
    row = session.scalar(select(OutboxRow).where(OutboxRow.task == task, OutboxRow.subject == str(subject)).with_for_update())
    if row is None:
        session.add(OutboxRow(task=task, subject=str(subject), next_attempt_at=at, created_at=at))
    else:
        row.state, row.next_attempt_at, row.sent, row.attempts, row.done_at, row.error = OutboxState.open, at, 0, 0, None, ""
    session.flush()


def claim_due(session: Session, at: datetime, retry: float, retry_most: float, limit: int = 100) -> Sequence[Wake]:
    """The open rows whose time has come; each gets its next time (seconds: retry x 2^sent, bounded) before it is sent."""
    due = select(OutboxRow).where(OutboxRow.state == OutboxState.open, OutboxRow.next_attempt_at <= at)
    rows = session.scalars(due.order_by(OutboxRow.next_attempt_at, OutboxRow.id).limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.next_attempt_at = at + timedelta(seconds=min(retry_most, retry * 2 ** min(row.sent, 10)))
        row.sent += 1
    session.flush()
    return [Wake(row.id, row.task, row.subject) for row in rows]


def begin(session: Session, row_id: int, attempts_most: int) -> bool:
    """Counts an attempt before the work starts; False when the row is done or gone, or its attempts are used up (then it is failed)."""
    row = session.get(OutboxRow, row_id, with_for_update=True)
    if row is None or row.state != OutboxState.open:
        return False
    if row.attempts >= attempts_most:
        row.state = OutboxState.failed
        row.error = row.error or "多次尝试后仍未完成，请人工处理"
        return False
    row.attempts += 1
    return True


def finish(session: Session, task: str, subject: object, at: datetime) -> None:
    """Marks the work as done, in the transaction that did it."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.task == task, OutboxRow.subject == str(subject))
        .values(state=OutboxState.done, done_at=at, error="")
        .execution_options(synchronize_session=False)
    )


def put_off(session: Session, row_id: int, until: datetime, error: str) -> None:
    """The work could not be done for a reason outside: its attempts begin anew at a later time."""
    values = {"next_attempt_at": until, "attempts": 0, "sent": 0, "error": error[:500]}
    session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(**values).execution_options(synchronize_session=False))


def give_up(session: Session, row_id: int, error: str) -> None:
    """No further attempt by itself: the row is shown to staff, who may give it another round."""
    values = {"state": OutboxState.failed, "error": error[:500]}
    session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(**values).execution_options(synchronize_session=False))


def note_error(session: Session, row_id: int, error: str) -> None:
    """Keeps what went wrong last (500 characters, no personal text)."""
    session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(error=error[:500]).execution_options(synchronize_session=False))


def reopen(session: Session, row_id: int, at: datetime) -> None:
    """Staff ask for another round of attempts of a failed row."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.state == OutboxState.failed)
        .values(state=OutboxState.open, attempts=0, sent=0, next_attempt_at=at)
    )


def oldest_open(session: Session) -> datetime | None:
    """When the oldest row that is still open was written; None when all is done."""
    return session.scalar(select(func.min(OutboxRow.created_at)).where(OutboxRow.state == OutboxState.open))


def failed_rows(session: Session) -> Sequence[OutboxRow]:
    """Rows whose attempts are used up, newest first (at most 200)."""
    return session.scalars(select(OutboxRow).where(OutboxRow.state == OutboxState.failed).order_by(OutboxRow.id.desc()).limit(200)).all()
