"""AB岗 on a page: who does whose work, from when to when; naming a deputy and ending it."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from board.clock import local_day, now
from board.errors import HuiyingError, InvalidInput
from board.inquiries.events import note
from board.inquiries.taking_down import as_date
from board.staff.deputies import current_deputies, eligible, end_deputy, set_deputy
from board.staff.roles import Right, may
from board.web import forms, sessions
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.staff_pages import acting

blueprint = Blueprint("deputies", __name__)
FIELDS = ("login", "deputy", "from_on", "until_on")


@blueprint.get("/desk/deputies")
def index() -> str:
    """What holds now and later."""
    return page(forms.Filled())


@blueprint.post("/desk/deputies")
def name() -> AnyResponse:
    """Names a deputy; what is wrong is said beside the field and everything typed is kept."""
    given = forms.Filled({field: forms.typed(field)[:60] for field in FIELDS})
    try:
        with the_office().work.transaction() as db:
            login = given.value("login") or sessions.own_login()
            row = set_deputy(
                db, acting(), login, given.value("deputy"), as_date(given.value("from_on"), "from_on"), as_date(given.value("until_on"), "until_on"), now()
            )  # fmt: skip
            data = {"account": row.account_id, "deputy": row.deputy_id, "from": row.from_on.isoformat(), "until": row.until_on.isoformat()}
            note(db, "set_deputy", acting().name, now(), data=data)
    except HuiyingError as error:
        given.errors[error.field if isinstance(error, InvalidInput) else ""] = error.message
        return Response(page(given), status_of(error), mimetype="text/html")
    flash("已设代理。", "good")
    return redirect(url_for("deputies.index"), 303)


@blueprint.post("/desk/deputies/<int:key>/end")
def end(key: int) -> AnyResponse:
    """Ends it now."""
    with the_office().work.transaction() as db:
        row = end_deputy(db, acting(), key, now())
        note(db, "end_deputy", acting().name, now(), data={"deputy_row": row.id})
    flash("代理已结束。", "good")
    return redirect(url_for("deputies.index"), 303)


def page(filled: forms.Filled) -> str:
    """The page with the form as it stands."""
    actor = acting()
    with the_office().work.reading() as db:
        return render_template(
            "desk/deputies.html", here="deputies", heading="代理（AB岗）", form=filled, rows=current_deputies(db, actor, local_day(now())),
            people=eligible(db, actor), for_others=may(actor, Right.assign), me=actor.account_id, today=local_day(now()),
        )  # fmt: skip
