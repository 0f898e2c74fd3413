"""How the months of a year join into the year's cell: most add up, a carry-over is the first or the last one, some count each item once."""

from collections.abc import Mapping
from enum import StrEnum

from board.reports.forms import DERIVED, Form


class Join(StrEnum):
    """``adds``: the sum of the months; ``first``: what stood at the beginning; ``last``: what stands at the end; ``once``: each item once over all
    months; ``anew``: rates and times, worked out of the whole year.
    """

    adds = "adds"
    first = "first"
    last = "last"
    once = "once"
    anew = "anew"


OTHERS: Mapping[str, Join] = {
    "applications.carried_in": Join.first,
    "applications.carried_in_by_applicant": Join.first,
    "applications.carried_out": Join.last,
    "applications.carried_out_by_applicant": Join.last,
    "inquiries.carried_over": Join.last,
    "proactive_disclosures.cumulative": Join.last,
    "applications.cumulative": Join.last,
    "reviews_pending": Join.last,
    "reviews_counted": Join.once,
    "inquiries.bypassed": Join.once,
    **dict.fromkeys(DERIVED, Join.anew),
}


def join_of(definition: str) -> Join:
    """The way of a counted cell."""
    return OTHERS.get(definition.partition(":")[0], Join.adds)


def parts_of_total(form: Form, path: str) -> tuple[str, ...]:
    """The cells of which a total consists by the form's own identity and that add up over months."""
    definitions = {cell.path: cell.definition for cell in form.cells}
    sides = next((left for _, (left, right) in form.identities if right == (path,)), ())
    return tuple(one for one in sides if join_of(definitions[one]) is Join.adds)
