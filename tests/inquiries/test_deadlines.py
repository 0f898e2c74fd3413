from datetime import date
from pathlib import Path

import pytest

from board.inquiries.deadlines import Calendar, due_after, load_calendar, working_days_between

PLAIN = Calendar({}, frozenset())


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2015, 12, 31), 5, date(2016, 1, 8)),  # 2016 New Year: 1 to 3 January off
        (date(2017, 1, 20), 5, date(2017, 1, 26)),  # Sunday 22 January 2017 was worked
        (date(2017, 1, 26), 2, date(2017, 2, 4)),  # Spring Festival to 2 February, Saturday 4 February worked
        (date(2020, 1, 22), 5, date(2020, 2, 6)),  # the prolonged holiday of 2020: to 2 February
        (date(2026, 2, 12), 5, date(2026, 2, 26)),  # Saturday 14 February 2026 worked, 15 to 23 off
        (date(2026, 11, 24), 5, date(2026, 12, 1)),
        (date(2026, 11, 24), 1, date(2026, 11, 25)),  # counted from the day after receipt
    ],
)
def test_known_terms(received: date, days: int, due: date) -> None:
    found = due_after(PLAIN, received, days)
    assert (found.day, found.provisional) == (due, False)
    assert [day.number for day in found.days if day.number] == list(range(1, days + 1))


def test_a_year_without_data_is_said_aloud() -> None:
    found = due_after(PLAIN, date(2027, 12, 30), 3)
    assert found.provisional
    assert "放假安排未公布" in found.days[0].why


def test_the_offices_own_days_overrule_and_make_the_year_known(tmp_path: Path) -> None:
    folder = tmp_path / "holidays"
    folder.mkdir()
    (folder / "2027.toml").write_text('[holidays]\n"2027-01-04" = "县里放假"\n[workdays]\n"2027-01-09" = "补班"\n', encoding="utf-8")
    found = due_after(load_calendar(tmp_path), date(2027, 1, 1), 6)
    assert (found.day, found.provisional) == (date(2027, 1, 11), False)
    assert [day.why for day in found.days if day.day in {date(2027, 1, 4), date(2027, 1, 9)}] == ["县里放假", "补班"]


def test_working_days_between_two_days() -> None:
    assert working_days_between(PLAIN, date(2017, 1, 26), date(2017, 2, 6)) == 3
    assert working_days_between(PLAIN, date(2017, 2, 6), date(2017, 1, 26)) == -3
