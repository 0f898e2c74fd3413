"""By what a figure can be split: unit, category, channel, key area, kind, month; and how the values are named and ordered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, extract, literal_column, select
from sqlalchemy.orm import Session

from board.models import Application, ApplicationChannel, Disclosure, DisclosureChannel, Inquiry, Review, Unit
from board.reports.days import days_apart, shanghai_day
from board.staff.units import counted_body

#: What stands for an empty mark, so that the parts always add up to the whole.
UNMARKED = "未分类"


@dataclass(frozen=True, slots=True)
class Dimension:
    """``column`` is grouped by; ``joined`` is an inner join that it needs; ``named`` gives the label of each stored value."""

    column: ColumnElement[Any]
    joined: tuple[type[DisclosureChannel], ColumnElement[bool]] | None = None
    named: Callable[[Session], Callable[[Any], str]] = lambda _session: text_label


def text_label(value: Any) -> str:
    """A stored mark as it is; an empty one is 未分类."""
    return str(value) if value not in (None, "") else UNMARKED


def body_labels(session: Session) -> Callable[[Any], str]:
    """Unit id -> short name of the body under which it is counted."""
    return unit_labels({unit.id: counted_body(unit).short_name for unit in units(session)})


def section_labels(session: Session) -> Callable[[Any], str]:
    """Unit id -> its own short name."""
    return unit_labels({unit.id: unit.short_name for unit in units(session)})


def units(session: Session) -> Sequence[Unit]:
    """All units, the office first."""
    return session.scalars(select(Unit).order_by(Unit.id)).all()


def unit_labels(names: dict[int, str]) -> Callable[[Any], str]:
    """A look-up by id."""
    return lambda unit_id: names[unit_id]


def month_of(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The Shanghai month of an instant, 1 to 12."""
    return extract("month", shanghai_day(column))


def of(table: type[Disclosure] | type[Inquiry], named: Callable[[Session], Callable[[Any], str]]) -> Dimension:
    """The unit of the rows of a table."""
    return Dimension(table.__table__.c.unit_id, named=named)


def joined_by_dots(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """Columns as one mark; without bound values, since PostgreSQL compares the groups' expressions."""
    result: ColumnElement[Any] = cast(columns[0], String)
    for column in columns[1:]:
        result = result.concat(literal_column("'.'")).concat(cast(column, String))
    return result


#: whether a suit came after a reconsideration (复议后起诉)
AFTER = case((Review.__table__.c.after_review, literal_column("'after'")), else_=literal_column("'direct'"))
#: the four ways of the form up to 2018
WAYS = {
    ApplicationChannel.window: "当面", ApplicationChannel.oral: "当面", ApplicationChannel.fax: "传真", ApplicationChannel.web: "网络",
    ApplicationChannel.registered_post: "信函", ApplicationChannel.ordinary_post: "信函",
}  # fmt: skip
#: calendar days from receipt to closing: the stored mark, from how many days on it holds, its name
TAKEN = (("0", 0, "当天"), ("1", 1, "1至3天"), ("2", 4, "4至7天"), ("3", 8, "8至15天"), ("4", 16, "16至30天"), ("5", 31, "31至60天"), ("6", 61, "60天以上"))
DAYS_TAKEN = {mark: name for mark, _least, name in TAKEN}
DAYS = days_apart(Inquiry.__table__.c.received_at, Inquiry.__table__.c.closed_at)
BY_DAYS = case(*((literal_column(str(least)) <= DAYS, literal_column(f"'{mark}'")) for mark, least, _name in reversed(TAKEN[1:])), else_=literal_column("'0'"))
DIMENSIONS = {
    "disclosure_body": of(Disclosure, body_labels),
    "inquiry_unit": of(Inquiry, section_labels),
    "category": Dimension(Disclosure.__table__.c.category),
    "key_area": Dimension(Disclosure.__table__.c.key_area),
    "disclosure_channel": Dimension(DisclosureChannel.__table__.c.channel, (DisclosureChannel, and_(DisclosureChannel.disclosure_id == Disclosure.id))),
    "published_month": Dimension(month_of(Disclosure.__table__.c.published_at)),
    "application_way": Dimension(Application.__table__.c.channel, named=lambda _session: lambda channel: WAYS[ApplicationChannel(channel)]),
    "applicant_kind": Dimension(Application.__table__.c.kind),
    "application_outcome": Dimension(Application.__table__.c.outcome),
    "application_cell": Dimension(joined_by_dots(Application.__table__.c.outcome, Application.__table__.c.kind)),
    "application_term": Dimension(case((Application.__table__.c.extended, literal_column("'extended'")), else_=literal_column("'in_time'"))),
    "review_group": Dimension(joined_by_dots(Review.__table__.c.kind, AFTER)),
    "review_cell": Dimension(joined_by_dots(Review.__table__.c.kind, AFTER, Review.__table__.c.result)),
    "review_kind": Dimension(Review.__table__.c.kind),
    "kind": Dimension(Inquiry.__table__.c.kind),
    "inquiry_channel": Dimension(Inquiry.__table__.c.channel),
    "received_month": Dimension(month_of(Inquiry.__table__.c.received_at)),
    "days_taken": Dimension(BY_DAYS, named=lambda _session: lambda mark: DAYS_TAKEN[mark]),
    "closed_month": Dimension(month_of(Inquiry.__table__.c.closed_at)),
}
