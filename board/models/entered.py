"""Figures of the statutory forms that no register can know (licences, penalties, fees, staff, meetings, visits), as people entered them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant
from board.models.offices import Account


class EnteredFigure(Base):
    """One version of one cell of a form in a year; versions are only ever added and the newest counts."""

    __tablename__ = "entered_figures"
    __table_args__ = (UniqueConstraint("year", "form", "path", "revision"), CheckConstraint("value <> ''", name="value"))

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    form: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(String(80))
    revision: Mapped[int]
    value: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    account: Mapped[Account | None] = relationship()
