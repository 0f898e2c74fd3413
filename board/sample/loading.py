"""Loads the sample bureau in one transaction: units, accounts, documents, the written year, live work of today, counted days."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import Refused
from board.models import Account, Disclosure, Inquiry, OutboxRow, Unit
from board.reports.counting import recount_all
from board.sample import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD, SAMPLE_SOURCE
from board.sample.documents import load_documents
from board.sample.history import load_history
from board.sample.live import load_live
from board.sample.parts import Parts, People, read_json
from board.staff.accounts import actor_of, add_account
from board.storage import outbox


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    units: int
    documents: int
    history: int
    live: int


def load_sample(session: Session, parts: Parts, at: datetime) -> Loaded:
    """Writes the whole sample at the time ``at``; Refused when the database holds anything but a bare unit."""
    if not is_empty(session):
        raise Refused("数据库里已有数据，样例只能装入空的数据库。")
    people = People()
    units = load_units(session, people)
    load_accounts(session, people, at)
    documents = load_documents(session, people)
    history = load_history(session, parts, people)
    live = load_live(session, parts, people, at)
    recount(session, at)
    return Loaded(units, documents, history, live)


def is_empty(session: Session) -> bool:
    """Whether there are no accounts, documents and inquiries yet."""
    return all(session.scalar(select(table.id).limit(1)) is None for table in (Account, Disclosure, Inquiry))


def has_sample(session: Session) -> bool:
    """Whether the sample was loaded into this database."""
    return session.scalar(select(Inquiry.id).where(Inquiry.import_source == SAMPLE_SOURCE).limit(1)) is not None


def load_units(session: Session, people: People) -> int:
    """The office and its units; an office that ``init`` made before takes the sample's name."""
    known = {unit.code: unit for unit in session.scalars(select(Unit))}
    rows = read_json("units.json")
    for row in rows:
        values = {name: value for name, value in row.items() if name not in {"parent", "keywords"}}
        unit = known.get(row["code"]) or Unit(code=row["code"], name="", short_name="")
        for name, value in values.items():
            setattr(unit, name, value)
        unit.keywords = "、".join(row["keywords"])
        unit.parent = people.units.get(row["parent"])
        session.add(unit)
        people.units[row["code"]] = unit
        session.flush()
    return len(rows)


def load_accounts(session: Session, people: People, at: datetime) -> None:
    """One account for each role, all in the office itself."""
    for login, (role, name) in SAMPLE_ACCOUNTS.items():
        account = add_account(session, login, SAMPLE_PASSWORD, role, people.unit(""), at, name, sample=True)
        people.accounts[login], people.actors[login] = account, actor_of(session, account)


def recount(session: Session, at: datetime) -> None:
    """Counts every day at once and closes the rows that asked for it."""
    recount_all(session, at)
    for day in session.scalars(select(OutboxRow.subject).where(OutboxRow.task == "recount_day")).all():
        outbox.finish(session, "recount_day", day, at)
