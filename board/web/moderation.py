"""Before something is public: look at what is masked with a reason, mask what the machine missed, let a held message through."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from board.clock import now
from board.errors import Conflict, InvalidInput
from board.replies import desk_view, moderating, review
from board.staff.roles import Actor
from board.web import approval
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.handling import ITEM, step
from board.web.handling import reason as given_reason
from board.web.item_page import Typed, item_page
from board.web.staff_pages import acting

blueprint = Blueprint("moderation", __name__)


@blueprint.post(f"{ITEM}/reveal")
def reveal(number: str) -> Response:
    """Shows text and contact in full, once, and writes down who looked and why."""
    actor, contact = acting(), ""
    try:
        with the_office().work.transaction() as db:
            inquiry = review.inquiry_for_staff(db, actor, number)
            moderating.reveal(db, actor, inquiry, given_reason(), now())
            contact = inquiry.contact if desk_view.may_see_contact(actor, inquiry) else ""
    except InvalidInput as error:
        typed = given("reveal", "reason")
        typed.refused(error)
        return Response(item_page(number, typed), status_of(error))
    return Response(item_page(number, Typed(revealed=True, contact=contact)))


@blueprint.post(f"{ITEM}/masks")
def mask(number: str) -> AnyResponse:
    """另外遮盖 the given words, one a line."""
    words = request.form.get("words", "")
    return moderated(number, lambda db, actor, inquiry, at: moderating.mask_words(db, actor, inquiry, words, at), "已遮盖。", given("mask", "words"))


@blueprint.post(f"{ITEM}/masks/<int:key>/lift")
def lift(number: str, key: int) -> AnyResponse:
    """取消遮盖."""
    return moderated(number, lambda db, actor, inquiry, at: moderating.lift_mask(db, actor, inquiry, key, at), "已取消遮盖。", Typed(step="mask"))


@blueprint.post(f"{ITEM}/let-through")
def let_through(number: str) -> AnyResponse:
    """核对后放行."""
    wanted = given("let_through", "reason")
    return moderated(number, lambda db, actor, inquiry, at: moderating.let_through(db, actor, inquiry, given_reason(), at), "已放行。", wanted)


def moderated(number: str, act: Any, done: str, typed: Typed) -> AnyResponse:
    """One step, then back to the page that it was taken on."""
    if request.form.get("back") != "review":
        return step(number, act, done, typed)
    actor: Actor = acting()
    try:
        with the_office().work.transaction() as db:
            act(db, actor, review.inquiry_for_staff(db, actor, number), now())
    except (InvalidInput, Conflict) as error:
        return approval.again(number, error, typed.values)
    flash(f"{done}公开的文字已变，请按现在的文字审签。", "good")
    return redirect(url_for("approval.show", number=number), 303)


def given(name: str, field: str) -> Typed:
    """What was typed in a small form."""
    return Typed(step=name, values={field: request.form.get(field, "")[:4000]})
