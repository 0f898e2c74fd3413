"""How long it took: mean and median over what was closed in the span, in calendar days and in working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from statistics import median

from sqlalchemy.orm import Session

from board.clock import local_day
from board.inquiries.deadlines import Calendar
from board.models import Inquiry
from board.reports.figures import chosen, figure_of
from board.reports.scope import Scope

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Handling:
    """Days with one decimal; 0.0 when nothing was closed."""

    mean_days: float
    median_days: float
    mean_working_days: float


def one_decimal(value: Decimal) -> float:
    """Rounded half up (四舍五入) to one decimal."""
    return float(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def share(part: int, whole: int) -> float:
    """``part`` in percent of ``whole``, one decimal; 0.0 of nothing."""
    return one_decimal(Decimal(100 * part) / whole) if whole else 0.0


def mean(values: Sequence[Decimal]) -> float:
    """The mean, one decimal; 0.0 of nothing."""
    return one_decimal(sum(values, Decimal(0)) / len(values)) if values else 0.0


def handling(session: Session, scope: Scope, calendar: Calendar) -> Handling:
    """Elapsed seconds / 86,400 from receipt to closing over the rows of "inquiries.closed"."""
    query = chosen(figure_of("inquiries.closed"), scope, Inquiry.received_at, Inquiry.closed_at)
    spans = [(received, closed) for received, closed in session.execute(query)]
    days = [elapsed(received, closed) for received, closed in spans]
    working = working_days(calendar, [(local_day(received), local_day(closed)) for received, closed in spans])
    middle = one_decimal(median(days)) if days else 0.0
    return Handling(mean(days), middle, mean(working))


def elapsed(start: datetime, end: datetime) -> Decimal:
    """Calendar days between two instants, exact to the microsecond."""
    return Decimal((end - start) // timedelta(microseconds=1)) / (SECONDS_A_DAY * 1_000_000)


def working_days(calendar: Calendar, spans: Sequence[tuple[date, date]]) -> list[Decimal]:
    """Working days after the first up to and including the last day of each span; each calendar day is looked up once."""
    if not spans:
        return []
    first, last = min(min(span) for span in spans), max(max(span) for span in spans)
    works = (calendar.day(first + timedelta(days=n))[0] for n in range(1, (last - first).days + 1))
    until = [0, *accumulate(int(day) for day in works)]
    return [Decimal(until[(end - first).days] - until[(start - first).days]) for start, end in spans]
