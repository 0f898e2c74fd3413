"""Tables of the machine itself: outbox, heartbeats, import runs, counted days."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant, named


class OutboxState(StrEnum):
    """``failed`` rows are shown to staff; ``attempts`` was used up."""

    open = "open"
    done = "done"
    failed = "failed"


class OutboxRow(Base):
    """Work that must happen: written in the transaction that makes it necessary, sent again until done."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("task", "subject"),
        Index("ix_outbox_due", "state", "next_attempt_at"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    state: Mapped[OutboxState] = mapped_column(named(OutboxState), default=OutboxState.open)
    sent: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str] = mapped_column(String(500), default="")


class Heartbeat(Base):
    """The last sign of life of a part: relay, worker (through the broker), beat."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    detail: Mapped[str] = mapped_column(String(200), default="")


class ImportRun(Base):
    """One file brought in, by whom and how far; a run that was interrupted goes on behind ``lines_done``."""

    __tablename__ = "import_runs"
    __table_args__ = (Index("ix_import_runs_file", "kind", "file_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(300))
    file_hash: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    actor: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    lines_done: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)


class DayCount(Base):
    """A figure of one Shanghai day, unit and kind; derived from the rows, rebuilt by delete and insert."""

    __tablename__ = "day_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    figure: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]
