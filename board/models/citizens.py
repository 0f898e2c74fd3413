"""What citizens say of an answer, and the files that came with their posts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant, named
from board.models.together import MailState


class Grade(StrEnum):
    """非常满意 满意 基本满意 不满意 非常不满意; the last two are 差评 (DOMAIN 4)."""

    very_good = "very_good"
    good = "good"
    fair = "fair"
    poor = "poor"
    very_poor = "very_poor"


def aspect(name: str) -> Enum:
    """A grade in a column of its own: PostgreSQL wants another name for each CHECK of a table."""
    kind = named(Grade)
    kind.name = name
    return kind


class Rating(Base):
    """What the citizen thinks of one answer, once: a grade for all of it, and 态度 速度 质量 where given. ``words`` are never public."""

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"), index=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), unique=True)
    grade: Mapped[Grade] = mapped_column(named(Grade))
    attitude: Mapped[Grade | None] = mapped_column(aspect("attitude"))
    speed: Mapped[Grade | None] = mapped_column(aspect("speed"))
    quality: Mapped[Grade | None] = mapped_column(aspect("quality"))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)


class Attachment(Base):
    """A file that came with a post: read by staff and by its citizen, never public. The bytes lie in the office's home under their SHA-256."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("inquiry_id", "digest"), CheckConstraint("size > 0", name="size"))

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class CitizenNotice(Base):
    """One message to the citizen about one event; the address is read from the inquiry when it goes out, so that erasing it reaches everything."""

    __tablename__ = "citizen_notices"
    __table_args__ = (UniqueConstraint("inquiry_id", "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    action: Mapped[str] = mapped_column(String(40))
    state: Mapped[MailState] = mapped_column(named(MailState), default=MailState.waiting)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
