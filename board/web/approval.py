"""The second person: question and reply as they will stand, bound to their hash; approve exactly that, or send it back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import Conflict, HuiyingError, InvalidInput
from board.replies import desk_view, possible, review
from board.replies.public_version import readable_numbers
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.handling import reason as given_reason
from board.web.staff_pages import acting

blueprint = Blueprint("approval", __name__)
ITEM = "/desk/inquiries/<number>/review"


@blueprint.get(ITEM)
def show(number: str) -> str:
    """What will stand, beside what was written."""
    return page(number)


@blueprint.post(f"{ITEM}/approve")
def approve(number: str) -> Response:
    """审签通过: binds the approval to the hash that the page carried."""
    office, actor = the_office(), acting()
    try:
        with office.work.transaction() as db:
            inquiry = review.inquiry_for_staff(db, actor, number)
            review.approve(db, actor, inquiry, request.form.get("seen", "")[:64], office.settings, now())
    except Conflict as error:
        return again(number, error)
    flash("已审签通过，系统正在发布。", "good")
    return redirect(url_for("handling.show", number=number), 303)


@blueprint.post(f"{ITEM}/send-back")
def send_back(number: str) -> Response:
    """退回修改, with a reason."""
    actor = acting()
    try:
        with the_office().work.transaction() as db:
            review.send_back(db, actor, review.inquiry_for_staff(db, actor, number), given_reason(), now(), the_office().settings)
    except (InvalidInput, Conflict) as error:
        return again(number, error, request.form.get("reason", ""))
    flash("已退回修改。", "good")
    return redirect(url_for("handling.show", number=number), 303)


def page(number: str, error: HuiyingError | None = None, reason: str = "") -> str:
    """The review page; Conflict when the item does not await approval (any more)."""
    office, actor = the_office(), acting()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, actor, number)
        reply = review.current_reply(db, inquiry)
        steps = possible.steps(actor, inquiry, reply, None)
        if reply is None or "review" not in steps:
            raise error or Conflict("这份答复不在待审签状态，可能已由他人审签或退回。")
        shown = review.preview(db, inquiry, office.settings)
        return render_template(
            "desk/review.html", here="approval", heading=f"审签 {inquiry.number}", inquiry=inquiry, reply=reply, shown=shown, steps=steps,
            error=error, reason=reason, authors=desk_view.names(db, {f"account:{reply.author_id}"}), gaps=desk_view.gap_count(reply.text),
            public_blocks=desk_view.blocks(shown.reply), own=reply.author_id == actor.account_id, **originals(db, inquiry, reply),
        )  # fmt: skip


def originals(db: Any, inquiry: Any, reply: Any) -> dict[str, Any]:
    """The texts as they were written, with the places marked that the public will not see."""
    own = readable_numbers(db, reply.text, the_office().settings)
    return {
        "title_pieces": desk_view.masked_pieces(inquiry.title),
        "question_pieces": desk_view.masked_pieces(inquiry.text),
        "reply_pieces": desk_view.masked_pieces(reply.text, own),
    }


def again(number: str, error: HuiyingError, reason: str = "") -> Response:
    """The page once more, with what stands now and why the step was refused."""
    return Response(page(number, error, reason), status_of(error), mimetype="text/html")
