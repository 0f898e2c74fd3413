"""The desk's queue: one page of a view by keyset, without counting what lies before or behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload, load_only

from board.inquiries.delicate import not_against
from board.models import Inquiry, Reply
from board.replies import lanes
from board.replies.choosing import Choice, condition
from board.replies.lanes import Lines
from board.replies.tally import tally
from board.staff.roles import Actor, Right, require

PER_PAGE = 50
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a view: ``before`` and ``after`` are the places to go on from, "" where there is nothing more."""

    items: Sequence[Inquiry]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an order: its rows, and the column that they are sorted by before their id (None: by id alone)."""

    where: ColumnElement[bool] | None
    by: InstrumentedAttribute[Any] | None
    falling: bool = False


#: order -> its stretches one behind the other; a clock that stands has no due day and comes last
ORDERS: dict[str, tuple[Stretch, ...]] = {
    "due": (Stretch(Inquiry.due_on.is_not(None), Inquiry.due_on), Stretch(Inquiry.due_on.is_(None), None)),
    "received": (Stretch(None, Inquiry.received_at),),
    "newest": (Stretch(None, Inquiry.received_at, falling=True),),
}


def visible(actor: Actor) -> Select[Inquiry]:
    """The inquiries that this member of staff may see, without their long texts."""
    require(actor, Right.read_inquiry)
    return select(Inquiry).options(joinedload(Inquiry.unit), joinedload(Inquiry.claimed_by), defer(Inquiry.text), defer(Inquiry.original_text)).where(
        not_against(actor)
    )


def desk_queue(
    session: Session, actor: Actor, choice: Choice, lines: Lines, *, after: str = "", before: str = "", per_page: int = PER_PAGE
) -> Listing:
    """The page behind ``after``, or the one that ends before ``before``, or the first; a place that is not understood is the first page."""
    statement = visible(actor).where(condition(session, actor, choice, lines))
    stretches, place = ORDERS[choice.order], placed(choice.order, before or after)
    back = bool(before and place)
    rows = collected(session, statement, stretches, place, back, per_page + 1)
    more, shown = len(rows) > per_page, rows[:per_page]
    if back:
        shown.reverse()
    first, last = (place_of(choice.order, shown[0]), place_of(choice.order, shown[-1])) if shown else ("", "")
    return Listing(shown, first if (more if back else place is not None) else "", last if (more or back) else "")


def collected(
    session: Session, statement: Select[Inquiry], stretches: Sequence[Stretch], place: tuple[int, Any, int] | None, back: bool, number: int
) -> list[Inquiry]:
    """So many rows from the place on, in this direction, through as many stretches as it takes."""
    rows: list[Inquiry] = []
    first = place[0] if place else len(stretches) - 1 if back else 0
    for at in range(first, -1 if back else len(stretches), -1 if back else 1):
        part = within(statement, stretches[at], place if place and at == first else None, back)
        rows += session.scalars(part.limit(number - len(rows))).unique()
        if len(rows) == number:
            break
    return rows


def within(statement: Select[Inquiry], stretch: Stretch, place: tuple[int, Any, int] | None, back: bool) -> Select[Inquiry]:
    """The rows of one stretch in order, those beyond the place alone."""
    falling = stretch.falling != back
    columns = [stretch.by, Inquiry.id] if stretch.by is not None else [Inquiry.id]
    if stretch.where is not None:
        statement = statement.where(stretch.where)
    if place is not None:
        statement = statement.where(beyond(stretch, place[1], place[2], falling))
    return statement.order_by(*(column.desc() if falling else column for column in columns))


def beyond(stretch: Stretch, value: Any, key: int, falling: bool) -> ColumnElement[bool]:
    """Whether a row comes behind the one with this value and id; written so that an index on the column can be entered at the value."""
    later = Inquiry.id < key if falling else Inquiry.id > key
    if stretch.by is None:
        return later
    reached, passed = (stretch.by <= value, stretch.by < value) if falling else (stretch.by >= value, stretch.by > value)
    return and_(reached, or_(passed, later))


def place_of(order: str, inquiry: Inquiry) -> str:
    """Where a row stands in an order, for an address, e.g. ``2026-11-24.153``."""
    if order == "due":
        return f"{inquiry.due_on or NOTHING}.{inquiry.id}"
    return f"{inquiry.received_at:%Y%m%dT%H%M%S%f}.{inquiry.id}"


def placed(order: str, given: str) -> tuple[int, Any, int] | None:
    """(stretch, value, id) of a place; None for one that is not understood."""
    value, _, key = given[:60].rpartition(".")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    try:
        if order == "due":
            return (1, None, int(key)) if value == NOTHING else (0, date.fromisoformat(value), int(key))
        return 0, datetime.strptime(value, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(key)
    except ValueError:
        return None


def urgent_items(session: Session, actor: Actor, most: int = 20) -> Sequence[Inquiry]:
    """急件 in hand, the oldest first: they stand above every view of the queue; one query along an index of their own."""
    pressing = visible(actor).where(lanes.live, text("inquiries.urgency <> 'ordinary'")).order_by(Inquiry.id)
    return session.scalars(pressing.limit(most)).unique().all()


def counts(session: Session, actor: Actor, lines: Lines) -> dict[str, int]:
    """How many items each lane holds; "done" is not counted."""
    require(actor, Right.read_inquiry)
    return tally(session, actor, lines)


def drafts_of(session: Session, inquiry_ids: list[int]) -> dict[int, Reply]:
    """The reply in force of each inquiry that has one, without its text."""
    statement = select(Reply).where(Reply.inquiry_id.in_(inquiry_ids), Reply.in_force).options(load_only(Reply.inquiry_id, Reply.decision))
    return {reply.inquiry_id: reply for reply in session.scalars(statement)}


def chosen_items(session: Session, actor: Actor, numbers: Sequence[str]) -> Sequence[Inquiry]:
    """The inquiries of these numbers, in the order of the queue."""
    return session.scalars(visible(actor).where(Inquiry.number.in_(numbers)).order_by(Inquiry.due_on, Inquiry.id)).unique().all()
