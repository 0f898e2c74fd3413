"""Work of the machine whose attempts are used up, and giving it another round."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.replies import mails
from board.replies.unfinished import failed_work
from board.replies.unfinished import requeue as requeue_row
from board.web.current import the_office
from board.web.staff_pages import acting

blueprint = Blueprint("failed", __name__)


@blueprint.get("/desk/failed")
def index() -> str:
    """All failed rows."""
    with the_office().work.reading() as db:
        return render_template("desk/failed.html", here="failed", heading="未完成任务", rows=failed_work(db, acting()), mail_trouble=mails.troubled(db))


@blueprint.post("/desk/failed/<int:row_id>/requeue")
def requeue(row_id: int) -> Response:
    """Another round for one row."""
    with the_office().work.transaction() as db:
        requeue_row(db, acting(), row_id, now())
    flash("已重新排队，系统会再次执行。", "good")
    return redirect(url_for("failed.index"), 303)
