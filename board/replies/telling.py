"""Who is told what by mail: from the events (board.inquiries.lifecycle says whom a move tells) and, once a working day, from the terms."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from board.clock import local, local_day
from board.inquiries.deadlines import Calendar
from board.inquiries.delicate import accused_units, not_against
from board.inquiries.lifecycle import TRANSITIONS, Told
from board.inquiries.public_text import accused_names
from board.models import Account, Event, Inquiry, MailItem, NumberSeries, Reply, ReplyState, Role
from board.replies import signing
from board.replies.lanes import Lines, lines_on, live
from board.settings import Settings
from board.staff.accounts import actor_of

#: moves that are told at any hour; everything else waits for working hours
URGENT = frozenset({"propose_urgent", "mark_urgent"})
MARK, DAY_MARK = "mail:events", "mail:day"
EVENTS_MOST, ITEMS_MOST = 500, 50
#: transactions that began before others may commit after them: an event is read when it is this old
SETTLED = timedelta(seconds=5)
ROLES = {Told.front_office: Role.front_office, Told.supervisor: Role.manager, Told.duty: Role.manager}
WORKING_ROLES = frozenset({Role.editor, Role.unit_head})


def working(settings: Settings, calendar: Calendar, at: datetime) -> bool:
    """Whether it is a working hour of a working day ([mail] hours, Shanghai)."""
    begin, end = (time.fromisoformat(str(hour)) for hour in settings.section("mail")["hours"])
    return calendar.day(local_day(at))[0] and begin <= local(at).time() < end


def people(session: Session, at: datetime) -> Sequence[Account]:
    """Active accounts with an address for mail."""
    valid = or_(Account.expires_at.is_(None), Account.expires_at > at)
    return session.scalars(select(Account).where(Account.active, Account.email != "", valid).order_by(Account.id)).all()


def note_events(session: Session, settings: Settings, at: datetime) -> int:
    """Turns the events since the last time into what people are to be told; returns how many events were read. Begins with what happens from now on."""
    mark = session.get(NumberSeries, MARK, with_for_update=True)
    if mark is None:
        newest = session.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) or 0
        session.add(NumberSeries(name=MARK, value=newest))
        return 0
    events = session.scalars(select(Event).where(Event.id > mark.value).order_by(Event.id).limit(EVENTS_MOST)).all()
    known, duty = people(session, at), frozenset(settings.section("mail")["duty"])
    read = 0
    for event in events:
        if event.at > at - SETTLED:
            break
        mark.value, read = event.id, read + 1
        note(session, told_of(session, event, known, duty, settings), event, at)
    return read


def told_of(session: Session, event: Event, known: Sequence[Account], duty: frozenset[str], settings: Settings) -> Iterator[Account]:
    """The people with an address whom the move tells; never who made it, never whom the message speaks against."""
    step = TRANSITIONS.get(event.action)
    inquiry = session.get(Inquiry, event.inquiry_id) if event.inquiry_id and step and known else None
    if step is None or inquiry is None:
        return
    accused, names = accused_units(session, inquiry), accused_names(inquiry)
    data = event.data or {}
    asked = data.get("unit") if event.action == "co_handle" else inquiry.unit_id
    signs = turn_of(session, inquiry) if Told.signatory in step.tells else None
    for account in known:
        if event.actor == f"account:{account.id}" or account.unit_id in accused or account.display_name in names:
            continue
        signing_now = Told.signatory in step.tells and may_sign_now(session, account, inquiry, signs, settings)
        signed = Told.signer in step.tells and account.id == data.get("signatory")
        if signing_now or signed or told(account, step.tells, inquiry, asked, duty):
            yield account


def turn_of(session: Session, inquiry: Inquiry) -> str | None:
    """The stage whose signature is waited for; None when nothing is submitted any more."""
    reply = session.scalar(select(Reply).where(Reply.inquiry_id == inquiry.id, Reply.in_force, Reply.state == ReplyState.submitted))
    step = signing.waiting_step(signing.steps_of(session, reply)) if reply is not None else None
    return step.stage if step is not None else None


def may_sign_now(session: Session, account: Account, inquiry: Inquiry, stage: str | None, settings: Settings) -> bool:
    """Whether it is this person's turn: a unit's head is asked at the head's stage, the leader at the leader's, nobody before."""
    return stage is not None and signing.may_sign(actor_of(session, account), inquiry, stage, settings)


def told(account: Account, tells: Iterable[Told], inquiry: Inquiry, unit_id: object, duty: frozenset[str]) -> bool:
    """Whether one of the groups that a move tells holds this account."""
    for group in tells:
        if group is Told.holder and account.id == inquiry.claimed_by_id:
            return True
        if group is Told.unit and account.unit_id == unit_id and account.role in WORKING_ROLES:
            return True
        if group is Told.duty and account.login in duty:
            return True
        if ROLES.get(group) == account.role and not (group is Told.duty and duty):
            return True
    return False


def note(session: Session, accounts: Iterable[Account], event: Event, at: datetime) -> None:
    """One row for each person, item, action and day."""
    rows = [(account.id, event.inquiry_id or 0, event.action) for account in accounts]
    write(session, rows, at, urgent=event.action in URGENT)


def write(session: Session, rows: Sequence[tuple[int, int, str]], at: datetime, *, urgent: bool = False) -> None:
    """Stores (account, inquiry, action) for today; what stands there already stays as it is."""
    if not rows:
        return
    values = [
        {"account_id": account, "inquiry_id": inquiry, "action": action, "day": local_day(at), "urgent": urgent, "created_at": at}
        for account, inquiry, action in rows
    ]
    session.execute(ignoring(session).on_conflict_do_nothing(), values)


def ignoring(session: Session) -> sqlite.Insert | postgresql.Insert:
    """An insert that can pass over rows that are there."""
    return postgresql.insert(MailItem) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(MailItem)


def note_terms(session: Session, settings: Settings, calendar: Calendar, at: datetime) -> bool:
    """Once a working day: what is due, overdue or past a red line; False when today's has been noted."""
    today = local_day(at)
    mark = session.get(NumberSeries, DAY_MARK, with_for_update=True)
    if mark is not None and mark.value >= today.toordinal():
        return False
    if mark is None:
        session.add(NumberSeries(name=DAY_MARK, value=today.toordinal()))
    else:
        mark.value = today.toordinal()
    lines = lines_on(settings, calendar, today)
    for account in people(session, at):
        write(session, [*due_rows(session, account, lines), *old_rows(session, account, lines)], at)
    return True


