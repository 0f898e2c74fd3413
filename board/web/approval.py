"""Signing: question and reply as they will stand, bound to their hash; sign exactly that, send it back, or skip a step with a reason."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import Conflict, HuiyingError, InvalidInput
from board.inquiries.public_text import whole_question
from board.replies import claims, correcting, desk_view, moderating, possible, review, signing, text_history, working_texts
from board.replies.differences import side_by_side
from board.replies.marked_texts import cover_up, marked_text
from board.replies.public_version import Preview, readable_numbers
from board.replies.reply_checks import Finding, check_reply
from board.staff.roles import Right, may
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.handling import reason as given_reason
from board.web.item_page import Typed
from board.web.staff_pages import acting

blueprint = Blueprint("approval", __name__)
ITEM = "/desk/inquiries/<number>/review"
Act = Callable[[Any, Any], object]


@dataclass(slots=True)
class Fixing:
    """The signatory's correction on the page: what was typed (``text`` None: not begun), and what it comes to."""

    text: str | None = None
    masks: str = ""
    reason: str = ""
    overrule: str = ""
    sheet: str = ""
    based_on: int = 0
    rows: list[Any] = field(default_factory=list)
    shown: Preview | None = None
    blocks: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kept: Any = None


@blueprint.get(ITEM)
def show(number: str) -> str:
    """What will stand, beside what was written; with ``step=correct`` the text can be corrected, ``kept`` puts in what the machine kept."""
    if request.args.get("step") != "correct":
        return page(number)
    with the_office().work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        reply, key = review.current_reply(db, inquiry), request.args.get("kept", "")
        if reply is None:
            raise Conflict("还没有答复稿。")
        kept = working_texts.text_of(db, inquiry, int(key)) if key.isascii() and key.isdigit() and len(key) < 10 else None
        fixing = Fixing(kept.text if kept else reply.text, based_on=reply.revision, sheet=kept.sheet if kept and kept.account_id == acting().account_id else "")
    return page(number, fixing=fixing)


@blueprint.post(f"{ITEM}/approve")
def approve(number: str) -> Response:
    """审签: binds the signature to the hash and the step that the page carried."""
    office, actor, outcome = the_office(), acting(), []

    def act(db: Any, inquiry: Any) -> None:
        outcome.append(review.approve(db, actor, inquiry, request.form.get("seen", "")[:64], office.settings, now(), seen_step()))

    return done(number, act) or finished(number, "已审核通过，转入下一环节。" if outcome == ["endorsed"] else "已审签通过，系统正在发布。")


def seen_step() -> int:
    """The step that the page showed; 0 when it does not say."""
    given = request.form.get("step", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0


@blueprint.post(f"{ITEM}/send-back")
def send_back(number: str) -> Response:
    """退回修改, with a reason."""
    actor, settings = acting(), the_office().settings
    refused = done(number, lambda db, inquiry: review.send_back(db, actor, inquiry, given_reason(), now(), settings), "reason")
    return refused or finished(number, "已退回修改。")


@blueprint.post(f"{ITEM}/bypass")
def bypass(number: str) -> Response:
    """越级: skips the waiting step with a reason; the last one cannot be skipped."""
    actor, settings = acting(), the_office().settings

    def act(db: Any, inquiry: Any) -> None:
        reply = review.locked_reply(db, inquiry)
        if reply is None:
            raise Conflict("还没有答复稿。")
        signing.bypass(db, actor, inquiry, reply, request.form.get("bypass_reason", "")[:500], settings, now())

    refused = done(number, act, "bypass_reason")
    if refused:
        return refused
    flash("已跳过这一环节，理由已记录并列入年报。", "good")
    return redirect(url_for("approval.show", number=number), 303)


def done(number: str, act: Act, named: str = "") -> Response | None:
    """Takes one step in one transaction; None when it was taken, else the page once more with why not and what was typed."""
    try:
        with the_office().work.transaction() as db:
            act(db, review.inquiry_for_staff(db, acting(), number))
    except (InvalidInput, Conflict) as error:
        return again(number, error, {named: request.form.get(named, "")})
    return None


def finished(number: str, words: str) -> Response:
    """Back to the item, with a word about what was done."""
    flash(words, "good")
    return redirect(url_for("handling.show", number=number), 303)


def page(number: str, error: HuiyingError | None = None, typed: dict[str, str] | None = None, fixing: Fixing | None = None) -> str:
    """The review page; what has become of the reply when it does not await a signature (any more)."""
    office, actor = the_office(), acting()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, actor, number)
        reply = review.current_reply(db, inquiry)
        steps = possible.steps(actor, inquiry, reply, None)
        if reply is None or "review" not in steps:
            raise error or Conflict("这份答复不在待审签状态，可能已由他人审签或退回。")
        shown = review.preview(db, inquiry, office.settings)
        turn = signing.turn(db, actor, inquiry, reply, office.settings)
        return render_template(
            "desk/review.html", here="approval", heading=f"审签 {inquiry.number}", inquiry=inquiry, reply=reply, shown=shown, steps=steps, turn=turn,
            error=error, form=typed or {}, typed=Typed(), back="review", authors=desk_view.names(db, {f"account:{reply.author_id}"}), gaps=desk_view.gap_count(reply.text),
            public_blocks=desk_view.blocks(shown.reply), own=reply.author_id == actor.account_id, **originals(db, actor, inquiry, reply),
            people=[person for person in claims.people_at(db, inquiry, now()) if person.account_id != actor.account_id],
            rows=seen_beside_standing(db, inquiry, reply) if isinstance(error, Conflict) else [],
            fixing=looked_at(db, actor, inquiry, reply, fixing or Fixing()), corrections=correcting.corrections(db, inquiry, office.settings),
            autosave_seconds=int(office.settings.section("desk")["autosave_seconds"]),
        )  # fmt: skip


