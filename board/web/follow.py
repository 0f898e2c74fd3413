"""Following an inquiry with number and code, sent in a form and never in an address."""

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import Conflict, HuiyingError, InvalidInput, NotFound, TooMany
from board.inquiries import writing_again
from board.inquiries.lifecycle import OPEN
from board.inquiries.posting import find_by_code, withdraw
from board.inquiries.queries import answer_of, timeline
from board.replies.blocks import parse_reply
from board.replies.other_offices import last_reason, load_authorities, where_to
from board.web import forms, limits
from board.web.course import citizen_course
from board.web.current import the_office
from board.web.due_dates import rules, term_of
from board.web.error_pages import status_of

blueprint = Blueprint("follow", __name__)


@blueprint.get("/follow")
def form() -> str:
    """Asks for number and code."""
    return empty_form("", "")


@blueprint.post("/follow")
def show() -> str | Response:
    """The state of the inquiry in plain words, its due date and course, and the reply."""
    return seen(withdrawing=False)


@blueprint.post("/follow/withdraw")
def withdrawal() -> str | Response:
    """The citizen takes the inquiry back; a box must be ticked."""
    if forms.typed("sure") != "yes":
        return seen(withdrawing=False, notice=("soon", "没有撤回：请先勾选“我确认撤回这条留言”。"))
    return seen(withdrawing=True, notice=("good", "您的留言已经撤回，不再办理。"))


@blueprint.post("/follow/more")
def write_again() -> str | Response:
    """补充, 补正 or 追问; what was typed stays when it is refused."""
    return seen(withdrawing=False, writing=True, notice=("good", "已收到您补充的内容。"))


def seen(*, withdrawing: bool, notice: tuple[str, str] | None = None, writing: bool = False) -> str | Response:
    """The page of the inquiry, after the step that was asked; a wrong code is counted against the address."""
    number, code = forms.typed("number"), forms.typed("code")
    try:
        limits.code_tries_left()
        written = written_again(number, code) if writing else {}
        return page_of(number, code, withdrawing, None if written.get("error") else notice, written)
    except HuiyingError as error:
        if isinstance(error, NotFound):
            limits.note_wrong_code()
        response = Response(empty_form(number, error.message), 422 if isinstance(error, NotFound) else status_of(error), mimetype="text/html")
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.retry_after)
        return response


def written_again(number: str, code: str) -> dict[str, str]:
    """Stores what the citizen adds; what is refused comes back with the reason."""
    office, text = the_office(), forms.typed("text")
    try:
        with office.work.transaction() as db:
            writing_again.write_again(db, rules(), find_by_code(db, office.key, number, code), text, now())
    except (InvalidInput, Conflict) as error:
        return {"error": error.message, "text": text}
    return {}


def page_of(number: str, code: str, withdrawing: bool, notice: tuple[str, str] | None, written: dict[str, str]) -> str:
    """Reads (and withdraws in a transaction of its own); NotFound in the same words for a wrong number and a wrong code."""
    office = the_office()
    if withdrawing:
        with office.work.transaction() as db:
            withdraw(db, rules(), find_by_code(db, office.key, number, code), now())
    with office.work.reading() as db:
        inquiry = find_by_code(db, office.key, number, code)
        answer = answer_of(db, inquiry)
        blocks = parse_reply(answer.reply) if answer else []
        return render_template("followed.html", **surroundings(db, inquiry), code=code, answer=answer, notice=notice, blocks=blocks, written=written)


def surroundings(db: Any, inquiry: Any) -> dict[str, Any]:
    """What the page of one inquiry shows beside the reply."""
    return {
        "here": "follow", "heading": "查询进度", "inquiry": inquiry, "term": term_of(db, inquiry),
        "course": citizen_course(timeline(db, inquiry), inquiry.unit.short_name), "open": inquiry.state in OPEN, "sent_on": sent_on(db, inquiry),
    }  # fmt: skip


def sent_on(db: Any, inquiry: Any) -> dict[str, Any] | None:
    """Where an inquiry was sent on to, why, and how that authority is reached; None for one that stays here."""
    if not inquiry.transferred_to:
        return None
    settings = the_office().settings
    to = where_to(load_authorities(settings.config_dir, settings.home), inquiry)
    return {"to": to, "name": inquiry.transferred_to, "reason": last_reason(timeline(db, inquiry), "transfer")}


def empty_form(number: str, error: str) -> str:
    """The form; the number that was typed is kept, the code is not."""
    return render_template("follow.html", here="follow", heading="查询进度", number=number, error=error)
