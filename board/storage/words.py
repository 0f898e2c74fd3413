"""The words of inquiries, kept for searching in the transaction that writes the inquiry, and the condition that finds them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, column, delete, func, insert, literal_column, or_, select, table
from sqlalchemy.orm import Session

from board.models import Inquiry, InquiryWords
from responder.grams import grams, needed

#: letter of the field -> the columns in it
FIELDS: Mapping[str, tuple[str, ...]] = {"w": ("number", "title", "text"), "n": ("nickname",), "c": ("contact",)}
WATCHED = frozenset(name for names in FIELDS.values() for name in names)
BATCH = 500
WORDS_MOST = 8
MANY = 2000
#: the virtual table over the words on SQLite
SEARCH = table("inquiry_search", column("rowid"), column("inquiry_search"))


def write(session: Session, inquiries: Sequence[Inquiry]) -> None:
    """Replaces the words of these inquiries."""
    if not inquiries:
        return
    connection = session.connection()
    connection.execute(delete(InquiryWords).where(InquiryWords.inquiry_id.in_([one.id for one in inquiries])))
    connection.execute(insert(InquiryWords), [{"inquiry_id": one.id, "grams": words_of({name: getattr(one, name) for name in WATCHED})} for one in inquiries])


def words_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """All grams of an inquiry's columns, sorted, each behind its field's letter."""
    return tuple(sorted(letter + gram for letter, names in FIELDS.items() for gram in grams("\n".join(row[name] for name in names))))


def rebuild(session: Session, after: int) -> tuple[int, int]:
    """Writes the words of the next 500 inquiries behind this id anew; returns the last id and how many they were (0: no more)."""
    columns = (Inquiry.id, *(getattr(Inquiry, name) for name in sorted(WATCHED)))
    rows = session.execute(select(*columns).where(Inquiry.id > after).order_by(Inquiry.id).limit(BATCH)).mappings().all()
    if not rows:
        return after, 0
    session.execute(delete(InquiryWords).where(InquiryWords.inquiry_id.in_([row["id"] for row in rows])))
    session.execute(insert(InquiryWords), [{"inquiry_id": row["id"], "grams": words_of(dict(row))} for row in rows])
    return int(rows[-1]["id"]), len(rows)


def missing(session: Session) -> int:
    """How many inquiries have no words (they were not written by this program)."""
    here = select(InquiryWords.inquiry_id).where(InquiryWords.inquiry_id == Inquiry.id)
    return session.scalar(select(func.count()).select_from(Inquiry).where(~here.exists())) or 0


def search_words(query: str) -> list[tuple[str, ...]]:
    """What each word of a search asks for; words of punctuation alone are left out, at most eight count."""
    return [found for word in query[:200].split()[:WORDS_MOST] if (found := needed(word))]


def matches(session: Session, words: Iterable[tuple[str, ...]], letters: str) -> ColumnElement[bool]:
    """Whether every word occurs in one of the fields (letters of ``FIELDS``) of the inquiry."""
    if session.get_bind().dialect.name == "sqlite":
        query = " AND ".join("(" + " OR ".join("(" + " AND ".join(f'"{letter}{gram}"' for gram in word) + ")" for letter in letters) + ")" for word in words)
        hits = select(SEARCH.c.rowid).where(SEARCH.c.inquiry_search.op("MATCH")(query))
        many = session.scalar(select(func.count()).select_from(hits.limit(MANY + 1).subquery())) or 0
        # The plus keeps SQLite from looking up and sorting very many hits: it goes along the order of the page instead and asks of each row.
        return (literal_column("+inquiries.id", Integer) if many > MANY else Inquiry.id).in_(hits)
    wanted = (or_(*(InquiryWords.grams.op("@>")([letter + gram for gram in word]) for letter in letters)) for word in words)
    return Inquiry.id.in_(select(InquiryWords.inquiry_id).where(and_(*wanted)))
