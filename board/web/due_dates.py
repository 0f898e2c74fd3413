"""Why a due date is the day it is, for the pages: counted from the inquiry's events each time."""

from typing import Any

from board.inquiries.term_clock import Explained, Rules, why
from board.web.current import the_office


def rules() -> Rules:
    """What terms are counted by in this office."""
    office = the_office()
    return Rules(office.settings, office.calendar)


def term_of(db: Any, inquiry: Any) -> Explained:
    """The term of an inquiry: its end, each day on the way, what moved it."""
    return why(db, rules(), inquiry)
