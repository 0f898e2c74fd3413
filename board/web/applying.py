"""依申请公开 for citizens: the notice and form, the receipt, following with number and code, correction, taking back."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from board.applications import register
from board.applications.answer_term import why
from board.applications.decisions import decision_of
from board.applications.handbook import Handbook, load_handbook
from board.applications.life import OPEN, events_of
from board.applications.register import Given
from board.clock import now
from board.errors import Conflict, HuiyingError, InvalidInput, NotFound, TooMany
from board.inquiries.tracking import tracking_code
from board.web import forms, limits
from board.web.current import the_office
from board.web.due_dates import rules
from board.web.error_pages import status_of

blueprint = Blueprint("applying", __name__)
RECEIPT = "application_receipt"
FIELDS = ("kind", "applicant", "identity", "agent", "contact", "address", "subject", "medium", "delivery", forms.TRAP)
STEPS = {
    "submit": "提交申请", "take_down": "登记申请", "register": "登记申请", "confirm": "确认收到申请", "set_aside": "不作登记", "retract": "撤回申请",
    "call_for_correction": "请您补正", "corrected": "收到您的补正", "take_correction": "收到您的补正", "hear": "征求第三方意见，时间不计入期限",
    "heard": "第三方意见已收到", "ask_fee": "发出收费通知", "fee_paid": "已缴费", "extend": "延期答复", "sign": "作出答复", "give_up": "撤回申请",
    "record_withdrawal": "撤回申请", "deliver": "答复已送达",
}  # fmt: skip
REASONS = frozenset({"set_aside", "call_for_correction", "extend"})


def book() -> Handbook:
    """Laws, outcomes and texts of this office."""
    return load_handbook(the_office().settings.config_dir)


@blueprint.get("/apply")
def form() -> str:
    """The notice and the empty form; words that were typed elsewhere are taken along."""
    filled = forms.fresh()
    filled.values.update(subject=request.args.get("q", "")[:2000])
    return page(filled)


@blueprint.post("/apply")
def send() -> Response:
    """Stores the application and leads to its receipt; what is wrong is said beside the field and everything typed is kept."""
    filled = forms.filled()
    filled.values = {name: forms.typed(name) for name in FIELDS}
    office, given = the_office(), given_of(filled)
    filled.errors.update(register.problems(office.settings, given))
    if filled.errors:
        return again(filled, 422)
    try:
        limits.posting_allowed()
        with office.work.transaction() as db:
            receipt = register.submit(db, rules(), book(), office.key, given, now())
            number = receipt.application.number
    except HuiyingError as error:
        filled.errors[error.field if isinstance(error, InvalidInput) and error.field != "nonce" else ""] = error.message
        response = again(forms.renewed(filled) if isinstance(error, InvalidInput) and error.field == "nonce" else filled, status_of(error))
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    session[RECEIPT] = {"number": number, "nonce": filled.nonce}
    return redirect(url_for("applying.receipt"), 303)


def given_of(filled: forms.Filled) -> Given:
    """The form as the room takes it."""
    values: dict[str, Any] = {name: filled.value(name) for name in FIELDS if name != forms.TRAP}
    return Given(**values, nonce=filled.nonce, held_reason=forms.held_reason(filled))


def page(filled: forms.Filled) -> str:
    """The form's page."""
    office = the_office()
    return render_template(
        "apply.html", here="library", heading="依申请公开", form=filled, trap=forms.TRAP, fields=register.FIELDS,
        kinds=office.labels.tables["applicant_kind"], table=office.settings.section("applications"),
    )  # fmt: skip


def again(filled: forms.Filled, status: int) -> Response:
    """The form once more, with what was typed."""
    return Response(page(filled), status, mimetype="text/html")


@blueprint.get("/apply/receipt")
def receipt() -> str:
    """Number and code, once."""
    kept = session.pop(RECEIPT, None)
    if kept is None:
        return render_template("receipt_gone.html", here="library", heading="回执")
    office = the_office()
    code = tracking_code(office.key, kept["nonce"])
    with office.work.reading() as db:
        found = register.find_by_code(db, office.key, kept["number"], code)
        letters = [letter for letter in found.letters if letter.kind == "registration"]
        return render_template("apply_receipt.html", here="library", heading="登记回执", found=found, code=code, letter=letters[-1])


@blueprint.get("/apply/follow")
def ask() -> str:
    """Asks for number and code."""
    return empty("", "")


@blueprint.post("/apply/follow")
def show() -> Response | str:
    """The state of an application, its term, its course and the reply."""
    return seen(None)


@blueprint.post("/apply/correct")
def correct() -> Response | str:
    """补正."""
    return seen(lambda db, found: register.correct(db, rules(), found, forms.typed("text"), now()))


@blueprint.post("/apply/withdraw")
def withdraw() -> Response | str:
    """The applicant takes the application back; a box must be ticked."""
    if forms.typed("sure") != "yes":
        return seen(None, "没有撤回：请先勾选“我确认撤回这件申请”。")
    return seen(lambda db, found: register.give_up(db, found, now()))


def seen(act: Any, error: str = "") -> Response | str:
    """The page of the application, after the step that was asked; a wrong code is counted against the address."""
    number, code, office = forms.typed("number"), forms.typed("code"), the_office()
    try:
        limits.code_tries_left()
        if act is not None:
            error = stepped(number, code, act)
        with office.work.reading() as db:
            return followed(db, register.find_by_code(db, office.key, number, code), code, error)
    except HuiyingError as problem:
        if isinstance(problem, NotFound):
            limits.note_wrong_code()
        return Response(empty(number, problem.message), 422 if isinstance(problem, NotFound) else status_of(problem), mimetype="text/html")


def stepped(number: str, code: str, act: Any) -> str:
    """Makes the step; what is refused comes back as words."""
    office = the_office()
    try:
        with office.work.transaction() as db:
            act(db, register.find_by_code(db, office.key, number, code))
    except (InvalidInput, Conflict) as error:
        return error.message
    return ""


def followed(db: Any, found: Any, code: str, error: str) -> str:
    """The page of one application."""
    letter = decision_of(db, found)
    course = [(STEPS[event.action], event.at, event.reason if event.action in REASONS else "") for event in events_of(db, found) if event.action in STEPS]
    return render_template(
        "apply_followed.html", here="follow", heading="申请进度", found=found, code=code, error=error, course=course, open=found.state in OPEN,
        letter=letter if letter is not None and letter.signed_at else None, term=why(db, rules(), found), typed=forms.typed("text")[:2000] if error else "",
    )  # fmt: skip


def empty(number: str, error: str) -> str:
    """The form; the number that was typed is kept, the code is not."""
    return render_template("apply_follow.html", here="follow", heading="查询申请", number=number, error=error)
