"""Time: instants are aware UTC; days, months and years are counted in Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The instant as a Shanghai wall-clock time."""
    return instant.astimezone(SHANGHAI)


def local_day(instant: datetime) -> date:
    """The Shanghai calendar day on which the instant falls."""
    return local(instant).date()


def day_start(day: date) -> datetime:
    """The instant (UTC) at which the Shanghai day begins."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def day_span(day: date) -> tuple[datetime, datetime]:
    """Half-open span [start, end) of a Shanghai day, UTC."""
    return day_start(day), day_start(day + timedelta(days=1))


def year_span(year: int) -> tuple[datetime, datetime]:
    """Half-open span [start, end) of a Shanghai calendar year, UTC."""
    return day_start(date(year, 1, 1)), day_start(date(year + 1, 1, 1))


def from_local(moment: datetime) -> datetime:
    """A naive wall-clock time is taken as Shanghai time; an aware one is converted. Returns UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC)
