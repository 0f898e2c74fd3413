"""法定报表: a year in a statutory form, each counted cell a link to its items, the others entered by managers with last year's value beside."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import Conflict, InvalidInput
from board.reports import entered_figures
from board.reports.forms import Form, filled_form, form_of, listed_by, load_forms
from board.reports.scope import FIRST_YEAR, year_scope
from board.staff.roles import Right, may
from board.web.choosing import refused
from board.web.current import the_office
from board.web.reporting import asked_year
from board.web.staff_pages import acting

blueprint = Blueprint("form_pages", __name__)
PREFIX = "cell."


@blueprint.get("/reports/forms")
def show() -> str:
    """The form of the address in its year."""
    with the_office().work.reading() as db:
        year = asked_year(db)
    return page(asked_form(request.args.get("form", ""), year), year, {}, {})


@blueprint.post("/reports/forms")
def save() -> Response:
    """Keeps what was entered; with an error the page once more with what was typed."""
    given, seen = request.form.get("year", ""), request.form.get("seen", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else 0
    form = form_of(the_office().settings.config_dir, request.form.get("form", "")[:20])
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    typed = {cell.path: request.form[PREFIX + cell.path][: entered_figures.TEXT_MOST + 1] for cell in form.cells if PREFIX + cell.path in request.form}
    try:
        with the_office().work.transaction() as db:
            changed = entered_figures.enter(db, acting(), form, year, typed, known, now())
    except (InvalidInput, Conflict) as error:
        return refused(error, lambda errors: page(form, year, typed, errors))
    flash(f"已保存{changed}项。" if changed else "没有改动。", "good")
    return redirect(url_for("form_pages.show", form=form.name, year=year), 303)


def asked_form(name: str, year: int) -> Form:
    """The form asked for; without one the first that is in use in the year."""
    forms = load_forms(the_office().settings.config_dir)
    return form_of(the_office().settings.config_dir, name[:20]) if name else next((form for form in forms if form.from_year <= year <= form.to_year), forms[0])


def page(form: Form, year: int, typed: dict[str, str], errors: dict[str, str]) -> str:
    """The form with its values; a year outside of it is refused."""
    office, at = the_office(), now()
    with office.work.reading() as db:
        filled = filled_form(db, year_scope(db, year, None, at), office.calendar, form)
        versions = entered_figures.versions(db, form.name, year)
        before = entered_figures.entries(db, form.name, year - 1)
        return render_template(
            "desk/report_form.html", here="reports", heading=form.title, form=form, forms=load_forms(office.settings.config_dir), year=year, filled=filled,
            entered={row.path: row for row in versions}, before=before, seen=max((row.id for row in versions), default=0), typed=typed, errors=errors,
            may_enter=may(acting(), Right.enter_figures), link=link_of(year), history=list(reversed(versions))[:100],
            years=[one for one in range(local_day(at).year, FIRST_YEAR - 1, -1) if form.from_year <= one <= form.to_year], labels={cell.path: cell.label for cell in form.cells},
        )  # fmt: skip


def link_of(year: int) -> Any:
    """``link(definition)``: the list behind a counted cell."""

    def link(definition: str) -> str:
        key, _, part = listed_by(definition).partition(":")
        return url_for("reporting.items", year=year, figure=key, value=part or None)

    return link
