"""Questions of the page for asking that nothing answered: masked words and a day, never who asked."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base


class OpenQuestion(Base):
    """A question without an answer on a Shanghai day, masked, and how often it was asked that day; no time, no address, no session."""

    __tablename__ = "open_questions"
    __table_args__ = (
        UniqueConstraint("asked_on", "fingerprint", name="uq_open_questions_day"),
        Index("ix_open_questions_asked_on", "asked_on"),
        CheckConstraint("times > 0", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(40))
    times: Mapped[int]
