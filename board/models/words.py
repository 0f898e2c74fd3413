"""The words by which rows are found, one row of grams for each."""

from typing import Any

from sqlalchemy import Dialect, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from board.models.base import Base


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

    Written with the row itself (board.storage.words), as those below; the index over them is made by hand for each database in the migration.
    """

    __tablename__ = "inquiry_words"

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    grams: Mapped[tuple[str, ...]] = mapped_column(Grams)


class PublicationWords(Base):
    """The grams of one answer as it was given out: w title, question and reply; t title; p first letters of the title's sounds."""

    __tablename__ = "publication_words"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    grams: Mapped[tuple[str, ...]] = mapped_column(Grams)


class DisclosureWords(Base):
    """The grams of one document: w title, text, numbers and key words; t title; p first letters of the title's sounds."""

    __tablename__ = "disclosure_words"

    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    grams: Mapped[tuple[str, ...]] = mapped_column(Grams)
