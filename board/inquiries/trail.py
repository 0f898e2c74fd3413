"""The trail (操作记录): all events, newest first, by actor, action, day and object; and as rows for an export."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from board.clock import day_span
from board.inquiries.delicate import not_against
from board.models import Account, Application, Event, Inquiry
from board.staff.roles import Actor, Right, may, require
from board.storage.paging import Page, paged

PER_PAGE = 50
AT_ONCE = 500
FIXED = {"citizen": "网民", "system": "系统", "office": "本机关（导入）"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; "" and None mean everything. ``actor`` is a login or the name in the events, ``object`` a number or a login."""

    actor: str = ""
    action: str = ""
    begin: date | None = None
    end: date | None = None
    object: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words; ``reason`` and ``number`` are "" for those who may not read inquiries."""

    event_id: int
    at: datetime
    actor: str
    who: str
    action: str
    chain: str
    number: str
    target: str
    reason: str
    data: Mapping[str, Any]
    hash: str


def trail(session: Session, actor: Actor, wanted: Wanted, page: int = 1) -> Page[Line]:
    """One page of the trail; NotAllowed without the right to read it."""
    require(actor, Right.read_audit)
    found = paged(session, matching(session, actor, wanted).order_by(Event.id.desc()), page, PER_PAGE)
    return Page(lines(session, actor, found.items), found.total, found.page, found.per_page)


def whole_trail(session: Session, actor: Actor, wanted: Wanted) -> Iterator[Line]:
    """Every matching event, oldest first, a few at a time."""
    require(actor, Right.read_audit)
    last = 0
    while rows := session.scalars(matching(session, actor, wanted).where(Event.id > last).order_by(Event.id).limit(AT_ONCE)).all():
        last = rows[-1].id
        yield from lines(session, actor, rows)
        session.expunge_all()


def matching(session: Session, actor: Actor, wanted: Wanted) -> Select[Event]:
    """The statement of what is looked for; an unknown login or number finds nothing."""
    statement = select(Event)
    if wanted.actor:
        account = session.scalar(select(Account.id).where(Account.login == wanted.actor))
        statement = statement.where(Event.actor == (f"account:{account}" if account is not None else wanted.actor))
    if wanted.action:
        statement = statement.where(Event.action == wanted.action)
    if wanted.begin is not None:
        statement = statement.where(Event.at >= day_span(wanted.begin)[0])
    if wanted.end is not None:
        statement = statement.where(Event.at < day_span(wanted.end)[1])
    return about(session, actor, statement, wanted.object) if wanted.object else statement


def about(session: Session, actor: Actor, statement: Select[Event], name: str) -> Select[Event]:
    """Only events about an inquiry (its number) or an account (its login)."""
    inquiry = session.scalar(select(Inquiry.id).where(Inquiry.number == name.upper()[:120], not_against(actor)))
    account = session.scalar(select(Account.id).where(Account.login == name.lower()[:60]))
    conditions = []
    application = session.scalar(select(Application.id).where(Application.number == name.upper()[:60]))
    if application is not None:
        conditions.append(Event.chain == f"application:{application}")
    if inquiry is not None:
        conditions += [Event.inquiry_id == inquiry, Event.inquiry_id.is_(None) & (Event.data["inquiry"].as_integer() == inquiry)]
    if account is not None:
        conditions.append(Event.inquiry_id.is_(None) & (Event.data["account"].as_integer() == account))
    return statement.where(or_(*conditions)) if conditions else statement.where(Event.id < 0)


def lines(session: Session, actor: Actor, events: Sequence[Event]) -> list[Line]:
    """Events with the names of people and the numbers of inquiries, in two queries."""
    readable = may(actor, Right.read_inquiry)
    keys = {key for event in events for key in (event.inquiry_id, event.data.get("inquiry")) if isinstance(key, int)}
    numbers = {row[0]: row[1] for row in session.execute(select(Inquiry.id, Inquiry.number).where(Inquiry.id.in_(keys), not_against(actor)))}
    people = {int(name.partition(":")[2]) for name in (event.actor for event in events) if name.startswith("account:") and name[8:].isdigit()}
    people |= {event.data["account"] for event in events if isinstance(event.data.get("account"), int)}
    names = {row[0]: f"{row[1]}（{row[2]}）" for row in session.execute(select(Account.id, Account.display_name, Account.login).where(Account.id.in_(people)))}
    return [line(event, numbers, names, readable=readable) for event in events]


def line(event: Event, numbers: Mapping[int, str], names: Mapping[int, str], *, readable: bool) -> Line:
    """One event in words; of an item that speaks against the reader (its number is not in ``numbers``) that something happened and no more."""
    kind, _, rest = event.actor.partition(":")
    who = FIXED.get(event.actor) or (names.get(int(rest), event.actor) if kind == "account" and rest.isdigit() else f"命令行（{rest}）")
    account = event.data.get("account")
    target = names.get(account, "") if isinstance(account, int) else ""
    about = event.inquiry_id or event.data.get("inquiry")
    hidden = about is not None and about not in numbers
    open_to_all = not hidden and (readable or (event.chain != "" and not event.chain.startswith("application:")))
    return Line(
        event.id, event.at, event.actor, who, event.action, event.chain, numbers.get(about or 0, "") if readable else "", target, event.reason if open_to_all else "",
        event.data if open_to_all else {}, event.hash,
    )  # fmt: skip


def known_actions(session: Session) -> list[str]:
    """All actions that occur."""
    return sorted(session.scalars(select(Event.action).distinct()))
