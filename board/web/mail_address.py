"""提醒邮件: where a member of staff gets mail, and what was sent there."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import InvalidInput
from board.inquiries.events import note
from board.replies import mails
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.staff_pages import acting

blueprint = Blueprint("mail_address", __name__)


@blueprint.get("/desk/me/mail")
def show() -> str:
    """The address in force and the newest mails."""
    return page(None, {})


@blueprint.post("/desk/me/mail")
def save() -> Response:
    """Another address, or none; that it was changed is written down, the address is not."""
    typed, actor = request.form.get("email", "")[:300], acting()
    try:
        with the_office().work.transaction() as db:
            mails.set_own_address(db, actor, typed)
            note(db, "mail_address", actor.name, now())
    except InvalidInput as error:
        return Response(page(typed, {error.field: error.message}), status_of(error), mimetype="text/html")
    flash("已保存。" if typed.strip() else "已停止向您发送提醒邮件。", "good")
    return redirect(url_for("mail_address.show"), 303)


def page(typed: str | None, errors: dict[str, str]) -> str:
    """The page, with what was typed kept."""
    office, actor = the_office(), acting()
    with office.work.reading() as db:
        address, sent = mails.own_mail(db, actor)
        return render_template(
            "desk/mail_address.html", here="own", heading="提醒邮件", address=typed if typed is not None else address, sent=sent, errors=errors,
            mail=office.settings.section("mail"),
        )  # fmt: skip
