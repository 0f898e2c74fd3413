"""放假安排: the pasted notice is read, the year shown as a calendar, then saved."""

import calendar
import re
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import InvalidInput
from board.inquiries import changing as room
from board.inquiries.holiday_notice import Notice, as_lines, from_lines, read_notice
from board.staff.choices import all_versions, seen_ids, standing
from board.web.choosing import asked, refused, saved
from board.web.current import the_office
from board.web.staff_pages import acting

blueprint = Blueprint("holidays", __name__)


@blueprint.get("/desk/settings/holidays")
def show() -> str:
    """The calendar of a year as it counts now, and the field for the notice."""
    return page(asked_year(request.args.get("year", "")), "", "", {})


@blueprint.post("/desk/settings/holidays/preview")
def preview() -> Response | str:
    """Reads the notice (or the corrected lines) and shows what it means; nothing is saved."""
    year, text, lines = asked_year(request.form.get("year", "")), request.form.get("notice", "")[:20_000], request.form.get("days", "")[:20_000]
    try:
        notice = from_lines(lines, year) if lines.strip() else read_notice(text, year_in(text) or year)
    except InvalidInput as error:
        return refused(error, lambda errors: page(year, text, lines, errors))
    return page(year if lines.strip() else year_in(text) or year, text, as_lines(notice), {}, notice)


@blueprint.post("/desk/settings/holidays")
def save() -> Response:
    """Saves the year as it was shown, or goes back to the default."""
    year, lines = asked_year(request.form.get("year", "")), request.form.get("days", "")[:20_000]

    def act(db: Any) -> None:
        given = asked(db, "holiday", str(year))
        room.change_year(db, acting(), year, Notice() if given.default else from_lines(lines, year), given, now())

    done = f"{year}年放假安排已保存。已有的到期日不变，新收到的留言按此计算。"
    return saved(act, done, "holidays.show", lambda errors: page(year, "", lines, errors), year=year)


def asked_year(given: str) -> int:
    """The year of the form; anything odd is this year."""
    present = local_day(now()).year
    year = int(given) if re.fullmatch(r"\d{4}", given) and given.isascii() else present
    return year if 2004 <= year <= present + 2 else present


def year_in(text: str) -> int | None:
    """The year that the notice names in its title or its first date."""
    found = re.search(r"(20\d{2})\s*年(?:部分)?节假日", text)
    return asked_year(found[1]) if found else None


def page(year: int, text: str, lines: str, errors: dict[str, str], notice: Notice | None = None) -> str:
    """The page; with a notice that was read, the calendar shows it."""
    office = the_office()
    with office.work.reading() as db:
        versions = all_versions(db, "holiday")
        row = standing(versions, local_day(now())).get(str(year))
    return render_template(
        "desk/settings_holidays.html", here="settings", heading="放假安排", year=year, years=range(local_day(now()).year - 1, local_day(now()).year + 3),
        text=text, lines=lines, errors=errors, months=months(year, notice), read=notice, seen=seen_ids(versions).get(str(year), 0),
        changed=bool(row and row.value), known=office.calendar.day(date(year, 10, 1))[2],
    )  # fmt: skip


def months(year: int, notice: Notice | None) -> list[list[list[tuple[int, str, str]]]]:
    """Twelve months of weeks of (day, "rest" | "work" | "off" | "", note); 0 is a day of another month."""
    return [[[cell(year, month, day, notice) for day in week] for week in calendar.monthcalendar(year, month)] for month in range(1, 13)]


def cell(year: int, month: int, day: int, notice: Notice | None) -> tuple[int, str, str]:
    """One day of the calendar."""
    if not day:
        return 0, "", ""
    at = date(year, month, day)
    if notice is not None:
        off, work = notice.holidays.get(at), notice.workdays.get(at)
        return day, "rest" if off else "work" if work else "off" if at.weekday() >= 5 else "", off or work or ""
    works, why, _ = the_office().calendar.day(at)
    weekend = at.weekday() >= 5
    return day, ("work" if weekend else "") if works else ("off" if weekend and why.startswith("周末") else "rest"), why if works == weekend else ""
