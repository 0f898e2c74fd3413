"""Several units at one item, and pressing it on: 会办, 督办, 催办, 移送; forms on the item's page."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from board.replies import pressing, review
from board.replies import together as room
from board.replies.desk_view import unit_of_code
from board.web.current import the_office
from board.web.handling import Act, reason, step, what_was_typed
from board.web.item_page import Typed, item_page
from board.web.joint_panel import the_authorities
from board.web.staff_pages import acting

blueprint = Blueprint("together", __name__)
ITEM = "/desk/inquiries/<number>"
FIELDS = ("unit", "task", "due_on", "reason", "authority", "text")


@blueprint.post(f"{ITEM}/parts")
def ask(number: str) -> Response:
    """请会办."""

    def act(db: Any, actor: Any, inquiry: Any, at: Any) -> None:
        room.ask_unit(db, actor, inquiry, unit_of_code(db, request.form.get("unit", "")), request.form.get("task", ""), day("due_on"), at)

    return step(number, act, "已请会办。", given("co_handle"))


@blueprint.post(f"{ITEM}/parts/<int:part_id>/answer")
def answer(number: str, part_id: int) -> Response:
    """The unit's own text."""
    settings = the_office().settings
    return settled(number, part_id, "已提交会办意见。", lambda db, actor, inquiry, part, at: room.answer_part(db, actor, inquiry, part, request.form.get("text", ""), settings, at))


@blueprint.post(f"{ITEM}/parts/<int:part_id>/return")
def give_back(number: str, part_id: int) -> Response:
    """The part is not this unit's."""
    return settled(number, part_id, "已退回会办。", lambda db, actor, inquiry, part, at: room.return_part(db, actor, inquiry, part, request.form.get("text", ""), at))


def settled(number: str, part_id: int, done: str, act: Callable[[Any, Any, Any, Any, Any], object]) -> Response:
    """One step with one part."""

    def whole(db: Any, actor: Any, inquiry: Any, at: Any) -> None:
        act(db, actor, inquiry, room.part_of(db, inquiry, part_id), at)

    return step(number, whole, done, given(f"part-{part_id}"))


@blueprint.post(f"{ITEM}/parts/join")
def join(number: str) -> str:
    """Puts the answered parts behind what was typed; nothing is saved yet."""
    typed = what_was_typed()
    with the_office().work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        typed.text = room.joined(typed.text or "", room.parts_of(db, inquiry))
    typed.inserted = "quoted"
    return item_page(number, typed)


@blueprint.post(f"{ITEM}/supervise")
def supervise(number: str) -> Response:
    """督办."""
    return step(number, lambda db, actor, inquiry, at: pressing.supervise(db, actor, inquiry, reason(), day("due_on"), at), "已督办。", given("supervise"))


@blueprint.post(f"{ITEM}/remind")
def remind(number: str) -> Response:
    """催办."""
    act: Act = lambda db, actor, inquiry, at: pressing.remind(db, actor, inquiry, reason(), at)  # noqa: E731  # one line, used once
    return step(number, act, "已催办。", given("remind"))


@blueprint.post(f"{ITEM}/transfer")
def transfer(number: str) -> Response:
    """移送 to another authority."""
    to = the_authorities().get(request.form.get("authority", ""))
    return step(number, lambda db, actor, inquiry, at: pressing.transfer(db, actor, inquiry, to, reason(), at), "已移送，网民可凭查询码看到去向。", given("transfer"))


def day(name: str) -> date | None:
    """A day as a form sends it; None for anything else."""
    try:
        return date.fromisoformat(request.form.get(name, "").strip()[:10])
    except ValueError:
        return None


def given(name: str) -> Typed:
    """The fields of a small form, to be shown again when they are refused."""
    return Typed(step=name, values={field: request.form.get(field, "")[:20_000] for field in FIELDS})
