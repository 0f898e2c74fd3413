"""The registers of 依申请公开 and of 复议、诉讼、申诉."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant


class Application(Base):
    """A statutory request for information (依申请公开); another clock and other statistics than an inquiry."""

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    applicant: Mapped[str] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    registered_by: Mapped[str] = mapped_column(String(80))


class Review(Base):
    """A case of 行政复议, 行政诉讼 or 申诉 about government information."""

    __tablename__ = "reviews"
    __table_args__ = (CheckConstraint("kind IN ('行政复议', '行政诉讼', '申诉')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    subject: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    registered_by: Mapped[str] = mapped_column(String(80))
