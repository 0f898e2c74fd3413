"""What a count covers: a span of Shanghai days, the units, and the time of counting."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from board.clock import day_span, day_start, local, local_day, year_span
from board.errors import InvalidInput
from board.models import Unit
from board.staff.units import require_unit, root_unit, subtree_ids

#: The year in which the 政府信息公开条例 came into force: cumulative figures begin here.
FIRST_YEAR = 2008
LAST_YEAR = 2100
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Scope:
    """Half-open span [start, end) in UTC; ``unit_ids`` None means every unit; ``at`` is the time of counting."""

    start: datetime
    end: datetime
    unit_ids: frozenset[int] | None
    at: datetime

    @property
    def year(self) -> int:
        """The Shanghai year in which the span begins."""
        return local(self.start).year

    @property
    def days(self) -> tuple[date, date]:
        """The span in Shanghai days, half-open."""
        return local_day(self.start), local_day(self.end)

    @property
    def since_first(self) -> "Scope":
        """The same, from the first year that is counted."""
        return Scope(day_start(date(FIRST_YEAR, 1, 1)), self.end, self.unit_ids, self.at)

    @property
    def provisional(self) -> bool:
        """Whether the span was still open when it was counted."""
        return self.at < self.end


def checked_year(year: int) -> int:
    """The year itself; InvalidInput outside 2008 to 2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。", "year")
    return year


def scoped_unit(session: Session, name: str | None) -> Unit:
    """The unit of this code or name, else the office itself; InvalidInput when it is unknown."""
    return require_unit(session, name) if name else root_unit(session)


def year_scope(session: Session, year: int, unit: str | None, at: datetime) -> Scope:
    """A whole year of one unit and all below it; without a unit everything in the database."""
    start, end = year_span(checked_year(year))
    ids = subtree_ids(session, require_unit(session, unit).id) if unit else None
    return Scope(start, end, ids, at)


def months_scope(year: int, first: int, last: int, at: datetime) -> Scope:
    """The whole office from the first day of one month to the last day of another of the same year."""
    if not 1 <= first <= last <= MONTHS:
        raise InvalidInput("月份应在 1 至 12 之间。", "month")
    end = date(checked_year(year), last + 1, 1) if last < MONTHS else date(year + 1, 1, 1)
    return Scope(day_start(date(year, first, 1)), day_start(end), None, at)


def day_scope(day: date, at: datetime) -> Scope:
    """One Shanghai day of all units."""
    return Scope(*day_span(day), None, at)


def counted_day(scope: Scope) -> date:
    """The Shanghai day of the counting, against which open items are overdue."""
    return local_day(scope.at)
