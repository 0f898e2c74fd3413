"""依申请公开 on the desk: lanes, entering what came on paper or by word of mouth, one application with its steps, letters to download."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from board.applications import decisions, desk_lists, processing, register
from board.applications.answer_term import limit_of, why
from board.applications.decisions import decision_of
from board.applications.letter_files import letter_docx
from board.applications.life import events_of, steps_for
from board.applications.register import Given
from board.clock import local_day, now
from board.errors import HuiyingError, InvalidInput
from board.inquiries.posting import new_nonce
from board.intake.file_types import DOCX
from board.replies.desk_view import all_units, names, unit_of_code
from board.staff.roles import Right, require
from board.web import forms
from board.web.applying import book
from board.web.current import the_office
from board.web.due_dates import asked_day, rules
from board.web.error_pages import status_of
from board.web.site import the_site
from board.web.staff_pages import acting

blueprint = Blueprint("application_desk", __name__)
ITEM = "/desk/applications/<number>"
ENTERED = ("kind", "channel", "applicant", "identity", "agent", "contact", "address", "subject", "medium", "delivery", "arrived_on")
TYPED = ("reason", "days", "party", "scale", "number_of", "outcome", "grounds", "unit", "way", "note", "text")


@blueprint.get("/desk/applications")
def index() -> str:
    """One page of a lane."""
    lane, query, actor, today = request.args.get("lane", "open"), request.args.get("q", ""), acting(), local_day(now())
    lane = lane if lane in desk_lists.LANES else "open"
    with the_office().work.reading() as db:
        return render_template(
            "desk/applications.html", here="applications", heading="依申请公开", lane=lane, query=query[:200], lanes=desk_lists.LANES,
            counts=desk_lists.counts(db, rules(), actor, today), page=desk_lists.listing(db, rules(), actor, lane, query, today, forms.page_number()),
        )  # fmt: skip


@blueprint.get("/desk/applications/new")
def form() -> str:
    """The empty form for what did not come by the page."""
    return entering(forms.Filled({"channel": "oral"}, nonce=new_nonce()))


@blueprint.post("/desk/applications/new")
def enter() -> Answer:
    """Stores it and shows the receipt with number and code, to be printed or read out."""
    filled, office = forms.Filled({name: forms.typed(name) for name in ENTERED}, nonce=forms.typed("nonce")[:100] or new_nonce()), the_office()
    try:
        values: dict[str, Any] = {name: filled.value(name) for name in ENTERED if name != "arrived_on"}
        given = Given(**values, arrived_on=asked_day("arrived_on"), nonce=filled.nonce)
        filled.errors.update(register.problems(office.settings, given))
        if filled.errors:
            return Answer(entering(filled), 422, mimetype="text/html")
        with office.work.transaction() as db:
            done = register.register(db, rules(), book(), office.key, acting(), given, now())
            letter = done.application.letters[-1]
            page = render_template("desk/application_entered.html", here="applications", heading="已登记", found=done.application, code=done.code, letter=letter)
    except HuiyingError as error:
        filled.errors[error.field if isinstance(error, InvalidInput) and error.field != "nonce" else ""] = error.message
        return Answer(entering(filled), status_of(error), mimetype="text/html")
    return Answer(page, mimetype="text/html")


def entering(filled: forms.Filled) -> str:
    """The form's page."""
    office = the_office()
    return render_template(
        "desk/application_new.html", here="applications", heading="登记申请", form=filled, fields=register.FIELDS, channels=register.BY_STAFF,
        kinds=office.labels.tables["applicant_kind"], table=office.settings.section("applications"),
    )  # fmt: skip


@blueprint.get(ITEM)
def show(number: str) -> str:
    """One application."""
    return item_page(number, {}, "")


def item_page(number: str, typed: dict[str, str], error: str, *, revealed: bool = False) -> str:
    """The application with what was typed and what was wrong."""
    office, actor, today = the_office(), acting(), local_day(now())
    with office.work.reading() as db:
        found = desk_lists.application_for_staff(db, actor, number)
        events = events_of(db, found)
        received = found.received_on or today
        return render_template(
            "desk/application.html", here="applications", heading=f"{found.number} 依申请公开", found=found, events=events, typed=typed, error=error,
            people=names(db, {event.actor for event in events}), steps=steps_for(actor, found), term=why(db, rules(), found), letter=decision_of(db, found),
            shown=str if revealed else desk_lists.covered, revealed=revealed, outcomes=book().outcomes, fees=book().fees, units=all_units(db),
            law=book().law(received), most=limit_of(rules(), received).extension, table=office.settings.section("applications"), me=actor.account_id,
        )  # fmt: skip


@blueprint.get(f"{ITEM}/form")
def printed(number: str) -> str:
    """The application on an A4 page, for the applicant's signature when staff filled it in (代填); who prints it is written down."""
    actor, office = acting(), the_office()
    with office.work.transaction() as db:
        found = desk_lists.application_for_staff(db, actor, number)
        processing.reveal(db, actor, found, "打印申请表", now())
        return render_template("desk/application_form.html", here="applications", heading=f"{found.number} 申请表", found=found, fields=register.FIELDS)


