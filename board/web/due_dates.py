"""Why a due date is the day it is: each day from receipt on, counted or not."""

from typing import Any

from board.clock import local_day
from board.inquiries.deadlines import CountedDay, due_after
from board.web.current import the_office

#: more working days than any term has
LONGEST = 60


def term_of(inquiry: Any) -> list[CountedDay]:
    """The days after receipt up to the due date; [] for an inquiry without one."""
    if inquiry.due_on is None:
        return []
    days = due_after(the_office().calendar, local_day(inquiry.received_at), LONGEST).days
    return [day for day in days if day.day <= inquiry.due_on]
