"""While somebody works on an item: signs of life, the text kept every few seconds, putting down, taking over, merging two texts."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from board.clock import local, now
from board.errors import HuiyingError, InvalidInput, NotFound
from board.replies import claims, merging_texts, review, working_texts
from board.staff.roles import Actor
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.handling import ITEM, step, what_was_typed
from board.web.handling import reason as given_reason
from board.web.item_page import Typed, item_page
from board.web.live import state_of
from board.web.staff_pages import acting

blueprint = Blueprint("working", __name__)


@blueprint.post(f"{ITEM}/presence")
def presence(number: str) -> Response:
    """A sign of life of an open page; answers with who else is there and whether the text moved on."""
    actor, at = acting(), now()
    try:
        with the_office().work.transaction() as db:
            inquiry = review.inquiry_for_staff(db, actor, number)
            claims.beat(db, actor, inquiry, request.form.get("doing", ""), at)
            return jsonify(state_of(db, actor, inquiry, at))
    except HuiyingError as error:
        return refusal(error)


@blueprint.post(f"{ITEM}/working")
def keep(number: str) -> Response:
    """Keeps what stands in the text field; a claim lives on with it."""
    actor, at, turn = acting(), now(), whole("turn")
    try:
        with the_office().work.transaction() as db:
            inquiry = review.inquiry_for_staff(db, actor, number)
            claims.beat(db, actor, inquiry, "writing", at)
            typed = what_was_typed()
            kept = working_texts.keep(db, actor, inquiry, typed.text or "", typed.based_on, typed.sheet, the_office().settings, at, turn)
            found = state_of(db, actor, inquiry, at)
    except HuiyingError as error:
        return refusal(error)
    return jsonify({**found, "kept": kept is not None, "at": f"{local(at):%H:%M:%S}"})


@blueprint.post(f"{ITEM}/working/aside")
def aside(number: str) -> AnyResponse:
    """不再提示 for one of the own texts; it stays among the texts of the item."""
    with the_office().work.transaction() as db:
        working_texts.put_aside(db, acting(), review.inquiry_for_staff(db, acting(), number), whole("key") or 0, now())
    flash("不再提示；这份文字仍保留在“经过与版本”中。", "good")
    return redirect(url_for("handling.show", number=number), 303)


@blueprint.post(f"{ITEM}/leave")
def leave(number: str) -> AnyResponse:
    """先放下: colleagues may take over at once."""
    with the_office().work.transaction() as db:
        claims.leave(db, acting(), review.inquiry_for_staff(db, acting(), number))
    flash("已放下，同事可以接办；您的文字都已保留。", "good")
    return redirect(url_for("desk.queue"), 303)


@blueprint.post(f"{ITEM}/take-over")
def take_over(number: str) -> AnyResponse:
    """接办."""

    def act(db: Any, actor: Actor, inquiry: Any, at: Any) -> None:
        review.take(db, actor, inquiry, at, claims.hold_of(the_office().settings), given_reason())

    return step(number, act, "已由您接办，原办理人写的文字都已保留。", Typed(step="take_over", values={"reason": request.form.get("reason", "")[:600]}))


@blueprint.post(f"{ITEM}/merged")
def merged(number: str) -> Response:
    """Puts the picked parts of both texts into the text field; nothing is saved yet."""
    typed, against = what_was_typed(), whole("against") or 0
    try:
        with the_office().work.reading() as db:
            inquiry = review.inquiry_for_staff(db, acting(), number)
            standing = {reply.revision: reply.text for reply in review.revisions(db, inquiry)}
            if against not in standing:
                raise NotFound("没有这一稿，请刷新页面。")
            mine = working_texts.bounded_text(the_office().settings, typed.text or "")
            typed.text = merging_texts.merged(standing[against], mine, picks())
    except InvalidInput as error:
        typed.refused(error)
        return Response(item_page(number, typed), status_of(error))
    typed.based_on, typed.inserted = against, "merged"
    return Response(item_page(number, typed))


def picks() -> dict[int, str]:
    """What was picked at each place where the texts differ."""
    named = {name.removeprefix("pick-"): value for name, value in request.form.items() if name.startswith("pick-")}
    return {int(number): value for number, value in named.items() if number.isascii() and number.isdigit() and len(number) < 6 and value in merging_texts.PICKS}


def whole(name: str) -> int | None:
    """A whole number of a form; None for anything else."""
    given = request.form.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def refusal(error: HuiyingError) -> Response:
    """Why nothing was kept, for the page's script."""
    response = jsonify({"error": error.message})
    response.status_code = status_of(error)
    return response
