"""Versions of the matcher's learned weights."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant


class ResponderVersion(Base):
    """One choice of weights, append-only; the newest row is in force. ``version`` names the row that holds the weights (its
    own id when they were learned with it, 0 for those that the product ships with); ``figures`` are those shown at the choice.
    """

    __tablename__ = "responder_versions"
    __table_args__ = (CheckConstraint("version >= 0 AND version <= id", name="version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(80))
    learned_from: Mapped[str] = mapped_column(String(300), default="")
    weights: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
