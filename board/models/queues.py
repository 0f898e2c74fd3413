"""What the queues of the desk keep: the views that people saved."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base, Instant


class SavedView(Base):
    """A view of the queue that somebody keeps under a name: the query of its address and nothing else."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name"), CheckConstraint("name <> ''", name="name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(30))
    query: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(Instant)
