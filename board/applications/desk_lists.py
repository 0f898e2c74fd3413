"""Applications on the desk: lanes by what is to be done, with counts, and one application for staff."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from board.applications.life import OPEN, WAITING
from board.errors import NotFound
from board.inquiries.deadlines import due_after
from board.inquiries.term_clock import Rules
from board.models import Application, ApplicationLetter, ApplicationState, LetterKind
from board.staff.roles import Actor, Right, require
from board.storage.paging import Page, escaped, paged
from responder.text import plain

LANES = ("open", "confirm", "overdue", "soon", "waiting", "lapsed", "signature", "mine", "delivery", "done", "all")
PER_PAGE = 30
S = ApplicationState


def conditions(rules: Rules, actor: Actor, today: date) -> Mapping[str, ColumnElement[bool]]:
    """What each lane holds on this day."""
    is_open = Application.state.in_(OPEN)
    soon = due_after(rules.calendar, today, int(rules.settings.section("applications")["soon_days"])).day
    owned = or_(Application.claimed_by_id == (actor.account_id or 0), Application.claimed_by_id.in_(actor.stands_in) if actor.stands_in else false())
    undelivered = select(ApplicationLetter.application_id).where(
        ApplicationLetter.kind == LetterKind.decision, ApplicationLetter.signed_at.is_not(None), ApplicationLetter.delivered_at.is_(None)
    )
    waits = Application.state.in_(WAITING)
    return {
        "open": is_open, "confirm": Application.state == S.submitted, "overdue": and_(is_open, Application.due_on < today),
        "soon": and_(is_open, Application.due_on >= today, Application.due_on <= soon), "waiting": waits,
        "lapsed": and_(waits, Application.waiting_until < today), "signature": Application.state == S.awaiting_signature, "mine": and_(is_open, owned),
        "delivery": Application.id.in_(undelivered), "done": Application.state == S.concluded, "all": Application.id > 0,
    }  # fmt: skip


def counts(session: Session, rules: Rules, actor: Actor, today: date) -> dict[str, int]:
    """How many applications each lane holds, in one statement."""
    require(actor, Right.read_application)
    lanes = conditions(rules, actor, today)
    row = session.execute(select(*(func.count().filter(condition) for condition in lanes.values())).select_from(Application)).one()
    return dict(zip(lanes, row, strict=True))


def listing(session: Session, rules: Rules, actor: Actor, lane: str, query: str, today: date, page: int) -> Page[Application]:
    """One page of a lane, the earliest due first (those without a due day behind), by number, applicant or words of the subject."""
    require(actor, Right.read_application)
    statement = select(Application).options(joinedload(Application.unit), joinedload(Application.claimed_by))
    statement = statement.where(conditions(rules, actor, today).get(lane, Application.state.in_(OPEN)))
    for word in plain(query[:200]).split()[:8]:
        like = f"%{escaped(word)}%"
        statement = statement.where(or_(*(column.ilike(like, escape="\\") for column in (Application.number, Application.applicant, Application.subject))))
    last_first = (Application.id.desc(),) if lane in ("done", "all") else (Application.due_on.is_(None), Application.due_on, Application.id)
    return paged(session, statement.order_by(*last_first), page, PER_PAGE)


def application_for_staff(session: Session, actor: Actor, number: str) -> Application:
    """The application of this number; NotFound when there is none."""
    require(actor, Right.read_application)
    found = session.scalar(select(Application).where(Application.number == number[:60]))
    if found is None:
        raise NotFound("没有这件申请。")
    return found


def letter_of(session: Session, application: Application, letter_id: int) -> ApplicationLetter:
    """A letter of this application; NotFound for another's."""
    found = session.scalar(select(ApplicationLetter).where(ApplicationLetter.id == letter_id, ApplicationLetter.application_id == application.id))
    if found is None:
        raise NotFound("没有这份文书。")
    return found


def covered(value: str) -> str:
    """A personal value as the desk shows it before somebody says why they need it: first and last signs, stars between."""
    if len(value) <= 4:
        return "*" * len(value)
    keep = 3 if len(value) >= 8 else 1
    return value[:keep] + "*" * (len(value) - 2 * keep) + value[-keep:]
