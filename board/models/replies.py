"""Replies from the first draft to the published text, their evidence, and what was made public."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named
from board.models.inquiries import Inquiry
from board.models.offices import Account


class ReplyState(StrEnum):
    """Where a version of a reply stands; every version is kept for ever."""

    drafted = "drafted"
    edited = "edited"
    submitted = "submitted"
    returned = "returned"
    approved = "approved"
    published = "published"
    superseded = "superseded"


class Reply(Base):
    """One version of the reply to an inquiry; at most one is in force, author None is the system."""

    __tablename__ = "replies"
    __table_args__ = (
        Index("uq_replies_in_force", "inquiry_id", unique=True, sqlite_where=text("in_force"), postgresql_where=text("in_force")),
        UniqueConstraint("inquiry_id", "revision"),
        CheckConstraint("approver_id IS NULL OR author_id IS NULL OR approver_id <> author_id", name="two_people"),
        CheckConstraint("(approved_hash = '') = (approved_at IS NULL)", name="approval"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"), index=True)
    revision: Mapped[int]
    state: Mapped[ReplyState] = mapped_column(named(ReplyState))
    in_force: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(60), default="")
    confidence: Mapped[float] = mapped_column(default=0.0)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_hash: Mapped[str] = mapped_column(String(64), default="")

    inquiry: Mapped[Inquiry] = relationship()
    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    approver: Mapped[Account | None] = relationship(foreign_keys=[approver_id])
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.rank", cascade="all, delete-orphan")
    questions: Mapped[list["ReplyQuestion"]] = relationship(order_by="ReplyQuestion.number", cascade="all, delete-orphan")


class ReplyQuestion(Base):
    """A question of the message as the draft answers it: text[start:end] of the inquiry (start below 0: its title asks), and what
    was decided. It holds no words of the citizen, so that erasing them reaches everything.
    """

    __tablename__ = "reply_questions"
    __table_args__ = (UniqueConstraint("reply_id", "number"), CheckConstraint("number > 0", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    number: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    type: Mapped[str] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(60), default="")
    confidence: Mapped[float] = mapped_column(default=0.0)
    office: Mapped[str] = mapped_column(String(100), default="")


class Evidence(Base):
    """A verbatim quotation from a disclosure that a draft rests on; title, number and date are pinned as they were."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("reply_id", "rank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    rank: Mapped[int]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    quote: Mapped[str] = mapped_column(String(240))
    start: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    document_number: Mapped[str] = mapped_column(String(80), default="")
    published_on: Mapped[date | None]
    validity: Mapped[str] = mapped_column(String(32), default="")
    score: Mapped[float] = mapped_column(default=0.0)
    used: Mapped[bool] = mapped_column(default=False)
    question_number: Mapped[int] = mapped_column(default=1)
    marks: Mapped[list[Any]] = mapped_column(JSON, default=list)
    question_marks: Mapped[list[Any]] = mapped_column(JSON, default=list)


#: what stands on the public board, in the words of the index: SQLite takes it only for a query that says the same
STANDING = "publications.public AND publications.withdrawn_at IS NULL"


class Publication(Base):
    """A reply as it was given out: to the public, or (``public`` false) to the citizen alone; at most one stands, earlier ones are withdrawn."""

    __tablename__ = "publications"
    __table_args__ = (
        Index("uq_publications_standing", "inquiry_id", unique=True, sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
        Index("ix_publications_withdrawn", "withdrawn_at", sqlite_where=text("withdrawn_at IS NOT NULL"), postgresql_where=text("withdrawn_at IS NOT NULL")),
        Index("ix_publications_board", "published_at", "id", sqlite_where=text(STANDING.replace("publications.", "")), postgresql_where=text(STANDING.replace("publications.", ""))),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"), index=True)
    public: Mapped[bool]
    title: Mapped[str] = mapped_column(String(200), default="")
    question: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant, index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"), unique=True)

    inquiry: Mapped[Inquiry] = relationship()
