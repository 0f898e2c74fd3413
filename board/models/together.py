"""Several units at one inquiry, and the mails that tell people what waits for them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named
from board.models.inquiries import Inquiry
from board.models.offices import Account, Unit


class PartState(StrEnum):
    """A part of a reply was asked for, was answered, or was given back with a reason."""

    asked = "asked"
    answered = "answered"
    returned = "returned"


class ReplyPart(Base):
    """会办: what one unit is to answer of an inquiry, by when, and its own text; the unit in charge joins the parts into the reply."""

    __tablename__ = "reply_parts"
    __table_args__ = (
        Index("uq_reply_parts_open", "inquiry_id", "unit_id", unique=True, sqlite_where=text("state = 'asked'"), postgresql_where=text("state = 'asked'")),
        Index("ix_reply_parts_unit", "unit_id", "state"),
        CheckConstraint("task <> ''", name="task"),
        CheckConstraint("(state = 'answered') = (text <> '')", name="text"),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    task: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date]
    state: Mapped[PartState] = mapped_column(named(PartState), default=PartState.asked)
    text: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)

    inquiry: Mapped[Inquiry] = relationship()
    unit: Mapped[Unit] = relationship()
    answered_by: Mapped[Account | None] = relationship(foreign_keys=[answered_by_id])


class MailState(StrEnum):
    """A mail waits, is being handed over, was taken by the mail server, was refused, or nobody knows (the process died in between)."""

    waiting = "waiting"
    sending = "sending"
    sent = "sent"
    refused = "refused"
    doubtful = "doubtful"


class Mail(Base):
    """One mail to one member of staff; it is handed over at most once by itself, its Message-ID never changes."""

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_account", "account_id", "id"), Index("ix_mails_state", "state"), CheckConstraint("tries >= 0", name="tries"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    urgent: Mapped[bool]
    state: Mapped[MailState] = mapped_column(named(MailState), default=MailState.waiting)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship()


class MailItem(Base):
    """What a person is told: one item, event and day stand once, whatever runs twice."""

    __tablename__ = "mail_items"
    __table_args__ = (
        UniqueConstraint("account_id", "inquiry_id", "action", "day"),
        Index("ix_mail_items_waiting", "account_id", sqlite_where=text("mail_id IS NULL"), postgresql_where=text("mail_id IS NULL")),
        Index("ix_mail_items_mail", "mail_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    action: Mapped[str] = mapped_column(String(40))
    day: Mapped[date]
    urgent: Mapped[bool] = mapped_column(default=False)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)

    inquiry: Mapped[Inquiry] = relationship()
