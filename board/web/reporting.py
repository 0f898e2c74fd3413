"""The year on a page: the same figures as the command, each a link to the items behind it."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from board.clock import local_day, now
from board.inquiries.delicate import hidden_numbers
from board.replies.desk_view import all_units
from board.reports import charts, exporting
from board.reports.annual import Report, annual_report
from board.reports.counting import years_received
from board.reports.figures import figure_of
from board.reports.figures import items as items_behind
from board.reports.scope import FIRST_YEAR, year_scope
from board.staff.roles import Right, may
from board.storage.chains import note
from board.web.current import the_office
from board.web.staff_pages import acting

blueprint = Blueprint("reporting", __name__)
ITEMS_MOST = 500


@blueprint.get("/reports")
def year() -> str:
    """The annual report of a year, of the office or of one unit."""
    office = the_office()
    with office.work.reading() as db:
        report = counted(db)
        return render_template(
            "desk/report.html", here="reports", heading=f"{report.year}年度报告", report=report, unit=asked_unit() or "", units=all_units(db),
            years=range(local_day(now()).year, FIRST_YEAR - 1, -1), months=charts.months_svg(report), categories=charts.categories_svg(report),
            link=link_of(report), may_export=may(acting(), Right.export_report), formats=("docx", "pdf", "xlsx", "html", "csv", "md", "json"),
            may_read=may(acting(), Right.read_inquiry),
        )  # fmt: skip


@blueprint.get("/reports/items")
def items() -> str:
    """What a figure counts."""
    key, value = request.args.get("figure", "")[:80], request.args.get("value", "")[:300]
    with the_office().work.reading() as db:
        scope = year_scope(db, asked_year(db), asked_unit(), now())
        figure = figure_of(key)
        hidden = hidden_numbers(db, acting())
        found = [one for one in items_behind(db, scope, key, value) if one.kind != "inquiry" or one.number not in hidden]
        return render_template(
            "desk/report_items.html", here="reports", heading=f"{scope.year}年 {figure.label}", figure=figure, value=value, items=found[:ITEMS_MOST],
            total=len(found), most=ITEMS_MOST, year=scope.year, unit=asked_unit() or "", readable=may(acting(), Right.read_inquiry),
        )  # fmt: skip


@blueprint.get("/reports/export.<form>")
def export(form: str) -> Response:
    """The report as a file."""
    with the_office().work.reading() as db:
        report = counted(db)
    body = exporting.exported(report, form)
    with the_office().work.transaction() as db:
        note(db, "export_report", acting().name, now(), data={"year": report.year, "format": form, "unit": asked_unit() or ""}, chain="report")
    response = Response(body, mimetype=exporting.MEDIA_TYPES[form].partition(";")[0])
    response.headers["Content-Disposition"] = f'attachment; filename="{exporting.file_name(report, form)}"'
    return response


def counted(db: Any) -> Report:
    """The report that the address asks for."""
    office = the_office()
    return annual_report(db, office.settings, office.taxonomy, office.calendar, asked_year(db), asked_unit(), at=now())


def link_of(report: Report) -> Any:
    """``link(figure, value)``: the address of the list behind a figure."""

    def link(figure: str, value: object = "") -> str:
        return url_for("reporting.items", year=report.year, unit=asked_unit(), figure=figure, value=str(value) if value != "" else None)

    return link


def asked_year(db: Any) -> int:
    """The year of the address; without one the last whole year in which something came. The room refuses what is impossible."""
    given = request.args.get("year", "")
    if not given:
        present, *whole = years_received(db, now())
        return whole[0] if whole else present - 1
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 4 else 0


def asked_unit() -> str | None:
    """The unit of the address (its code); None for the whole office."""
    return request.args.get("unit", "")[:40] or None
