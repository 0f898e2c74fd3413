"""月报与关账: a year's submitted months with what changed since, its findings, and the two steps that freeze it."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from board.clock import local_day, now
from board.inquiries.delicate import hidden_numbers
from board.reports import freezing, since_frozen, submitting_returns
from board.reports.forms import load_forms
from board.reports.frozen_years import is_frozen, required, versions, waiting
from board.reports.returns import adjustments_of, open_lines, returns_of
from board.reports.scope import FIRST_YEAR, MONTHS
from board.staff.roles import Right, may
from board.web.current import the_office
from board.web.staff_pages import acting

blueprint = Blueprint("closing", __name__)
LINES_MOST = 200


def room() -> freezing.Room:
    """What a count of a year needs."""
    office = the_office()
    return freezing.Room(office.settings, office.taxonomy, office.calendar)


def number_given(name: str) -> int:
    """A small number of the request; 0 for anything else, which the rooms refuse."""
    given = request.values.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 4 else 0


@blueprint.get("/reports/closing")
def show() -> str:
    """The year of the address, else the last whole one."""
    office, at = the_office(), now()
    present = local_day(at).year
    year = number_given("year") if "year" in request.args else present - 1
    with office.work.reading() as db:
        whole, rows = room().year(db, year, at), returns_of(db, year)
        lines = open_lines(db, office.calendar, load_forms(office.settings.config_dir), year, at)
        moved = since_frozen.changed_since(db, room(), year, at) if is_frozen(db, year) else []
        return render_template(
            "desk/closing.html", here="reports", heading=f"{year}年月报与关账", year=year, years=range(present, FIRST_YEAR - 1, -1), whole=whole, rows=rows,
            next_month=submitting_returns.next_month(rows), months=MONTHS, lines=lines[:LINES_MOST], more=max(0, len(lines) - LINES_MOST), told=adjustments_of(db, year)[-LINES_MOST:],
            versions=versions(db, year), waiting=waiting(db, year), moved=moved, may_submit=may(acting(), Right.submit_return), may_close=may(acting(), Right.close_year),
            own=acting().name, hidden=hidden_numbers(db, acting()), labels={cell.path: cell.label for form in load_forms(office.settings.config_dir) for cell in form.cells},
        )  # fmt: skip


@blueprint.post("/reports/closing/month")
def month() -> Answer:
    """Submits a month."""
    office, year = the_office(), number_given("year")
    with office.work.transaction() as db:
        row = submitting_returns.submit_month(db, acting(), office.settings.config_dir, office.calendar, year, number_given("month"), now())
    return back(year, f"已报送{year}年{row.month}月。")


@blueprint.post("/reports/closing/overrule")
def overrule() -> Answer:
    """Lets a finding stand."""
    year = number_given("year")
    with the_office().work.transaction() as db:
        freezing.overrule(db, acting(), room(), year, request.form.get("fingerprint", "")[:64], request.form.get("reason", "")[: freezing.REASON_MOST + 1], now())
    return back(year, "已保留，理由会印在报告里。")


@blueprint.post("/reports/closing/close")
def close() -> Answer:
    """The first person."""
    year = number_given("year")
    with the_office().work.transaction() as db:
        freezing.close_year(db, acting(), room(), year, request.form.get("reason", "")[: freezing.REASON_MOST + 1], now())
    return back(year, "已关账，请另一人确认。")


@blueprint.post("/reports/closing/confirm")
def confirm() -> Answer:
    """The second person, who saw this very snapshot."""
    year = number_given("year")
    with the_office().work.transaction() as db:
        freezing.confirm_year(db, acting(), room(), year, request.form.get("sha256", "")[:64], now())
    return back(year, "已确认，年度数字从此冻结。")


@blueprint.get("/reports/closing/<int:year>-<int:version>.json")
def snapshot(year: int, version: int) -> Response:
    """A frozen version, byte for byte."""
    with the_office().work.reading() as db:
        body = freezing.stored_bytes(db, required(db, year, version).row)
    return Response(body, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="huiying-{year}-{version}.json"'})


def back(year: int, words: str) -> Answer:
    """The page again, with what was done."""
    flash(words, "good")
    return redirect(url_for("closing.show", year=year), 303)
