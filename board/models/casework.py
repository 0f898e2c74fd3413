"""What belongs to a case and never to the public: referral slips, notes and telephone records, evidence files, deputies."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named
from board.models.inquiries import Inquiry
from board.models.offices import Account


class Referral(Base):
    """A slip (转办单) of 12345, the leader's mailbox or the petition office: its own number, its own deadline, and when the feedback went back."""

    __tablename__ = "referrals"
    __table_args__ = (UniqueConstraint("source", "slip_number"), CheckConstraint("slip_number <> ''", name="slip_number"), Index("ix_referrals_due", "due_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"), unique=True)
    source: Mapped[str] = mapped_column(String(40))
    slip_number: Mapped[str] = mapped_column(String(80))
    due_on: Mapped[date | None]
    feedback_at: Mapped[datetime | None] = mapped_column(Instant)
    feedback_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    inquiry: Mapped[Inquiry] = relationship()


class NoteKind(StrEnum):
    """内部记录, 电话沟通记录, and the three hands of a case slip: 拟办意见 承办意见 领导批示."""

    note = "note"
    call = "call"
    proposal = "proposal"
    handling = "handling"
    instruction = "instruction"


class CaseNote(Base):
    """One entry of the case file; never changed, erased only with the person it speaks of."""

    __tablename__ = "case_notes"
    __table_args__ = (Index("ix_case_notes_inquiry", "inquiry_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    kind: Mapped[NoteKind] = mapped_column(named(NoteKind))
    counterpart: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    author: Mapped[Account] = relationship()


class FileKind(StrEnum):
    """证据材料, or the scan of a case slip signed on paper."""

    evidence = "evidence"
    signed_slip = "signed_slip"


class CaseFile(Base):
    """A file of the case; the bytes lie in the office's home under their SHA-256, ``media_type`` was told by the content."""

    __tablename__ = "case_files"
    __table_args__ = (UniqueConstraint("inquiry_id", "digest"), CheckConstraint("size > 0", name="size"))

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    kind: Mapped[FileKind] = mapped_column(named(FileKind), default=FileKind.evidence)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    added_by: Mapped[Account] = relationship()


class Deputy(Base):
    """AB岗: from one day to another (both included, Shanghai) the deputy does the work of the other; ended early by ``ended_at``."""

    __tablename__ = "deputies"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="days"),
        CheckConstraint("account_id <> deputy_id", name="two_people"),
        Index("ix_deputies_deputy", "deputy_id", "until_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    set_by: Mapped[str] = mapped_column(String(80))
    set_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    deputy: Mapped[Account] = relationship(foreign_keys=[deputy_id])
