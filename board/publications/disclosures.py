"""Disclosures and interpretations: entering, listing, reading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day, year_span
from board.errors import InvalidInput, NotFound
from board.models import Disclosure, DisclosureChannel, DocumentKind, InterpretationLink, PublicationState, Unit, Validity
from board.publications.indexing import note_change
from board.storage import words
from board.storage.paging import PER_PAGE, Page, paged
from responder.corpus import Document, fingerprint

INDEX_YEAR = re.compile(r"/(\d{4})-")
NEWEST = (Disclosure.published_at.desc(), Disclosure.id.desc())
FIRST_YEAR = 2008  # 政府信息公开条例 in force from 2008-05-01


def add_disclosure(session: Session, unit: Unit, values: Mapping[str, Any], channels: Sequence[str], at: datetime) -> Disclosure:
    """A disclosure typed in by hand: published at once by the system's clock; InvalidInput for an impossible index number or empty fields."""
    for field, name in (("title", "标题"), ("text", "正文")):
        if not str(values.get(field, "")).strip():
            raise InvalidInput(f"请填写{name}。", field)
    check_index_number(session, str(values.get("index_number", "")), local_day(at).year)
    row = Disclosure(**values, unit_id=unit.id, published_at=at, created_at=at, state=PublicationState.published)
    row.fingerprint = fingerprint(Document("", row.title, row.text))
    row.channels = [DisclosureChannel(channel=name) for name in dict.fromkeys(channels)]
    session.add(row)
    session.flush()
    note_change(session, row.id)
    return row


def check_index_number(session: Session, number: str, year: int) -> None:
    """InvalidInput when the year in the number is not this year's, or the number is taken."""
    if not number:
        return
    found = INDEX_YEAR.search(number)
    if found is None or int(found[1]) != year:
        raise InvalidInput(f"索引号“{number}”中的年份应为 {year}。", "index_number")
    if session.scalar(select(Disclosure.id).where(Disclosure.index_number == number)) is not None:
        raise InvalidInput(f"索引号“{number}”已经使用。", "index_number")


def public_statement() -> Select[Disclosure]:
    """All published items, newest first."""
    return select(Disclosure).where(Disclosure.state == PublicationState.published).order_by(*NEWEST)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the library is asked for: category, year (Shanghai), unit (code), words (each must occur), kind, validity and 五公开; "" and None for all."""

    category: str = ""
    year: int | None = None
    unit: str = ""
    query: str = ""
    kind: str = ""
    validity: str = ""
    five_open: str = ""


def public_disclosures(session: Session, wanted: Wanted, page: int = 1, per_page: int = PER_PAGE) -> Page[Disclosure]:
    """Published items that are asked for, newest first; with words, those that have them in the title before the others."""
    statement = narrowed(public_statement().options(joinedload(Disclosure.unit)), wanted)
    if not wanted.query.strip():
        return paged(session, statement, page, per_page)
    if asked := words.search_words(wanted.query):
        title_first = case((words.DISCLOSURES.matches(session, asked, f"t{words.INITIALS}"), 0), else_=1)
        found = statement.where(words.DISCLOSURES.matches(session, asked, f"w{words.INITIALS}"))
        return paged(session, found.order_by(None).order_by(title_first, *NEWEST), page, per_page)
    return Page([], 0, page, per_page)


def narrowed(statement: Select[Disclosure], wanted: Wanted) -> Select[Disclosure]:
    """The statement with the filters; names that do not exist are passed over."""
    if wanted.category:
        statement = statement.where(Disclosure.category == wanted.category)
    if wanted.kind in set(DocumentKind):
        statement = statement.where(Disclosure.kind == DocumentKind(wanted.kind))
    if wanted.validity in set(Validity):
        statement = statement.where(Disclosure.validity == Validity(wanted.validity))
    if wanted.five_open:
        statement = statement.where(Disclosure.five_open == wanted.five_open)
    if wanted.year is not None:
        start, end = year_span(min(max(wanted.year, 1900), 2200))
        statement = statement.where(Disclosure.published_at >= start, Disclosure.published_at < end)
    if wanted.unit:
        statement = statement.where(Disclosure.unit.has(code=wanted.unit))
    return statement


def public_disclosure(session: Session, key: int) -> Disclosure:
    """One published item; NotFound otherwise."""
    row = session.get(Disclosure, key) if 0 < key < 2**31 else None
    if row is None or row.state != PublicationState.published:
        raise NotFound("没有找到这份文件。")
    return row


def successor_of(session: Session, row: Disclosure) -> Disclosure | None:
    """What holds in the place of a document, when that is public."""
    found = session.get(Disclosure, row.successor_id) if row.successor_id is not None else None
    return found if found is not None and found.state == PublicationState.published else None


def last_document(session: Session) -> int:
    """The largest id of a document; 0 when there is none."""
    return session.scalar(select(func.max(Disclosure.id))) or 0


def documents_between(session: Session, first: int, end: int) -> Sequence[tuple[int, datetime | None]]:
    """(id, time of publication) of what is published with ids from first up to end."""
    rows = select(Disclosure.id, Disclosure.published_at).where(Disclosure.state == PublicationState.published)
    return [(key, at) for key, at in session.execute(rows.where(Disclosure.id >= first, Disclosure.id < end).order_by(Disclosure.id))]


def interpretations_of(session: Session, key: int) -> Sequence[Disclosure]:
    """Interpretations of a policy."""
    return session.scalars(
        public_statement().join(InterpretationLink, InterpretationLink.interpretation_id == Disclosure.id).where(InterpretationLink.policy_id == key)
    ).all()


def policies_of(session: Session, key: int) -> Sequence[Disclosure]:
    """Policies that an interpretation explains."""
    return session.scalars(
        public_statement().join(InterpretationLink, InterpretationLink.policy_id == Disclosure.id).where(InterpretationLink.interpretation_id == key)
    ).all()


def categories(session: Session) -> Sequence[tuple[str, int]]:
    """Categories in use with the number of published items."""
    counted = select(Disclosure.category, func.count()).where(Disclosure.state == PublicationState.published, Disclosure.category != "")
    return [(name, number) for name, number in session.execute(counted.group_by(Disclosure.category).order_by(func.count().desc()))]


def years(session: Session) -> Sequence[int]:
    """Years (Shanghai) from the first to the last publication in which something was published, newest first."""
    published = Disclosure.state == PublicationState.published
    first, last = session.execute(select(func.min(Disclosure.published_at), func.max(Disclosure.published_at)).where(published)).one()
    if first is None or last is None:
        return []
    spans = {year: year_span(year) for year in range(local_day(last).year, local_day(first).year - 1, -1)}
    return [
        year
        for year, (start, end) in spans.items()
        if session.scalar(select(Disclosure.id).where(published, Disclosure.published_at >= start, Disclosure.published_at < end).limit(1)) is not None
    ]


def set_validity(session: Session, row: Disclosure, validity: Validity, successor: Disclosure | None = None) -> None:
    """Changes the validity; every index learns of it, so that no new draft quotes a document that has ended."""
    row.validity, row.successor_id, row.version = validity, successor.id if successor else row.successor_id, row.version + 1
    session.flush()
    note_change(session, row.id)
