"""Who the site belongs to, as every page says it: read from the database, kept for some seconds."""

from dataclasses import dataclass
from time import monotonic

from flask import current_app

from board.errors import HuiyingError
from board.staff.units import identity
from board.web.current import the_office

KEY = "huiying_site"
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Site:
    """The office's name and whether this is the invented sample (样例)."""

    name: str
    sample: bool


def the_site() -> Site:
    """The identity; while the database is away the last one known, else the name in the settings."""
    until, known = current_app.extensions.get(KEY, (0.0, None))
    if known is not None and monotonic() < until:
        found: Site = known
        return found
    office = the_office()
    try:
        with office.work.reading() as db:
            who = identity(db)
        found = Site(who.name, who.sample)
    except HuiyingError:
        return known or Site(office.settings.office_name, sample=False)
    current_app.extensions[KEY] = (monotonic() + SECONDS, found)
    return found
