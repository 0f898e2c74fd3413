"""换发查询码: a new tracking code for a citizen who lost it, after a check of identity; shown once."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import Conflict, InvalidInput
from board.inquiries.new_code import renew_code
from board.replies import review
from board.staff.roles import Right, require
from board.web import forms
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.handling import ITEM
from board.web.staff_pages import acting

blueprint = Blueprint("new_code", __name__)


@blueprint.get(f"{ITEM}/new-code")
def form(number: str) -> str:
    """Asks who wants it and how identity was checked."""
    return page(number, {}, "")


@blueprint.post(f"{ITEM}/new-code")
def issue(number: str) -> Response:
    """Makes the code and shows it, once; the old one no longer works."""
    office, actor = the_office(), acting()
    try:
        with office.work.transaction() as db:
            inquiry = review.inquiry_for_staff(db, actor, number)
            code = renew_code(db, office.labels, office.key, actor, inquiry, forms.typed("asked_by"), forms.typed("checked"), now())
    except (InvalidInput, Conflict) as error:
        wrong = {error.field if isinstance(error, InvalidInput) else "": error.message}
        return Response(page(number, wrong, ""), status_of(error), mimetype="text/html")
    return Response(page(number, {}, code), mimetype="text/html")


def page(number: str, errors: dict[str, str], code: str) -> str:
    """The form, or the new code."""
    office, actor = the_office(), acting()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, actor, number)
        require(actor, Right.renew_code, inquiry)
        tables = office.labels.tables
        return render_template(
            "desk/new_code.html", here="desk", heading=f"{inquiry.number} 换发查询码", inquiry=inquiry, errors=errors, code=code,
            people=tables["asked_by"], checks=tables["identity_check"], given={name: forms.typed(name) for name in ("asked_by", "checked")},
        )  # fmt: skip
