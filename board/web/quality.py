"""How good the drafts were: by month and unit, with the items behind each figure."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from board.clock import local, now
from board.errors import NotFound
from board.inquiries.delicate import hidden_numbers
from board.replies.desk_view import all_units
from board.reports import draft_quality, measured, quality_files
from board.reports.counting import years_received
from board.reports.scope import Scope, year_scope
from board.staff.roles import Right, may
from board.web.current import the_office
from board.web.staff_pages import acting

blueprint = Blueprint("quality", __name__)
ITEMS_MOST = 500


@blueprint.get("/desk/quality")
def index() -> str:
    """The figures of a year, of the office or of one unit."""
    office = the_office()
    with office.work.reading() as db:
        scope = asked_scope(db)
        found = draft_quality.quality(db, office.settings, scope)
        return render_template(
            "desk/quality.html", here="topics", heading=f"{scope.year}年拟稿质量", found=found, year=scope.year, unit=asked_unit() or "", units=all_units(db),
            years=years_received(db, now()), outcomes=draft_quality.OUTCOMES, link=link_of(scope.year), may_export=may(acting(), Right.export_report),
            chart=quality_files.months_svg(found, office.labels, scope.year) if found.total.approved else "",
            measured=measured.last_measured(db, office.labels), edge=round(100 * float(office.settings.section("quality")["rewritten_from"])),
        )  # fmt: skip


@blueprint.get("/desk/quality/items")
def items() -> str:
    """The approved replies behind a figure."""
    outcome, month, of = request.args.get("outcome", "")[:20], request.args.get("month", "")[:4], request.args.get("of", "")[:100]
    if outcome and outcome not in draft_quality.OUTCOMES and outcome != "drafted":
        raise NotFound("没有这一项。")
    office = the_office()
    with office.work.reading() as db:
        scope = asked_scope(db)
        wanted = draft_quality.DRAFTED if outcome == "drafted" else (outcome,) if outcome else draft_quality.OUTCOMES
        hidden = hidden_numbers(db, acting())
        found = [
            one for one in draft_quality.approved_replies(db, office.settings, scope)
            if one.number not in hidden and one.outcome in wanted and (not month or f"{one.month}月" == month) and (not of or one.unit == of)
        ]  # fmt: skip
    return render_template(
        "desk/quality_items.html", here="topics", heading=f"{scope.year}年 拟稿质量", year=scope.year, unit=asked_unit() or "", outcome=outcome, month=month, of=of,
        items=found[-ITEMS_MOST:][::-1], total=len(found), most=ITEMS_MOST, readable=may(acting(), Right.read_inquiry),
    )  # fmt: skip


@blueprint.get("/desk/quality.csv")
def export() -> Response:
    """All tables as a file."""
    office = the_office()
    with office.work.reading() as db:
        scope = asked_scope(db)
        body = quality_files.as_csv(draft_quality.quality(db, office.settings, scope), office.labels)
    response = Response(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="huiying-quality-{scope.year}.csv"'
    return response


def link_of(year: int) -> Any:
    """``link(outcome, month, of)``: the address of the list behind a figure."""

    def link(outcome: str = "", month: str = "", of: str = "") -> str:
        return url_for("quality.items", year=year, unit=asked_unit(), outcome=outcome or None, month=month or None, of=of or None)

    return link


def asked_scope(db: Any) -> Scope:
    """The year of the address (the present one without it) and its unit; the room refuses what is impossible."""
    given = request.args.get("year", "")
    year = local(now()).year if not given else int(given) if given.isascii() and given.isdigit() and len(given) <= 4 else 0
    return year_scope(db, year, asked_unit(), now())


def asked_unit() -> str | None:
    """The unit of the address (its code); None for the whole office."""
    return request.args.get("unit", "")[:40] or None
