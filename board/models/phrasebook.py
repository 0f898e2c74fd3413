"""The phrase book: texts that clerks put into replies, by unit and kind, every version kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant
from board.models.offices import Unit


class Phrase(Base):
    """One entry; for one unit or all (None), for one kind of inquiry or all (""); ``key`` names the default in config/ that it replaces."""

    __tablename__ = "phrases"
    __table_args__ = (CheckConstraint("name <> ''", name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(32), default="")
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)

    unit: Mapped[Unit | None] = relationship()


class PhraseVersion(Base):
    """A text as it stood from ``at`` on; append-only (a trigger refuses UPDATE and DELETE)."""

    __tablename__ = "phrase_versions"
    __table_args__ = (UniqueConstraint("phrase_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phrase_id: Mapped[int] = mapped_column(ForeignKey("phrases.id"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    changed_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
