"""One inquiry on the desk: the citizen's words beside the draft and the evidence, and every step that can be taken."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import Conflict, HuiyingError, InvalidInput, NotAllowed, NotFound
from board.inquiries import merging
from board.replies import claims, desk_view, phrasebook, publishing, review, submitting, working_texts
from board.staff.roles import Actor
from board.web.current import the_office
from board.web.due_dates import rules
from board.web.error_pages import status_of
from board.web.item_page import Typed, item_page
from board.web.item_work import restored
from board.web.staff_pages import acting

blueprint = Blueprint("handling", __name__)
ITEM = "/desk/inquiries/<number>"
Act = Callable[[Any, Actor, Any, datetime], object]


@blueprint.get(ITEM)
def show(number: str) -> str:
    """The item; ``restore`` names a kept text that goes into the text field."""
    key = request.args.get("restore", "")
    return item_page(number, Typed(**restored(number, key, acting())) if key else Typed())


@blueprint.post(f"{ITEM}/take")
def take(number: str) -> Response:
    """受理并办理."""
    hold = claims.hold_of(the_office().settings)
    return step(number, lambda db, actor, inquiry, at: review.take(db, actor, inquiry, at, hold), "由您办理。")


@blueprint.post(f"{ITEM}/draft")
def save(number: str) -> Response:
    """Saves what was typed as a new version."""
    typed = what_was_typed()
    return step(number, saving(typed), "已保存。", typed)


@blueprint.post(f"{ITEM}/submit")
def submit(number: str) -> Response:
    """Saves what was typed, then hands it in for approval: a refusal never costs the text."""
    typed = what_was_typed()
    saved = step(number, saving(typed), "", typed)
    if saved.status_code != 303:
        return saved

    def hand_in(db: Any, actor: Actor, inquiry: Any, at: datetime) -> object:
        reply = review.current_reply(db, inquiry)
        office = the_office()
        return submitting.hand_in(db, actor, inquiry, reply.revision if reply else 0, at, office.settings, office.words, reason_of("overrule"))

    return step(number, hand_in, "已提交审签。", Typed(step="submit", values={"overrule": request.form.get("overrule", "")[:600]}))


@blueprint.post(f"{ITEM}/insert")
def insert(number: str) -> str:
    """Puts a quotation behind what was typed; nothing is saved yet."""
    typed, key = what_was_typed(), request.form.get("evidence", "")
    with the_office().work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        evidence = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
        typed.text = desk_view.with_quotation(db, inquiry, typed.text or "", evidence, the_office().labels)
    typed.inserted = "quoted"
    return item_page(number, typed)


@blueprint.post(f"{ITEM}/phrase")
def phrase(number: str) -> str:
    """Puts an entry of the phrase book behind what was typed; nothing is saved yet."""
    typed, office = what_was_typed(), the_office()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        filled = phrasebook.filled_for(db, inquiry, request.form.get("phrase", "")[:60], office.labels, local_day(now()))
    typed.text = f"{(typed.text or '').rstrip()}\n\n{filled}\n" if (typed.text or "").strip() else f"{filled}\n"
    typed.inserted = "phrase"
    return item_page(number, typed)


@blueprint.post(f"{ITEM}/assign")
def assign(number: str) -> Response:
    """转办 to a unit."""

    def act(db: Any, actor: Actor, inquiry: Any, at: datetime) -> None:
        unit = desk_view.unit_of_code(db, request.form.get("unit", ""))
        if unit is None:
            raise InvalidInput("请选择转办的单位。", "unit")
        review.assign(db, actor, inquiry, unit, at, reason(), rules())

    return step(number, act, "已转办。", what_was_given("assign"))


@blueprint.post(f"{ITEM}/decline")
def decline(number: str) -> Response:
    """不予受理."""
    return step(number, lambda db, actor, inquiry, at: review.decline(db, actor, inquiry, reason(), at), "已作不予受理处理。", what_was_given("decline"))


@blueprint.post(f"{ITEM}/invalid")
def mark_invalid(number: str) -> Response:
    """无效."""
    return step(number, lambda db, actor, inquiry, at: review.mark_invalid(db, actor, inquiry, reason(), at), "已标记为无效。", what_was_given("mark_invalid"))


@blueprint.post(f"{ITEM}/merge")
def merge(number: str) -> Response:
    """并入 another inquiry."""

    def act(db: Any, actor: Actor, inquiry: Any, at: datetime) -> None:
        try:
            into = review.inquiry_for_staff(db, actor, request.form.get("into", "").strip().upper())
        except NotFound as error:
            raise InvalidInput("没有这个编号的留言，请核对。", "into") from error
        merging.merge(db, actor, inquiry, into, reason(), at)

    return step(number, act, "已并入。", what_was_given("merge"))


@blueprint.post(f"{ITEM}/give-back")
def give_back(number: str) -> Response:
    """退回分办."""
    act: Act = lambda db, actor, inquiry, at: review.return_to_assigner(db, actor, inquiry, reason(), at)  # noqa: E731  # one line, used once
    return step(number, act, "已退回分办。", what_was_given("return_to_assigner"))


@blueprint.post(f"{ITEM}/disclose")
def disclose(number: str) -> Response:
    """列为主动公开."""
    taxonomy = the_office().taxonomy
    return step(number, lambda db, actor, inquiry, at: publishing.disclose(db, actor, inquiry, taxonomy, at), "已列为主动公开。")


def step(number: str, act: Act, done: str, typed: Typed | None = None) -> Response:
    """Takes one step in one transaction; what the room refuses comes back on the same page with everything that was typed."""
    try:
        with the_office().work.transaction() as db:
            act(db, acting(), review.inquiry_for_staff(db, acting(), number), now())
    except (InvalidInput, Conflict, NotAllowed) as error:
        shown = typed or Typed()
        if isinstance(error, NotAllowed) and shown.text is None:
            raise
        shown.refused(error)
        keep_typed(number, shown, error)
        return Response(item_page(number, shown), status_of(error), mimetype="text/html")
    if done:
        flash(done, "good")
    return redirect(url_for("handling.show", number=number), 303)


def keep_typed(number: str, typed: Typed, error: HuiyingError) -> None:
    """A text that could not be saved because others were faster is kept by the machine too: the browser may die in the next second."""
    if not isinstance(error, Conflict) or not typed.text:
        return
    office, actor = the_office(), acting()
    typed.sheet = typed.sheet or working_texts.new_sheet()
    with suppress(HuiyingError), office.work.transaction() as db:
        working_texts.keep(db, actor, review.inquiry_for_staff(db, actor, number), typed.text, typed.based_on, typed.sheet, office.settings, now())


def saving(typed: Typed) -> Act:
    """The step that saves the typed text."""
    settings = the_office().settings
    return lambda db, actor, inquiry, at: review.save_draft(db, actor, inquiry, typed.text or "", typed.based_on, settings, at, typed.sheet)


def what_was_typed() -> Typed:
    """The reply as it stood in the text field, the version it began from, and the page it was typed on."""
    given, sheet = request.form.get("based_on", ""), request.form.get("sheet", "")
    based_on = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1
    return Typed(text=request.form.get("text", ""), based_on=based_on, step="write", sheet=sheet if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", sheet) else "")


def what_was_given(name: str) -> Typed:
    """The fields of a small form."""
    return Typed(step=name, values={field: request.form.get(field, "")[:600] for field in ("reason", "unit", "into")})


def reason() -> str:
    """The given reason; InvalidInput when it is over-long."""
    return reason_of("reason")


def reason_of(field: str) -> str:
    """The reason given in a field; InvalidInput when it is over-long."""
    given, most = request.form.get(field, "").strip(), the_office().settings.limit("reason")
    if len(given) > most:
        raise InvalidInput(f"理由最多 {most} 个字，现有 {len(given)} 个字。", field)
    return given
