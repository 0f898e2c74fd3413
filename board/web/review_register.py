"""复议、诉讼 on the desk: the register of table 四, entering a case and its result."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.applications.reviews import KINDS, Case, conclude_review, register_review, review_of, reviews
from board.clock import now
from board.errors import HuiyingError, InvalidInput
from board.web import forms
from board.web.current import the_office
from board.web.due_dates import asked_day
from board.web.error_pages import status_of
from board.web.staff_pages import acting

blueprint = Blueprint("review_register", __name__)
FIELDS = ("kind", "subject", "received_on", "case_number", "authority", "application", "after_review")


@blueprint.get("/desk/reviews")
def index() -> str:
    """The list, with the form below."""
    return page(forms.Filled())


@blueprint.post("/desk/reviews")
def enter() -> Response:
    """Enters a case."""
    filled = forms.Filled({name: forms.typed(name) for name in FIELDS})
    try:
        given = {name: filled.value(name) for name in FIELDS if name not in ("received_on", "after_review")}
        with the_office().work.transaction() as db:
            register_review(db, acting(), Case(**given, received_on=asked_day("received_on"), after_review=filled.value("after_review") == "yes"), now())
    except HuiyingError as error:
        filled.errors[error.field if isinstance(error, InvalidInput) else ""] = error.message
        return Response(page(filled), status_of(error), mimetype="text/html")
    flash("已登记。", "good")
    return redirect(url_for("review_register.index"), 303)


@blueprint.post("/desk/reviews/<int:key>")
def conclude(key: int) -> Response:
    """Enters the result."""
    try:
        with the_office().work.transaction() as db:
            actor = acting()
            conclude_review(db, actor, review_of(db, actor, key), forms.typed("result"), asked_day("concluded_on"), now())
    except HuiyingError as error:
        return Response(page(forms.Filled({}, {"": error.message})), status_of(error), mimetype="text/html")
    flash("结果已登记。", "good")
    return redirect(url_for("review_register.index"), 303)


def page(filled: forms.Filled) -> str:
    """The page."""
    pending = request.args.get("pending") == "1"
    with the_office().work.reading() as db:
        found = reviews(db, acting(), request.args.get("kind", ""), pending=pending, page=forms.page_number())
        return render_template("desk/reviews.html", here="applications", heading="复议诉讼", page=found, form=filled, kinds=KINDS, pending=pending)
