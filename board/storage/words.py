"""The words by which inquiries, published answers and documents are found: kept in the transaction that writes the row, and the condition that finds them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    any_,
    column,
    delete,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from board.models import Disclosure, DisclosureWords, Inquiry, InquiryWords, Publication, PublicationWords
from board.models.base import Base
from responder.grams import grams, nearly, needed
from responder.initials import initials
from responder.privacy import find_personal
from responder.text import plain

#: digits that could be a person's number: seven and more, also with a sign or two between them
LONG_NUMBER = re.compile(r"[0-9](?:[\s\-.·—()+]{0,2}[0-9]){6,}")
NO_DIGIT = re.compile(r"[^0-9]")
#: people are asked for the last four signs of their number
ENDING = 4
BATCH = 500
WORDS_MOST = 8
QUERY_MOST = 200
MANY = 2000
#: rows looked at to see how many have a word; what unpacking a row's words costs beside listing it by the index (measured)
PROBED, UNPACKING = 200, 7
#: a bound above it is meant as all
LISTED = 5000
INITIALS = "p"
#: the ways in which a word may be met, each the grams that all occur
Word = Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class WordIndex:
    """The grams of one table's rows in another, and the full-text index over them (on SQLite a virtual table of that name).

    ``fields``: letter -> columns cut into grams behind it; columns behind the letter p give the first letters of how they sound.
    ``guards``: columns of w whose personal data is not found as words: long numbers stand with the contacts (letter c, and their last four signs
    behind e), and the whole text with names and addresses behind s, for those who may see what is masked.
    """

    owner: type[Base]
    kept: type[Base]
    name: str
    fields: Mapping[str, tuple[str, ...]]
    guards: tuple[str, ...] = ()

    @property
    def watched(self) -> frozenset[str]:
        """The columns that are found."""
        return frozenset(name for names in self.fields.values() for name in names)

    @property
    def _table(self) -> Table:
        """The table of the grams."""
        return inspect(self.kept).local_table  # type: ignore[return-value]  # a mapped class of ours always has a plain table

    @property
    def _key(self) -> Column[int]:
        """Its key: the row's id."""
        return next(iter(self._table.primary_key))

    @property
    def _owner_id(self) -> Column[int]:
        """The id of the rows that are found."""
        return self._owner.c["id"]

    @property
    def _owner(self) -> Table:
        """The table of the rows that are found."""
        return inspect(self.owner).local_table  # type: ignore[return-value]  # as above

    def words_of(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """All grams of a row's columns, sorted, each behind its field's letter."""
        texts = {letter: cut(letter, "\n".join(row[name] for name in names)) for letter, names in self.fields.items()}
        return tuple(sorted(letter + gram for letter, text in self._guarded(row, texts).items() for gram in grams(text)))

    def _guarded(self, row: Mapping[str, Any], texts: dict[str, str]) -> dict[str, str]:
        """A citizen's personal data (telephones, cards, names, addresses) is no word like others: who may not see it finds nothing by it."""
        if not self.guards:
            return texts
        said = [row[name] for name in self.guards]
        numbers = [NO_DIGIT.sub("", found[0]) for found in LONG_NUMBER.finditer(plain("\n".join([*said, texts["c"]])))]
        covered = [without_personal(one) for one in said]
        rest = [row[name] for name in self.fields["w"] if name not in self.guards]
        whole = LONG_NUMBER.sub("\n", plain("\n".join(said))) if covered != said else ""
        return texts | {
            "w": "\n".join([*rest, LONG_NUMBER.sub("\n", plain("\n".join(covered)))]), "c": "\n".join([texts["c"], *numbers]), "s": whole,
            "e": "\n".join(number[-ENDING:] for number in numbers),
        }  # fmt: skip

    def write(self, session: Session, rows: Sequence[Any]) -> None:
        """Replaces the words of these rows."""
        self._store(session, {row.id: {name: getattr(row, name) for name in self.watched} for row in rows})

    def rebuild(self, session: Session, after: int) -> tuple[int, int]:
        """Writes the words of the next 500 rows behind this id anew; returns the last id and how many they were (0: no more)."""
        columns = (self._owner_id, *(self._owner.c[name] for name in sorted(self.watched)))
        rows = session.execute(select(*columns).where(self._owner_id > after).order_by(self._owner_id).limit(BATCH)).mappings().all()
        self._store(session, {row["id"]: {name: row[name] for name in self.watched} for row in rows})
        return (int(rows[-1]["id"]) if rows else after), len(rows)

    def _store(self, session: Session, rows: Mapping[int, Mapping[str, Any]]) -> None:
        """Puts the words of rows (id -> columns) in the place of what was there."""
        if not rows:
            return
        connection = session.connection()
        connection.execute(delete(self._table).where(self._key.in_(rows)))
        connection.execute(insert(self._table), [{self._key.name: key, "grams": self.words_of(row)} for key, row in rows.items()])

    def missing(self, session: Session) -> int:
        """How many rows have no words (they were not written by this program)."""
        here = select(self._key).where(self._key == self._owner_id)
        return session.scalar(select(func.count()).select_from(self.owner).where(~here.exists())) or 0

    def matches(self, session: Session, words: Iterable[Word | tuple[str, ...]], letters: str | Sequence[str]) -> ColumnElement[bool]:
        """Whether every word occurs, in one of its ways, in one of the fields (letters, for all words or for each) of the row."""
        ways = [[word] if isinstance(word, tuple) else list(word) for word in words]
        each = [letters] * len(ways) if isinstance(letters, str) else letters
        if session.get_bind().dialect.name != "sqlite":
            return self._owner_id.in_(select(self._key).where(self._wanted(ways, each)))
        hits = self._hits(ways, each)
        many = session.scalar(select(func.count()).select_from(hits.limit(MANY + 1).subquery())) or 0
        # The plus keeps SQLite from looking up and sorting very many hits: it goes along the order of the page instead and asks of each row.
        return (literal_column(f"+{self._owner.name}.id", Integer) if many > MANY else self._owner_id).in_(hits)

    def _wanted(self, ways: Sequence[Word], each: Sequence[str]) -> ColumnElement[bool]:
        """The same of a row of grams, for PostgreSQL."""
        holds = self._table.c.grams.op("@>")
        return and_(*(or_(*(holds([letter + gram for gram in way]) for way in word for letter in where)) for word, where in zip(ways, each, strict=True)))

    def newest(self, session: Session, words: Iterable[Word | tuple[str, ...]], letters: str, most: int) -> ColumnElement[bool]:
        """Whether a row is among the at most so many, those with the largest ids, that have every word, in one of its ways, in one of the fields."""
        ways = [[word] if isinstance(word, tuple) else list(word) for word in words]
        if session.get_bind().dialect.name == "sqlite":
            return self._owner_id.in_(self._hits(ways, [letters] * len(ways)).order_by(text("rowid DESC")).limit(most))
        wanted = self._wanted(ways, [letters] * len(ways))
        if self._along_the_key(session, wanted, min(most, LISTED)):
            if most > LISTED:  # nearly every row has the words: the other filters of the page come first
                return select(wanted).where(self._key == self._owner_id).correlate(self._owner).scalar_subquery()
            return self._among(session.scalars(select(self._key).where(wanted).order_by(self._key.desc()).limit(most)).all())
        # PostgreSQL thinks that reading all rows is cheap (it does not count that their words are unpacked), and that the order of the key is
        # the way to the newest: the hits are put together first, by the index.
        hits = select(self._key.label("id")).where(wanted).cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
        session.execute(text("SET LOCAL enable_seqscan = off"))
        found = session.scalars(select(hits.c.id).order_by(hits.c.id.desc()).limit(most)).all()
        session.execute(text("SET LOCAL enable_seqscan = on"))
        return self._among(found)

    def _among(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """Whether a row is one of these: one value for PostgreSQL, however many they are."""
        return self._owner_id == any_(literal(list(ids), ARRAY(Integer)))

    def _along_the_key(self, session: Session, wanted: ColumnElement[bool], most: int) -> bool:
        """Whether so many rows have the words that going from the newest backwards meets enough of them sooner than the index lists them all.

        Judged by at most 400 rows: the newest 200, and 200 evenly spread over all.
        """
        last = session.scalar(select(func.max(self._key))) or 0
        spread = sorted({last * part // PROBED for part in range(1, PROBED + 1)})
        newest = select(wanted.label("has")).select_from(self._table).order_by(self._key.desc()).limit(PROBED).subquery()
        evenly = select(wanted.label("has")).select_from(self._table).where(self._key.in_(spread)).subquery()
        shares = [session.execute(select(func.count(), func.count().filter(one.c.has)).select_from(one)).one() for one in (newest, evenly)]
        share = min(had / rows if rows else 0.0 for rows, had in shares)
        return share * share * last > UNPACKING * most

    def _hits(self, words: Sequence[Word], letters: Sequence[str]) -> Select[Any]:
        """The ids that SQLite's full-text index finds."""
        search = table(self.name, column("rowid"), column(self.name))
        either = (
            " OR ".join("(" + " AND ".join(f'"{letter}{gram}"' for gram in way) + ")" for way in word for letter in where)
            for word, where in zip(words, letters, strict=True)
        )
        query = " AND ".join(f"({ways})" for ways in either)
        return select(search.c.rowid).where(search.c[self.name].op("MATCH")(query))


def without_personal(said: str) -> str:
    """The text with a line break in the place of each piece of personal data."""
    for found in reversed(find_personal(said)):
        said = f"{said[: found.start]}\n{said[found.end :]}"
    return said


def cut(letter: str, text: str) -> str:
    """What of a column's text is cut into grams behind the letter."""
    return initials(text) if letter == INITIALS else text


INQUIRIES = WordIndex(Inquiry, InquiryWords, "inquiry_search", {"w": ("number", "title", "text"), "n": ("nickname",), "c": ("contact",)}, ("title", "text"))
PUBLICATIONS = WordIndex(Publication, PublicationWords, "publication_search", {"w": ("title", "question", "reply"), "t": ("title",), INITIALS: ("title",)})
DISCLOSURES = WordIndex(
    Disclosure, DisclosureWords, "disclosure_search", {"w": ("title", "text", "document_number", "index_number", "keywords"), "t": ("title",), INITIALS: ("title",)}
)
ALL: tuple[WordIndex, ...] = (INQUIRIES, PUBLICATIONS, DISCLOSURES)


def search_words(query: str) -> list[tuple[str, ...]]:
    """What each word of a search asks for; words of punctuation alone are left out, at most eight of the first 200 signs count."""
    return [found for word in pieces(query) if (found := needed(word))]


def near_words(query: str) -> list[Word]:
    """The same with one sign of each word wrong, missing or too many."""
    return [found for word in pieces(query) if (found := nearly(word))]


def pieces(query: str) -> list[str]:
    """The words as they were typed."""
    return query[:QUERY_MOST].split()[:WORDS_MOST]
