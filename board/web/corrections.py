"""修改后签发 on the review page: a look at what the correction comes to, and correcting and signing in one step."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import Conflict, HuiyingError, InvalidInput
from board.replies import correcting, review, working_texts
from board.web.approval import ITEM, Fixing, again, finished, page, seen_step
from board.web.current import the_office
from board.web.handling import reason_of
from board.web.staff_pages import acting

blueprint = Blueprint("corrections", __name__)


@blueprint.post(f"{ITEM}/correction")
def look(number: str) -> str:
    """The difference, the public form and the findings; nothing is stored."""
    return page(number, fixing=typed())


@blueprint.post(f"{ITEM}/correct")
def sign(number: str) -> Response:
    """Corrects and signs; whatever refuses it, what was typed comes back, beside the text that stands now."""
    office, actor, outcome, fixing = the_office(), acting(), [], typed()

    def act(db: Any, inquiry: Any) -> None:
        given = correcting.Correction(
            fixing.text or "", request.form.get("seen", "")[:64], seen_step(), fixing.masks, reason_of("reason"), reason_of("overrule"), fixing.sheet
        )  # fmt: skip
        outcome.append(correcting.correct_and_sign(db, actor, inquiry, given, office.settings, office.words, now()))

    try:
        with office.work.transaction() as db:
            act(db, review.inquiry_for_staff(db, actor, number))
    except (InvalidInput, Conflict) as error:
        keep(number, fixing, error)
        return again(number, error, {}, fixing)
    return finished(number, "已按您的修改审核通过，转入下一环节。" if outcome == ["endorsed"] else "已按您的修改签发，系统正在发布。")


def typed() -> Fixing:
    """The form as it was sent."""
    revision, sheet = request.form.get("revision", ""), request.form.get("sheet", "")
    return Fixing(
        request.form.get("text", ""), request.form.get("masks", "")[:8000], request.form.get("reason", "")[:600], request.form.get("overrule", "")[:600],
        sheet if len(sheet) <= working_texts.SHEET_MOST else "", int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0,
    )  # fmt: skip


def keep(number: str, fixing: Fixing, error: HuiyingError) -> None:
    """A correction that others overtook is kept by the machine too: the browser may die in the next second."""
    if not isinstance(error, Conflict) or not fixing.text:
        return
    office, actor = the_office(), acting()
    fixing.sheet = fixing.sheet or working_texts.new_sheet()
    with suppress(HuiyingError), office.work.transaction() as db:
        inquiry = review.inquiry_for_staff(db, actor, number)
        working_texts.keep(db, actor, inquiry, fixing.text, fixing.based_on, fixing.sheet, office.settings, now())
