"""Runs of ``huiying evaluate``: the figures as they were measured, for the page of the drafts' quality."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant


class EvaluationRun(Base):
    """One measurement: when, of which questions, with which version of the learned weights; ``bins`` are [confidence, right, count]."""

    __tablename__ = "evaluation_runs"
    __table_args__ = (CheckConstraint("version >= 0", name="version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(300))
    version: Mapped[int]
    milliseconds: Mapped[float]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    bins: Mapped[list[Any]] = mapped_column(JSON, default=list)
