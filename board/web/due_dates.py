"""Why a due date is the day it is, for the pages: counted from the inquiry's events each time."""

from datetime import date
from typing import Any

from flask import request

from board.errors import InvalidInput
from board.inquiries.term_clock import Explained, Rules, why
from board.web.current import the_office


def rules() -> Rules:
    """What terms are counted by in this office."""
    office = the_office()
    return Rules(office.settings, office.calendar)


def term_of(db: Any, inquiry: Any) -> Explained:
    """The term of an inquiry: its end, each day on the way, what moved it."""
    return why(db, rules(), inquiry)


def asked_day(name: str) -> date | None:
    """A day as a form sends it; None for an empty field, InvalidInput for anything else."""
    given = request.form.get(name, "").strip()[:20]
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InvalidInput("日期写作 2026-12-31 的样子。", name) from error
