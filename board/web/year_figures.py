"""The figures of a year as public pages show them; counted by the reports' one definition, kept for some seconds."""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from flask import current_app

from board.clock import local, now
from board.reports.annual import ordered
from board.reports.counting import years_received
from board.reports.figures import count, grouped
from board.reports.handling import handling, share
from board.reports.scope import year_scope
from board.web.current import the_office

KEY = "huiying_year_figures"
SECONDS = 5


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year; ``rate`` in percent of the valid ones; ``working_days`` is the mean over what was closed."""

    year: int
    at: datetime
    received: int
    valid: int
    answered: int
    closed: int
    published: int
    disclosures: int
    rate: float
    working_days: float
    mean_days: float
    by_kind: dict[str, int]
    by_unit: dict[str, int]
    by_month: dict[str, int]


def of_year(year: int) -> YearFigures:
    """The figures of the year up to now."""
    until, known = current_app.extensions.setdefault(KEY, {}).get(year, (0.0, None))
    if known is not None and monotonic() < until:
        found: YearFigures = known
        return found
    found = counted(year)
    current_app.extensions[KEY][year] = (monotonic() + SECONDS, found)
    return found


def counted(year: int) -> YearFigures:
    """Counts a year anew."""
    office, at = the_office(), now()
    with office.work.reading() as db:
        scope = year_scope(db, year, None, at)
        valid, answered = count(db, scope, "inquiries.valid"), count(db, scope, "inquiries.answered")
        spent = handling(db, scope, office.calendar)
        return YearFigures(
            year=year, at=at, received=count(db, scope, "inquiries.received"), valid=valid, answered=answered,
            closed=count(db, scope, "inquiries.closed"), published=count(db, scope, "inquiries.published"),
            disclosures=count(db, scope, "proactive_disclosures.total"), rate=share(answered, valid),
            working_days=spent.mean_working_days, mean_days=spent.mean_days,
            by_kind={office.labels("kind", name): number for name, number in ordered(grouped(db, scope, "inquiries.by_kind"), office.labels.tables["kind"]).items()},
            by_unit=grouped(db, scope, "inquiries.by_unit"),
            by_month={f"{month}月": number for month, number in grouped(db, scope, "inquiries.by_month").items()},
        )  # fmt: skip


def years_to_choose() -> list[int]:
    """The years that have something to show, newest first."""
    with the_office().work.reading() as db:
        return years_received(db, now())


def this_year() -> int:
    """The present year in Shanghai."""
    return local(now()).year
