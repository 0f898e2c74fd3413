"""Working days (工作日): the State Council's calendar with shifted days, the office's own overrides, and reasons for each day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from board.errors import NotConfigured
from board.settings import read_toml

DAYS_MOST = 400


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One calendar day of a count: ``number`` is its working-day number, 0 for a day that does not count; ``why`` in words."""

    day: date
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """The last working day of a term; ``provisional`` when a year on the way has no published calendar."""

    day: date
    provisional: bool
    days: tuple[CountedDay, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Overrides by day: True a working day, False a holiday, with the note shown; ``years`` have data of their own."""

    overrides: Mapping[date, tuple[bool, str]]
    years: frozenset[int]

    def day(self, day: date) -> tuple[bool, str, bool]:
        """(works, why, known) for one day."""
        if day in self.overrides:
            return (*self.overrides[day], True)
        weekend = day.weekday() >= 5
        try:
            off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            why = "周末" if weekend else "工作日"
            return not weekend, why if day.year in self.years else f"{why}（{day.year}年放假安排未公布，暂按周一至周五计）", day.year in self.years
        if off:
            return False, HOLIDAYS.get(name or "", "节假日") if name else "周末", True
        return True, "调休上班" if weekend else "工作日", True


HOLIDAYS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节", "Anti-Fascist 70th Day": "抗战胜利纪念日",
}  # fmt: skip


def load_calendar(config_dir: Path) -> Calendar:
    """Reads config/holidays/YEAR.toml: ``holidays`` and ``workdays`` are tables of date = "note"; a file makes its year known."""
    overrides: dict[date, tuple[bool, str]] = {}
    years: set[int] = set()
    for path in sorted((config_dir / "holidays").glob("*.toml")):
        table = read_toml(path)
        years.add(int(path.stem))
        try:
            overrides |= {date.fromisoformat(day): (False, str(note)) for day, note in table.get("holidays", {}).items()}
            overrides |= {date.fromisoformat(day): (True, str(note)) for day, note in table.get("workdays", {}).items()}
        except ValueError as error:
            raise NotConfigured(f"节假日文件有误：{path.name}（{error}）") from error
    return Calendar(overrides, frozenset(years))


def due_after(calendar: Calendar, received: date, working_days: int) -> Due:
    """The day on which a term of working days ends; counted from the day after receipt (DOMAIN 3)."""
    counted: list[CountedDay] = []
    number, provisional, day = 0, False, received
    while number < working_days and len(counted) < DAYS_MOST:
        day += timedelta(days=1)
        works, why, known = calendar.day(day)
        number += works
        provisional = provisional or not known
        counted.append(CountedDay(day, number if works else 0, why))
    return Due(day, provisional, tuple(counted))


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before."""
    if end < start:
        return -working_days_between(calendar, end, start)
    return sum(calendar.day(start + timedelta(days=n))[0] for n in range(1, (end - start).days + 1))
