"""Counted days: for each Shanghai day, unit and kind how many came in, were answered, closed, published; rebuilt by delete + insert.

The day's cells come from the same definitions as the year (board.reports.figures), so that the days of a year add up to its figures:
received and answered stand on the day of receipt (one cohort), closed and published on their own day.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from board.clock import day_start, local_day
from board.models import DayCount, Inquiry, Publication
from board.reports.days import shanghai_day
from board.reports.figures import figure_of
from board.reports.scope import Scope, day_scope

#: Any number that no other part takes as an advisory lock.
COUNT_LOCK = 20080501
#: figure of the day -> the column on whose Shanghai day it stands
COUNTED: dict[str, InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]] = {
    "received": Inquiry.received_at,
    "answered": Inquiry.received_at,
    "closed": Inquiry.closed_at,
    "published": Publication.published_at,
}


def recount_day(session: Session, day: date, at: datetime) -> None:
    """Recounts a day, and the days of receipt of what was answered on it."""
    for affected in {day, *receipt_days(session, day_scope(day, at))}:
        recount_span(session, day_scope(affected, at))


def receipt_days(session: Session, scope: Scope) -> set[date]:
    """The days on which the inquiries came that were answered in the span."""
    return set(session.scalars(select(shanghai_day(Inquiry.received_at)).where(Inquiry.answered_at >= scope.start, Inquiry.answered_at < scope.end).distinct()))


def recount_span(session: Session, scope: Scope) -> int:
    """Replaces all counted days of the span (all units); returns how many cells were written."""
    first, behind = scope.days
    one_at_a_time(session)
    session.execute(delete(DayCount).where(DayCount.day >= first, DayCount.day < behind))
    cells = [cell for name in COUNTED for cell in cells_of(session, scope, name)]
    if cells:
        session.execute(insert(DayCount), cells)
    return len(cells)


def one_at_a_time(session: Session) -> None:
    """Two recounts of one day must not both insert: PostgreSQL gets a lock until the end of the transaction, SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(COUNT_LOCK)))


def cells_of(session: Session, scope: Scope, name: str) -> Iterator[dict[str, object]]:
    """The cells of one figure: (day, unit, kind) with what stands in them, empty ones left out."""
    day: ColumnElement[date] = shanghai_day(COUNTED[name])
    query = select(day, Inquiry.unit_id, Inquiry.kind, func.count()).select_from(Inquiry).where(figure_of(f"inquiries.{name}").where(scope))
    if name == "published":
        query = query.join(Publication, and_(Publication.inquiry_id == Inquiry.id, Publication.withdrawn_at.is_(None)))
    for when, unit_id, kind, number in session.execute(query.group_by(day, Inquiry.unit_id, Inquiry.kind)):
        yield {"day": when, "unit_id": unit_id, "kind": kind.value, "figure": name, "count": number}


def years_to_count(session: Session) -> list[int]:
    """All Shanghai years in which something came, was closed or published, or was counted before."""
    columns = (Inquiry.received_at, Inquiry.closed_at, Publication.published_at)
    bounds = [session.execute(select(func.min(column), func.max(column))).one() for column in columns]
    days = [local_day(instant) for pair in bounds for instant in pair if instant is not None]
    days += [day for day in session.execute(select(func.min(DayCount.day), func.max(DayCount.day))).one() if day is not None]
    return list(range(min(days).year, max(days).year + 1)) if days else []


def years_received(session: Session, at: datetime) -> list[int]:
    """The Shanghai years in which an inquiry came, newest first, and always the present one."""
    first, present = session.scalar(select(func.min(Inquiry.received_at))), local_day(at).year
    came = [year for year in range(local_day(first).year, present) if session.scalar(select(received_in(year, at)))] if first else []
    return [present, *reversed(came)]


def received_in(year: int, at: datetime) -> ColumnElement[bool]:
    """Whether anything came in a year."""
    scope = Scope(day_start(date(year, 1, 1)), day_start(date(year + 1, 1, 1)), None, at)
    return exists().where(figure_of("inquiries.received").where(scope))


def recount_year(session: Session, year: int, at: datetime) -> int:
    """Recounts all days of a year; returns the number of cells."""
    return recount_span(session, Scope(day_start(date(year, 1, 1)), day_start(date(year + 1, 1, 1)), None, at))


def recount_all(session: Session, at: datetime) -> int:
    """Recounts every day there is; the same rows always give the same counts."""
    return sum(recount_year(session, year, at) for year in years_to_count(session))


def counted(session: Session, name: str, scope: Scope) -> int:
    """A figure of the counted days over a span."""
    first, behind = scope.days
    query = select(func.sum(DayCount.count)).where(DayCount.figure == name, DayCount.day >= first, DayCount.day < behind)
    if scope.unit_ids is not None:
        query = query.where(DayCount.unit_id.in_(scope.unit_ids))
    return int(session.scalar(query) or 0)