@blueprint.get(f"{ITEM}/letters/<int:key>.docx")
def letter_file(number: str, key: int) -> Response:
    """A letter as a Word document."""
    with the_office().work.reading() as db:
        found = desk_lists.application_for_staff(db, acting(), number)
        require(acting(), Right.handle_application, found)
        letter = desk_lists.letter_of(db, found, key)
        content = letter_docx(db, book(), found, letter, sample=the_site().sample)
        title = book().letters[letter.kind.value]["title"]
    response = Response(content, mimetype=DOCX)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{number}-{key}.docx\"; filename*=UTF-8''{quote(f'{title}-{number}.docx')}"
    return response


def whole(name: str, words: str) -> int:
    """A whole number that was typed; InvalidInput for anything else."""
    given = forms.typed(name).strip()
    if not (given.isascii() and given.isdigit() and len(given) < 8):
        raise InvalidInput(f"请填写{words}。", name)
    return int(given)


def t(name: str) -> str:
    """A field of the step's form."""
    return forms.typed(name)


Act = Callable[[Any, Any, Any, Any], object]
#: name of the move -> (what the room does, what the page says then)
ACTS: dict[str, tuple[Act, str]] = {
    "confirm": (lambda db, actor, a, at: register.confirm(db, rules(), book(), actor, a, at), "已确认，今天为收到申请之日。"),
    "set_aside": (lambda db, actor, a, at: register.set_aside(db, actor, a, t("reason"), at), "已不作登记。"),
    "claim": (processing.claim, "由您办理。"),
    "pass_on": (lambda db, actor, a, at: processing.pass_on(db, actor, a, unit_of_code(db, t("unit")), at), "已转承办单位。"),
    "call_for_correction": (lambda db, actor, a, at: processing.call_for_correction(db, rules(), book(), actor, a, t("reason"), at), "补正告知书已生成，计时暂停。"),
    "take_correction": (lambda db, actor, a, at: processing.take_correction(db, rules(), actor, a, t("text"), at), "补正已登记，期限重新计算。"),
    "hear": (lambda db, actor, a, at: processing.hear(db, rules(), book(), actor, a, t("party"), t("reason"), at), "意见征询书已生成，计时暂停。"),
    "heard": (lambda db, actor, a, at: processing.heard(db, rules(), actor, a, t("reason"), at), "第三方意见已登记，恢复计时。"),
    "ask_fee": (lambda db, actor, a, at: processing.ask_fee(db, rules(), book(), actor, a, t("scale"), whole("number_of", "数量"), at), "收费通知已生成，计时暂停。"),
    "fee_paid": (lambda db, actor, a, at: processing.fee_paid(db, rules(), actor, a, at), "已登记缴费，恢复计时。"),
    "extend": (lambda db, actor, a, at: processing.extend(db, rules(), book(), actor, a, whole("days", "延期的工作日数"), t("reason"), at), "延期告知书已生成。"),
    "propose": (lambda db, actor, a, at: decisions.propose(db, rules(), book(), actor, a, t("outcome"), t("grounds"), at), "答复书已送签。"),
    "send_back": (lambda db, actor, a, at: decisions.send_back(db, actor, a, t("reason"), at), "已退回修改。"),
    "sign": (lambda db, actor, a, at: decisions.sign(db, rules().settings, actor, a, whole("letter", "答复书"), at), "已签发，文号已编定。"),
    "record_withdrawal": (lambda db, actor, a, at: processing.record_withdrawal(db, actor, a, t("reason"), at), "已登记撤回。"),
    "deliver": (lambda db, actor, a, at: decisions.deliver(db, rules().settings, actor, a, t("way"), t("note"), at), "送达已登记。"),
}


@blueprint.post(f"{ITEM}/<any({', '.join(ACTS)}):action>")
def step(number: str, action: str) -> Answer:
    """One step; what was typed stays when it is refused."""
    act, done = ACTS[action]
    try:
        with the_office().work.transaction() as db:
            actor = acting()
            act(db, actor, desk_lists.application_for_staff(db, actor, number), now())
    except HuiyingError as error:
        typed = {name: forms.typed(name)[:4000] for name in TYPED} | {"step": action}
        return Answer(item_page(number, typed, error.message), status_of(error), mimetype="text/html")
    flash(done, "good")
    return redirect(url_for("application_desk.show", number=number), 303)


@blueprint.post(f"{ITEM}/reveal")
def reveal(number: str) -> Answer:
    """Shows identity, contact and address once, for a reason that is kept."""
    try:
        with the_office().work.transaction() as db:
            actor = acting()
            processing.reveal(db, actor, desk_lists.application_for_staff(db, actor, number), forms.typed("reason"), now())
    except HuiyingError as error:
        return Answer(item_page(number, {"step": "reveal"}, error.message), status_of(error), mimetype="text/html")
    return Answer(item_page(number, {}, "", revealed=True), mimetype="text/html")
