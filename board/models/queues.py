"""What the queues of the desk keep: the words of inquiries for searching, and the views that people saved."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from board.models.base import Base, Instant


class Grams(TypeDecorator[tuple[str, ...]]):
    """Pieces of words: an array on PostgreSQL, one text with blanks between them on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column of this database."""
        chosen: TypeEngine[Any] = ARRAY(Text) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(chosen)

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> object:
        """Python to database."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else " ".join(value)

    def process_result_value(self, value: object, dialect: Dialect) -> tuple[str, ...] | None:
        """Database to Python."""
        if value is None:
            return None
        return tuple(value.split()) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]  # an array's value is a list


class InquiryWords(Base):
    """The grams of one inquiry, each behind the letter of its field: w number, title and text; n nickname; c contact.

    Written with the inquiry itself (board.storage.words); the index over it is made by hand for each database in the migration.
    """

    __tablename__ = "inquiry_words"

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    grams: Mapped[tuple[str, ...]] = mapped_column(Grams)


class SavedView(Base):
    """A view of the queue that somebody keeps under a name: the query of its address and nothing else."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name"), CheckConstraint("name <> ''", name="name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(30))
    query: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(Instant)
