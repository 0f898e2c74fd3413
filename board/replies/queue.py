"""The desk's queue: lanes, counts, and what is failed or over age; the order is by due date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from board.clock import day_start
from board.errors import NotFound
from board.inquiries.events import note
from board.inquiries.lifecycle import OPEN
from board.models import Inquiry, InquiryState, OutboxRow, OutboxState, Publication, Reply, ReplyState
from board.staff.roles import Actor, Right, may, require
from board.storage import outbox
from board.storage.paging import Page, escaped, paged
from responder.text import plain

LANES = ("all", "mine", "unassigned", "received", "today", "overdue", "approval", "returned", "failed", "aged", "done")
INQUIRY_TASKS = ("draft_reply", "publish_reply")
AGED_DAYS = 60  # DOMAIN 4: the first red line


def conditions(actor: Actor, today: date) -> Mapping[str, ColumnElement[bool]]:
    """What each lane holds. History that was brought in stands in no lane but "done"."""
    live = and_(Inquiry.state.in_(OPEN), Inquiry.imported.is_(False))
    failed = select(OutboxRow.subject).where(OutboxRow.task.in_(INQUIRY_TASKS), OutboxRow.state == OutboxState.failed)
    return {
        "all": live,
        "mine": and_(live, Inquiry.claimed_by_id.in_({actor.account_id, *actor.stands_in})),
        "unassigned": and_(live, Inquiry.state.in_((InquiryState.received, InquiryState.accepted, InquiryState.assigned)), Inquiry.claimed_by_id.is_(None)),
        "received": and_(live, Inquiry.state == InquiryState.received),
        "today": and_(live, Inquiry.due_on == today),
        "overdue": and_(live, Inquiry.due_on < today),
        "approval": and_(live, Inquiry.state == InquiryState.awaiting_approval),
        "returned": and_(live, Inquiry.state == InquiryState.returned),
        "failed": and_(live, cast(Inquiry.id, OutboxRow.subject.type).in_(failed)),
        "aged": and_(live, Inquiry.received_at < day_start(today - timedelta(days=AGED_DAYS))),
        "done": Inquiry.state.not_in(OPEN),
    }


def visible(actor: Actor) -> Select[Inquiry]:
    """The inquiries that this member of staff may see (in this version: all of the office)."""
    require(actor, Right.read_inquiry)
    return select(Inquiry).options(joinedload(Inquiry.unit), joinedload(Inquiry.claimed_by))


def desk_queue(session: Session, actor: Actor, lane: str, today: date, query: str = "", page: int = 1) -> Page[Inquiry]:
    """One page of a lane; a query searches number, title, text and nickname (each word must occur)."""
    statement = visible(actor).where(conditions(actor, today).get(lane, conditions(actor, today)["all"]))
    for word in plain(query[:200]).split()[:8]:
        like = f"%{escaped(word)}%"
        statement = statement.where(or_(*(func.lower(c).like(like, escape="\\") for c in (Inquiry.number, Inquiry.title, Inquiry.text, Inquiry.nickname))))
    order = (Inquiry.received_at.desc(), Inquiry.id.desc()) if lane == "done" else (Inquiry.due_on, Inquiry.received_at, Inquiry.id)
    return paged(session, statement.order_by(*order), page)


def counts(session: Session, actor: Actor, today: date) -> dict[str, int]:
    """How many items each lane holds, in one query."""
    require(actor, Right.read_inquiry)
    lanes = conditions(actor, today)
    row = session.execute(select(*(func.count().filter(lanes[lane]).label(lane) for lane in LANES)).select_from(Inquiry)).one()
    return dict(zip(LANES, row, strict=True))


def drafts_of(session: Session, inquiry_ids: list[int]) -> dict[int, Reply]:
    """The reply in force of each inquiry that has one."""
    return {reply.inquiry_id: reply for reply in session.scalars(select(Reply).where(Reply.inquiry_id.in_(inquiry_ids), Reply.in_force))}


def red_lines(session: Session, today: date, days: int) -> int:
    """How many open items are older than so many calendar days (DOMAIN 4: 60 warn, 80 escalate)."""
    limit = day_start(today - timedelta(days=days))
    return (
        session.scalar(select(func.count()).select_from(Inquiry).where(Inquiry.state.in_(OPEN), Inquiry.imported.is_(False), Inquiry.received_at < limit)) or 0
    )


def without_draft(session: Session, limit: int = 100) -> list[int]:
    """Ids of live inquiries that still wait for review but have neither a reply nor an outbox row: the relay gives them one."""
    covered = select(OutboxRow.subject).where(OutboxRow.task == "draft_reply")
    statement = select(Inquiry.id).where(
        Inquiry.state == InquiryState.received, Inquiry.imported.is_(False), cast(Inquiry.id, OutboxRow.subject.type).not_in(covered),
        Inquiry.id.not_in(select(Reply.inquiry_id)),
    )  # fmt: skip
    return list(session.scalars(statement.order_by(Inquiry.id).limit(limit)))


def approved_unpublished(session: Session, limit: int = 100) -> list[int]:
    """Ids of inquiries whose reply is approved but not published and has no outbox row for it."""
    covered = select(OutboxRow.subject).where(OutboxRow.task == "publish_reply")
    statement = select(Reply.inquiry_id).where(
        Reply.state == ReplyState.approved,
        Reply.in_force,
        Reply.id.not_in(select(Publication.reply_id)),
        func.cast(Reply.inquiry_id, OutboxRow.subject.type).not_in(covered),
    )
    return list(session.scalars(statement.order_by(Reply.inquiry_id).limit(limit)))


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
    known = {str(found.id): found for found in session.scalars(select(Inquiry).where(Inquiry.id.in_(keys)))}
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
