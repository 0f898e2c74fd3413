"""Following an inquiry with number and code, sent in a form and never in an address, and everything its citizen may do with it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import Conflict, HuiyingError, InvalidInput, NotFound, TooMany
from board.inquiries import own_data, rating, writing_again
from board.inquiries.attachments import attachments_of
from board.inquiries.holding import asks_for_document
from board.inquiries.lifecycle import ANSWERED, OPEN
from board.inquiries.posting import find_by_code, withdraw
from board.inquiries.queries import answer_of, timeline
from board.replies import consent as consenting
from board.replies.blocks import parse_reply
from board.replies.other_offices import last_reason, load_authorities, where_to
from board.web import forms, limits
from board.web.course import citizen_course
from board.web.current import the_office
from board.web.due_dates import rules, term_of
from board.web.error_pages import status_of

blueprint = Blueprint("follow", __name__)
Step = Callable[[Any, Any], object]
Notice = tuple[str, str]


@blueprint.get("/follow")
def form() -> str:
    """Asks for number and code."""
    return empty_form("", "")


@blueprint.post("/follow")
def show() -> Response:
    """The state of the inquiry in plain words, its due date and course, and the reply."""
    return seen()


@blueprint.post("/follow/withdraw")
def withdrawal() -> Response:
    """The citizen takes the inquiry back; a box must be ticked."""
    if forms.typed("sure") != "yes":
        return seen(("soon", "没有撤回：请先勾选“我确认撤回这条留言”。"))
    return seen(("good", "您的留言已经撤回，不再办理。"), lambda db, inquiry: withdraw(db, rules(), inquiry, now()), "withdraw")


@blueprint.post("/follow/more")
def write_again() -> Response:
    """补充, 补正 or 追问; what was typed stays when it is refused."""
    text = forms.typed("text")
    return seen(("good", "已收到您补充的内容。"), lambda db, inquiry: writing_again.write_again(db, rules(), inquiry, text, now()), "more")


@blueprint.post("/follow/rate")
def rate() -> Response:
    """评价; whoever is not content can have the matter taken up again in the same step."""
    grades, words = {name: forms.typed(name) for name in ("grade", *rating.ASPECTS)}, forms.typed("words")
    again = forms.typed("again") == "yes" and rating.graded(grades["grade"]) in rating.POOR

    def act(db: Any, inquiry: Any) -> None:
        rating.rate(db, rules().settings, inquiry, grades, words, now())
        if again:
            rating.ask_again(db, rules(), inquiry, words, now())

    return seen(("good", "感谢您的评价。" + ("您反映的事情将重新办理。" if again else "")), act, "rate")


@blueprint.post("/follow/reopen")
def reopen() -> Response:
    """重新办理 after a poor rating, once."""
    words = forms.typed("words")
    return seen(("good", "您反映的事情将重新办理，新的期限见下。"), lambda db, inquiry: rating.ask_again(db, rules(), inquiry, words, now()), "reopen")


@blueprint.post("/follow/publication")
def consent() -> Response:
    """Another choice of publication."""
    given = forms.CHOICES.get(forms.typed("publish"))

    def act(db: Any, inquiry: Any) -> None:
        if given is None:
            raise InvalidInput("请选择是否同意公开。", "publish")
        consenting.change_consent(db, inquiry, given, now())

    return seen(("good", "已改为同意公开。" if given else "已改为不公开。"), act, "consent")


@blueprint.post("/follow/contact")
def change_contact() -> Response:
    """Another contact."""
    contact = forms.typed("contact")
    return seen(("good", "联系方式已更新，不公开。"), lambda db, inquiry: own_data.change_contact(db, rules().settings, inquiry, contact, now()), "contact")


@blueprint.post("/follow/contact/erase")
def erase_contact() -> Response:
    """Name and contact are erased."""
    return seen(("good", "称呼和联系方式已删除。"), lambda db, inquiry: own_data.erase_contact(db, inquiry, now()), "contact")


@blueprint.post("/follow/notices")
def notices() -> Response:
    """提醒: where to, or nowhere."""
    to = forms.typed("notice_to")
    done_words = "有进展时会提醒您。" if to.strip() else "不再提醒。"
    return seen(("good", done_words), lambda db, inquiry: own_data.set_notices(db, rules().settings, inquiry, to, now()), "notices")


def seen(notice: Notice | None = None, act: Step | None = None, part: str = "") -> Response:
    """The page of the inquiry, after the step that was asked for; a wrong code is counted against the address."""
    number, code = forms.typed("number"), forms.typed("code")
    try:
        limits.code_tries_left()
        error = done(number, code, act) if act else None
        page = page_of(number, code, notice if error is None else None, refused(part, error))
        return Response(page, status_of(error) if error else 200, mimetype="text/html")
    except HuiyingError as error:
        if isinstance(error, NotFound):
            limits.note_wrong_code()
        response = Response(empty_form(number, error.message), 422 if isinstance(error, NotFound) else status_of(error), mimetype="text/html")
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.retry_after)
        return response


def done(number: str, code: str, act: Step) -> InvalidInput | Conflict | None:
    """Takes one step in a transaction of its own; what the room refused comes back, to be said beside what was typed."""
    office = the_office()
    try:
        with office.work.transaction() as db:
            act(db, find_by_code(db, office.key, number, code))
    except (InvalidInput, Conflict) as error:
        return error
    return None


def refused(part: str, error: InvalidInput | Conflict | None) -> dict[str, str]:
    """What the page shows again: the part in which something was refused, why, and everything typed there."""
    if error is None:
        return {}
    kept = {name: forms.typed(name) for name in ("text", "words", "contact", "publish", "grade", "again", "notice_to", *rating.ASPECTS)}
    return {**kept, "part": part, "error": error.message, "field": error.field if isinstance(error, InvalidInput) else ""}


def page_of(number: str, code: str, notice: Notice | None, typed: dict[str, str]) -> str:
    """Reads the inquiry; NotFound in the same words for a wrong number and a wrong code."""
    office = the_office()
    with office.work.reading() as db:
        inquiry = find_by_code(db, office.key, number, code)
        answer = answer_of(db, inquiry)
        blocks = parse_reply(answer.reply) if answer else []
        return render_template("followed.html", **surroundings(db, inquiry), code=code, answer=answer, notice=notice, blocks=blocks, typed=typed)


def surroundings(db: Any, inquiry: Any) -> dict[str, Any]:
    """What the page of one inquiry shows beside the reply."""
    tables, rated = the_office().labels.tables, rating.standing_rating(db, inquiry)
    return {
        "here": "follow", "heading": "查询进度", "inquiry": inquiry, "term": term_of(db, inquiry),
        "course": citizen_course(timeline(db, inquiry), inquiry.unit.short_name), "open": inquiry.state in OPEN, "sent_on": sent_on(db, inquiry),
        "wants_document": asks_for_document(the_office().settings, inquiry.title, inquiry.text),
        "rated": rated, "may_rate": rated is None and inquiry.state in ANSWERED and not inquiry.imported, "may_reopen": rating.may_reopen(inquiry, rated),
        "files": attachments_of(db, inquiry), "notices_by": notice_ways(), "grades": tables["grade"], "aspects": tables["aspect"],
    }  # fmt: skip


def notice_ways() -> str:
    """How citizens can be told here; "" for not at all."""
    settings = the_office().settings
    ways = [("手机号码", settings.section("notices")["sms_url"]), ("邮箱", settings.section("mail")["enabled"])]
    return "或".join(words for words, usable in ways if usable) if settings.section("notices")["enabled"] else ""


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
