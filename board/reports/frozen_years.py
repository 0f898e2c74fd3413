"""Which years are frozen (closed by one person and confirmed by another), and what they say; read by everything that must not change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, undefer

from board.errors import NotFound
from board.models import FreezeConfirmation, YearFreeze
from board.reports.cell_items import unpacked


@dataclass(frozen=True, slots=True)
class Frozen:
    """A confirmed version of a year with its content (the snapshot as plain values)."""

    row: YearFreeze
    confirmation: FreezeConfirmation
    content: dict[str, Any]


def is_frozen(session: Session, year: int) -> bool:
    """Whether a version of the year was confirmed."""
    return bool(session.scalar(select(exists().where(FreezeConfirmation.year == year))))


def frozen_years(session: Session) -> list[int]:
    """All frozen years, newest first."""
    return list(session.scalars(select(FreezeConfirmation.year).distinct().order_by(FreezeConfirmation.year.desc())))


def frozen(session: Session, year: int, version: int | None = None, until: datetime | None = None) -> Frozen | None:
    """A version of a year, or the newest one (confirmed by then); None when there is none."""
    query = select(YearFreeze, FreezeConfirmation).join(FreezeConfirmation, FreezeConfirmation.freeze_id == YearFreeze.id).where(YearFreeze.year == year)
    if version is not None:
        query = query.where(YearFreeze.version == version)
    if until is not None:
        query = query.where(FreezeConfirmation.at <= until)
    row = session.execute(query.options(undefer(YearFreeze.snapshot)).order_by(YearFreeze.version.desc()).limit(1)).first()
    return Frozen(row[0], row[1], unpacked(row[0].snapshot)) if row is not None else None


def required(session: Session, year: int, version: int | None = None) -> Frozen:
    """The same; NotFound when there is none."""
    found = frozen(session, year, version)
    if found is None:
        raise NotFound(f"{year}年度没有关账" + (f"的第{version}版。" if version is not None else "。"))
    return found


def versions(session: Session, year: int) -> Sequence[YearFreeze]:
    """Every closing of a year, confirmed or not, newest first."""
    return session.scalars(select(YearFreeze).where(YearFreeze.year == year).order_by(YearFreeze.id.desc())).all()


def waiting(session: Session, year: int) -> YearFreeze | None:
    """The closing that waits for its second person: the newest one when it was not confirmed."""
    newest = next(iter(versions(session, year)), None)
    return newest if newest is not None and newest.confirmation is None else None
