"""Work at the desk: who is at an item, texts that were typed and not saved yet, the steps of signing, masks by hand, notices read."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named
from board.models.offices import Account


class Presence(Base):
    """Somebody has an item open: since when, last sign of life, and what for (reading, writing, reviewing)."""

    __tablename__ = "presences"

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    doing: Mapped[str] = mapped_column(String(20))

    account: Mapped[Account] = relationship()


class WorkingText(Base):
    """What somebody typed, kept by the machine before it was saved; a row is only ever replaced by a text that contains it.

    ``sheet`` is the page it was typed on, ``turn`` counts what that page sent, ``based_on`` is the version it began from. ``settled_at`` is set
    when it was saved (``revision`` says as which version) or put aside.
    """

    __tablename__ = "working_texts"
    __table_args__ = (Index("ix_working_texts_inquiry", "inquiry_id", "account_id", "id"), CheckConstraint("text <> ''", name="text"))

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sheet: Mapped[str] = mapped_column(String(40))
    turn: Mapped[int]
    based_on: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int | None]

    account: Mapped[Account] = relationship()


class StepState(StrEnum):
    """A step of signing waits, was signed, or was skipped with a reason."""

    waiting = "waiting"
    signed = "signed"
    skipped = "skipped"


class SignStep(Base):
    """One step on the way of a submitted version: unit head, office, leader; fixed when it was submitted. The last one signs for the office."""

    __tablename__ = "sign_steps"
    __table_args__ = (
        UniqueConstraint("reply_id", "position"),
        Index("uq_sign_steps_person", "reply_id", "account_id", unique=True, sqlite_where=text("state = 'signed'"), postgresql_where=text("state = 'signed'")),
        CheckConstraint("(state = 'waiting') = (account_id IS NULL)", name="by_whom"),
        CheckConstraint("state <> 'skipped' OR reason <> ''", name="skipped_with_reason"),
        Index("ix_sign_steps_at", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    position: Mapped[int]
    stage: Mapped[str] = mapped_column(String(40))
    state: Mapped[StepState] = mapped_column(named(StepState), default=StepState.waiting)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime | None] = mapped_column(Instant)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")

    account: Mapped[Account | None] = relationship()


class PublicMask(Base):
    """Words of one case that a person masked because the machine missed them; taking a mask off again is written beside it."""

    __tablename__ = "public_masks"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        Index("uq_public_masks_words", "inquiry_id", "words", unique=True, sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    words: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class NoticeMark(Base):
    """Up to which event somebody has read the notices."""

    __tablename__ = "notice_marks"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    event_id: Mapped[int]
