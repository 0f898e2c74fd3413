"""Side moves on the item's page: extension, pause, correction, transfer, urgent, accused parties, undo of a merge, work on a given answer."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from board.errors import InvalidInput
from board.inquiries import delicate, merging, side_moves, urgent, working_again
from board.replies.desk_view import unit_of_code
from board.web.due_dates import asked_day, rules
from board.web.handling import ITEM, Act, reason, step
from board.web.item_page import Typed

blueprint = Blueprint("side_moves", __name__)
FIELDS = ("reason", "days", "body", "unit", "names", "due_on")


def extend(db: Any, actor: Any, inquiry: Any, at: Any) -> None:
    """延期."""
    given = request.form.get("days", "").strip()
    if not (given.isascii() and given.isdigit() and len(given) < 5):
        raise InvalidInput("请填写延期的工作日数。", "days")
    side_moves.extend(db, rules(), actor, inquiry, int(given), reason(), at)


def mark_accused(db: Any, actor: Any, inquiry: Any, at: Any) -> None:
    """标记被投诉的单位、个人、企业."""
    code = request.form.get("unit", "")
    unit = unit_of_code(db, code) if code else None
    if code and unit is None:
        raise InvalidInput("没有这个单位。", "unit")
    delicate.mark_accused(db, actor, inquiry, unit, request.form.get("names", "")[:2000], at)


def clear_accused(db: Any, actor: Any, inquiry: Any, at: Any) -> None:
    """不是被反映单位."""
    delicate.clear_accused(db, actor, inquiry, unit_of_code(db, request.form.get("unit", "")), at)


#: name of the move -> (what the room does, what the page says then)
ACTS: dict[str, tuple[Act, str]] = {
    "extend": (extend, "已延期，网民会看到理由和新的期限。"),
    "pause": (lambda db, actor, inquiry, at: side_moves.pause(db, rules(), actor, inquiry, reason(), at), "已暂停计时。"),
    "ask_correction": (lambda db, actor, inquiry, at: side_moves.ask_correction(db, rules(), actor, inquiry, reason(), at), "已要求网民补正，计时暂停。"),
    "resume": (lambda db, actor, inquiry, at: side_moves.resume(db, rules(), actor, inquiry, reason(), at), "已恢复计时。"),
    "transfer": (
        lambda db, actor, inquiry, at: side_moves.transfer(db, actor, inquiry, request.form.get("body", ""), reason(), at), "已移送，网民会看到移送的机关。"
    ),
    "unclaim": (lambda db, actor, inquiry, at: side_moves.unclaim(db, actor, inquiry, at, reason()), "已放弃办理，已写的文字都在。"),
    "remind": (lambda db, actor, inquiry, at: side_moves.remind(db, actor, inquiry, at, reason()), "已催办。"),
    "supervise": (lambda db, actor, inquiry, at: side_moves.supervise(db, actor, inquiry, reason(), at, asked_day("due_on")), "已督办。"),
    "unmerge": (lambda db, actor, inquiry, at: merging.unmerge(db, rules(), actor, inquiry, reason(), at), "已撤销合并。"),
    "retract": (lambda db, actor, inquiry, at: working_again.retract(db, rules(), actor, inquiry, reason(), at), "答复已撤下，转承办单位重新办理。"),
    "revise": (lambda db, actor, inquiry, at: working_again.revise(db, rules(), actor, inquiry, reason(), at), "已转承办单位更正；现有答复在新的答复发布前不变。"),
    "mark_urgent": (lambda db, actor, inquiry, at: urgent.mark_urgent(db, rules(), actor, inquiry, reason(), at), "已列为急件。"),
    "clear_urgent": (lambda db, actor, inquiry, at: urgent.clear_urgent(db, rules(), actor, inquiry, reason(), at), "已取消急件。"),
    "mark_accused": (mark_accused, "已标记。"),
    "clear_accused": (clear_accused, "已排除，可以转办给这个单位。"),
}


def view(name: str) -> Callable[[str], Response]:
    """The view of one move."""
    act, done = ACTS[name]

    def make(number: str) -> Response:
        return step(number, act, done, Typed(step=name, values={field: request.form.get(field, "")[:2000] for field in FIELDS}))

    return make


for move_name in ACTS:
    blueprint.add_url_rule(f"{ITEM}/{move_name.replace('_', '-')}", move_name, view(move_name), methods=["POST"])
