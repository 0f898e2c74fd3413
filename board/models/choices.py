"""What the office chose on pages: versions that are only ever added, the newest counts, None goes back to the default of config/."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant
from board.models.offices import Account


class SettingVersion(Base):
    """One change of one setting: what it is from a day on (``value`` None: the default again), by whom and why."""

    __tablename__ = "setting_versions"
    __table_args__ = (Index("ix_setting_versions_name", "topic", "name", "id"), CheckConstraint("topic <> '' AND name <> ''", name="name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    effective_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    account: Mapped[Account | None] = relationship()