def due_rows(session: Session, account: Account, lines: Lines) -> list[tuple[int, int, str]]:
    """What the person holds, or the unit without a holder, and is due soon: at most fifty, the oldest first."""
    own = Inquiry.claimed_by_id == account.id
    if account.role in WORKING_ROLES:
        own = or_(own, (Inquiry.claimed_by_id.is_(None)) & (Inquiry.unit_id == account.unit_id))
    due = select(Inquiry.id, Inquiry.due_on).where(live, own, not_against(actor_of(session, account)), Inquiry.due_on <= lines.soon).order_by(Inquiry.due_on, Inquiry.id).limit(ITEMS_MOST)
    return [(account.id, key, term(day, lines)) for key, day in session.execute(due)]


def term(day: date | None, lines: Lines) -> str:
    """The name of what a due day means today."""
    return "due_overdue" if day is None or day < lines.today else "due_today" if day == lines.today else "due_soon"


def old_rows(session: Session, account: Account, lines: Lines) -> list[tuple[int, int, str]]:
    """What has crossed a red line, for managers: at most fifty, the oldest first."""
    if account.role != Role.manager:
        return []
    old = select(Inquiry.id, Inquiry.received_at).where(live, not_against(actor_of(session, account)), Inquiry.received_at < lines.warn).order_by(Inquiry.received_at, Inquiry.id).limit(ITEMS_MOST)
    return [(account.id, key, "red_fail" if at < lines.fail else "red_escalate" if at < lines.escalate else "red_warn") for key, at in session.execute(old)]