def looked_at(db: Any, actor: Any, inquiry: Any, reply: Any, fixing: Fixing) -> Fixing:
    """What the correction comes to: the difference to what was submitted, the public form, and what the checks find."""
    office, kept = the_office(), working_texts.offered(db, inquiry, reply.text) if "correct_and_sign" in possible.approving(actor, inquiry, reply) else []
    fixing.kept = next((row for row in kept if row.account_id == actor.account_id and row.text != fixing.text), None)
    if fixing.text is None:
        return fixing
    fixing.sheet = fixing.sheet or working_texts.new_sheet()
    fixing.rows = [row for row in side_by_side(reply.text, fixing.text.replace("\r\n", "\n")) if row.changed]
    with suppress(InvalidInput):
        fixing.shown = correcting.as_corrected(db, inquiry, fixing.text, office.settings, fixing.masks)
        fixing.blocks = desk_view.blocks(fixing.shown.reply)
        if fixing.rows:
            fixing.findings = check_reply(db, inquiry, fixing.text, office.settings, office.words, local_day(now()))
    return fixing


def originals(db: Any, actor: Any, inquiry: Any, reply: Any) -> dict[str, Any]:
    """The texts as they were written, with the places marked that the public will not see, and sensitive words."""
    office = the_office()
    own, words, by_hand = readable_numbers(db, reply.text, office.settings), office.words, moderating.masked_words(db, inquiry)
    return {
        "title_pieces": cover_up(marked_text(inquiry.title, words, by_hand)),
        "question_pieces": cover_up(marked_text(whole_question(inquiry), words, by_hand)),
        "reply_pieces": marked_text(reply.text, words, by_hand, allowed=own),
        "masks": moderating.masks(db, inquiry),
        "may_mask": may(actor, Right.mask, inquiry),
        "may_let_through": may(actor, Right.hide, inquiry) and bool(inquiry.held_reason),
        "held": moderating.waits_for_a_person(inquiry),
    }


def seen_beside_standing(db: Any, inquiry: Any, reply: Any) -> list[Any]:
    """The version that the page had shown beside the one that stands; [] when they are the same."""
    seen = next((row for row in review.revisions(db, inquiry) if str(row.revision) == request.form.get("revision", "")), None)
    return side_by_side(seen.text, reply.text) if seen is not None and seen.text != reply.text else []


def again(number: str, error: HuiyingError, typed: dict[str, str], fixing: Fixing | None = None) -> Response:
    """The page once more, or, when there is nothing left to sign, who was faster; as JSON for programs."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return refused_for_programs(error)
    with the_office().work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        waits = "review" in possible.steps(acting(), inquiry, review.current_reply(db, inquiry), None)
    body = page(number, error, typed, fixing) if waits else overtaken(number, error, fixing.text if fixing else None)
    return Response(body, status_of(error), mimetype="text/html")


def refused_for_programs(error: HuiyingError) -> Response:
    """Why nothing was signed, with the text that stands."""
    response = jsonify({"status": status_of(error), "detail": error.message, "current": getattr(error, "current", "")})
    response.status_code = status_of(error)
    return response


def overtaken(number: str, error: HuiyingError, mine: str | None = None) -> str:
    """What has become of the reply meanwhile: who did what and when, and both texts; ``mine`` is what was typed to correct it."""
    office = the_office()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        texts = text_history.every_text(db, inquiry, office.settings)
        standing = next((kept for kept in texts if kept.kind == "version" and kept.stands), None)
        seen = next((kept for kept in texts if kept.key == f"r{request.form.get('revision', '')}"), standing)
        return render_template(
            "desk/overtaken.html", here="approval", heading=f"审签 {inquiry.number}", inquiry=inquiry, error=error, standing=standing, seen=seen,
            mine=mine, mine_rows=side_by_side(standing.text, mine.replace("\r\n", "\n")) if mine is not None and standing else [],
            rows=side_by_side(seen.text, standing.text) if seen and standing and seen.text != standing.text else [],
        )  # fmt: skip
