"""The register on the desk: the list, and typing in an item by hand."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import InvalidInput
from board.inquiries.events import note
from board.publications.disclosures import Wanted, public_disclosures
from board.publications.entering import TEXTS, enter_disclosure
from board.replies.desk_view import all_units
from board.staff.roles import Right, may
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.forms import page_number
from board.web.staff_pages import acting

blueprint = Blueprint("entering", __name__)
CHOICES = ("unit", "category", "key_area", "five_open", "origin", "validity", "made_on")
TITLE_MOST = 200
FRESH = {"origin": "own", "validity": "unstated"}


@blueprint.get("/desk/disclosures")
def index() -> str:
    """Published items by words, category and year."""
    query, category = request.args.get("q", "").strip()[:200], request.args.get("category", "")[:60]
    with the_office().work.reading() as db:
        page = public_disclosures(db, Wanted(category, asked_year(), query=query), page_number())
        return render_template(
            "desk/disclosures.html", here="disclosures", heading="信息公开库", page=page, query=query, category=category, year=asked_year(),
            years=range(local_day(now()).year, 2007, -1), categories=the_office().taxonomy["categories"],
            may_enter=may(acting(), Right.publish_disclosures),
        )  # fmt: skip


@blueprint.get("/desk/disclosures/new")
def form() -> str:
    """The empty form; a title may come with the address (a gap that asks for an interpretation)."""
    return page({**FRESH, "title": request.args.get("title", "").strip()[:TITLE_MOST]}, ["政府网站"], {})


@blueprint.post("/desk/disclosures/new")
def send() -> Response:
    """Publishes the item; what is wrong is said beside the field and everything typed is kept."""
    given = {name: request.form.get(name, "") for name in (*TEXTS, *CHOICES)}
    channels = request.form.getlist("channels")[:20]
    try:
        with the_office().work.transaction() as db:
            row = enter_disclosure(db, acting(), given, channels, the_office().taxonomy, now())
            note(db, "enter_disclosure", acting().name, now(), data={"disclosure": row.id}, chain="document")
            title = row.title
    except InvalidInput as error:
        return Response(page(given, channels, {error.field: error.message}), status_of(error), mimetype="text/html")
    flash(f"《{title}》已公开。", "good")
    return redirect(url_for("entering.index"), 303)


def page(values: Mapping[str, str], channels: list[str], errors: Mapping[str, str]) -> str:
    """The form's page."""
    office, today = the_office(), local_day(now())
    prefix = office.settings.section("office")["index_prefix"]
    lists: dict[str, Any] = {"taxonomy": office.taxonomy, "origins": office.labels.tables["origin"], "validities": office.labels.tables["validity"]}
    with office.work.reading() as db:
        return render_template(
            "desk/disclosure_new.html", here="disclosures", heading="录入公开信息", values=values, channels=channels, errors=errors,
            units=all_units(db), example=f"{prefix or '机构代码'}/{today.year}-00001", **lists,
        )  # fmt: skip


def asked_year() -> int | None:
    """The year that the address asks for."""
    given = request.args.get("year", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) == 4 else None
