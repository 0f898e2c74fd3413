"""会办: several units at one item, by forms on the item's page."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from board.replies import review
from board.replies import together as room
from board.replies.desk_view import unit_of_code
from board.web.current import the_office
from board.web.due_dates import asked_day
from board.web.handling import step, what_was_typed
from board.web.item_page import Typed, item_page
from board.web.staff_pages import acting

blueprint = Blueprint("together", __name__)
ITEM = "/desk/inquiries/<number>"
FIELDS = ("unit", "task", "due_on", "text")


@blueprint.post(f"{ITEM}/parts")
def ask(number: str) -> Response:
    """请会办."""

    def act(db: Any, actor: Any, inquiry: Any, at: Any) -> None:
        room.ask_unit(db, actor, inquiry, unit_of_code(db, request.form.get("unit", "")), request.form.get("task", ""), asked_day("due_on"), at)

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


def given(name: str) -> Typed:
    """The fields of a small form, to be shown again when they are refused."""
    return Typed(step=name, values={field: request.form.get(field, "")[:20_000] for field in FIELDS})
