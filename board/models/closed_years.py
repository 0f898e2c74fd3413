"""Monthly returns with their adjustments, overruled findings, closed years and the templates of superior offices: nothing here is ever changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named


class ReturnKind(StrEnum):
    """月报, or 期初数: the balance of an office that starts in mid-year."""

    month = "month"
    opening = "opening"


class MonthlyReturn(Base):
    """A submitted month (or the opening balance of the months up to ``month``): every counted cell of every form in force at that moment.

    ``cells`` is form -> path -> number; ``items`` is the packed list of what each cell counted (board.reports.refs); ``sha256`` covers both.
    """

    __tablename__ = "monthly_returns"
    __table_args__ = (
        UniqueConstraint("year", "month", "revision"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("kind = 'opening' OR revision = 1", name="revision"),
        CheckConstraint("submitted_by <> ''", name="submitted_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReturnKind] = mapped_column(named(ReturnKind), default=ReturnKind.month)
    year: Mapped[int]
    month: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    items: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(300), default="")
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by: Mapped[str] = mapped_column(String(80))

    adjustments: Mapped[list["ReturnAdjustment"]] = relationship(order_by="ReturnAdjustment.id", viewonly=True)


class ReturnAdjustment(Base):
    """A cell of a month that was submitted before, as it changed since: told with a later return.

    ``added`` and ``removed`` are the items that cause it, as [kind, id, number].
    """

    __tablename__ = "return_adjustments"
    __table_args__ = (
        UniqueConstraint("return_id", "year", "month", "form", "path"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("monthly_returns.id"), index=True)
    year: Mapped[int]
    month: Mapped[int]
    form: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(String(80))
    before: Mapped[str] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    added: Mapped[list[Any]] = mapped_column(JSON)
    removed: Mapped[list[Any]] = mapped_column(JSON)


class FindingOverruling(Base):
    """A finding of a year's checker that a person lets stand, with the printed reason; it holds as long as the finding reads exactly so."""

    __tablename__ = "finding_overrulings"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"), CheckConstraint("overruled_by <> ''", name="overruled_by"))

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    form: Mapped[str] = mapped_column(String(10), default="")
    rule: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    message: Mapped[str] = mapped_column(String(1000))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(Instant)
    overruled_by: Mapped[str] = mapped_column(String(80))


class YearFreeze(Base):
    """A year as one person closed it: the packed canonical JSON and its SHA-256; ``version`` counts what a second person confirmed."""

    __tablename__ = "year_freezes"
    __table_args__ = (
        UniqueConstraint("year", "version", "attempt"),
        UniqueConstraint("id", "closed_by"),
        CheckConstraint("closed_by <> ''", name="closed_by"),
        CheckConstraint("version = 1 OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int]
    attempt: Mapped[int]
    snapshot: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300), default="")
    counted_at: Mapped[datetime] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(80))

    confirmation: Mapped["FreezeConfirmation | None"] = relationship(viewonly=True)


class FreezeConfirmation(Base):
    """The second person's yes to a closed year; never the first one's, and one for each version."""

    __tablename__ = "freeze_confirmations"
    __table_args__ = (
        UniqueConstraint("year", "version"),
        ForeignKeyConstraint(["freeze_id", "closed_by"], ["year_freezes.id", "year_freezes.closed_by"]),
        CheckConstraint("confirmed_by <> closed_by AND confirmed_by <> ''", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    freeze_id: Mapped[int] = mapped_column(unique=True)
    year: Mapped[int]
    version: Mapped[int]
    closed_by: Mapped[str] = mapped_column(String(80))
    confirmed_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)


class ReturnTemplate(Base):
    """A superior office's own Excel file and which form cell goes into which of its cells; the newest revision of a name counts."""

    __tablename__ = "return_templates"
    __table_args__ = (UniqueConstraint("name", "revision"), CheckConstraint("name <> ''", name="name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    revision: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    in_use: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(Instant)
    kept_by: Mapped[str] = mapped_column(String(80))
