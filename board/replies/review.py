"""Review: taking an item in hand, writing versions of the reply, and the second person's approval of exactly what was seen."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotFound
from board.inquiries.delicate import refuse_accused_person, refuse_accused_unit
from board.inquiries.lifecycle import move
from board.inquiries.limits import unit_limit
from board.inquiries.merging import refuse_with_members
from board.inquiries.term_clock import Rules, timed_move
from board.models import Inquiry, InquiryState, Reply, ReplyState, Unit
from board.replies import claims, moderating, signing, working_texts
from board.replies.public_version import Preview, public_version
from board.settings import Settings
from board.staff.roles import Actor, Right, may, require
from board.storage import outbox
from responder.composing import gaps
from responder.repair import clean_input

#: a version that can be handed in as it is; one that came back becomes a new version, so that what was handed in stays as it was
WRITABLE = frozenset({ReplyState.edited})


def inquiry_for_staff(session: Session, actor: Actor, number: str) -> Inquiry:
    """The inquiry of this number for a member of staff; NotFound when there is none, NotAllowed without the right to read."""
    require(actor, Right.read_inquiry)
    inquiry = session.scalar(select(Inquiry).where(Inquiry.number == number[:120]).options(joinedload(Inquiry.unit), joinedload(Inquiry.claimed_by)))
    if inquiry is None:
        raise NotFound("没有这条留言。")
    refuse_accused_person(session, inquiry, actor)
    return inquiry


def current_reply(session: Session, inquiry: Inquiry) -> Reply | None:
    """The version of the reply that is in force."""
    return session.scalar(select(Reply).where(Reply.inquiry_id == inquiry.id, Reply.in_force))


def revisions(session: Session, inquiry: Inquiry) -> list[Reply]:
    """All versions, newest first."""
    return list(session.scalars(select(Reply).where(Reply.inquiry_id == inquiry.id).order_by(Reply.revision.desc())))


def take(session: Session, actor: Actor, inquiry: Inquiry, at: datetime, hold: timedelta = claims.HOLD, reason: str = "") -> None:
    """Takes the item in hand: accepts it when nobody has, then claims it; each step is an event. What is the actor's already stays so.

    A colleague's claim that still holds is only taken over with a reason by whoever may assign; see claims.take_over.
    """
    if inquiry.state == InquiryState.in_hand and inquiry.claimed_by_id != actor.account_id:
        claims.take_over(session, actor, inquiry, at, hold, reason)
        return
    if inquiry.state == InquiryState.received:
        accept(session, actor, inquiry, at)
    if inquiry.state != InquiryState.in_hand:
        move(session, inquiry, "claim", actor, at, claimed_by_id=actor.account_id)
    claims.beat(session, actor, inquiry, "writing", at)


def take_to_write(session: Session, actor: Actor, inquiry: Inquiry, at: datetime) -> None:
    """The item is the actor's when a text of it is saved: whoever saves has seen what stood, so it changes hands even from a colleague."""
    if inquiry.state == InquiryState.in_hand and inquiry.claimed_by_id != actor.account_id:
        claims.change_hands(session, actor, inquiry, at)
    else:
        take(session, actor, inquiry, at)


def accept(session: Session, actor: Actor, inquiry: Inquiry, at: datetime) -> None:
    """审核受理."""
    move(session, inquiry, "accept", actor, at, accepted_at=at)


def assign(session: Session, actor: Actor, inquiry: Inquiry, unit: Unit, at: datetime, reason: str = "", rules: Rules | None = None) -> None:
    """转办 to a unit, never one that the message accuses; an item that was not accepted yet is accepted with it.

    With ``rules`` the unit's own limit, if it has one, holds from then on (counted from receipt).
    """
    refuse_accused_unit(session, inquiry, unit.id)
    if inquiry.state == InquiryState.received:
        accept(session, actor, inquiry, at)
    data = {"unit": unit.id, "from_unit": inquiry.unit_id}
    own = unit_limit(rules.settings, inquiry.kind.value, local_day(inquiry.received_at), unit.code) if rules else None
    if rules and own:
        timed_move(session, rules, inquiry, "assign", actor, at, reason, {**data, "days": own.days}, unit_id=unit.id, claimed_by_id=None)
    else:
        move(session, inquiry, "assign", actor, at, reason, data, unit_id=unit.id, claimed_by_id=None)


def return_to_assigner(session: Session, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """退回分办: the unit says why the item is not its own; nobody holds it then."""
    move(session, inquiry, "return_to_assigner", actor, at, reason, claimed_by_id=None)


def decline(session: Session, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """不予受理, with the reason and the right channel in words for the citizen."""
    refuse_with_members(session, inquiry)
    move(session, inquiry, "decline", actor, at, reason)


def mark_invalid(session: Session, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """无效 (spam, abuse)."""
    refuse_with_members(session, inquiry)
    move(session, inquiry, "mark_invalid", actor, at, reason)


def save_draft(session: Session, actor: Actor, inquiry: Inquiry, text: str, based_on: int, settings: Settings, at: datetime, sheet: str = "") -> Reply:
    """A new version of the reply. ``based_on`` is the revision that was open for editing (0: none), ``sheet`` the page it was typed on.

    Conflict with the text that now stands when somebody saved meanwhile; InvalidInput for an empty or over-long text.
    """
    clean = checked_reply(settings, text)
    require(actor, Right.edit_draft, inquiry)
    before = in_force_as_seen(session, inquiry, based_on)
    take_to_write(session, actor, inquiry, at)
    if before is not None and before.text == clean and before.author_id == actor.account_id and before.state in WRITABLE:
        reply = before
    else:
        reply = new_version(session, inquiry, before, clean, ReplyState.edited, actor.account_id, at)
        move(session, inquiry, "edit", actor, at, data={"reply": reply.id, "revision": reply.revision})
    working_texts.settle(session, actor, inquiry, clean, sheet, reply, at)
    return reply


def checked_reply(settings: Settings, text: str) -> str:
    """The cleaned text of a reply; InvalidInput when it is empty or over-long."""
    most = settings.limit("reply")
    clean = clean_input(text[: 10 * most])
    if not clean:
        raise InvalidInput("答复内容不能为空。", "text")
    if len(clean) > most:
        raise InvalidInput(f"答复最多 {most} 个字，现有 {len(clean)} 个字。", "text")
    return clean


def in_force_as_seen(session: Session, inquiry: Inquiry, based_on: int) -> Reply | None:
    """The version in force, provided it is the one that was seen; Conflict with its text otherwise."""
    before = locked_reply(session, inquiry)
    standing = before.revision if before else 0
    if standing != based_on:
        raise Conflict("答复稿已被修改，您的文字没有丢失，请与现有文字合并后再保存。", before.text if before else "")
    return before


def new_version(session: Session, inquiry: Inquiry, before: Reply | None, text: str, state: ReplyState, author_id: int | None, at: datetime) -> Reply:
    """Puts a new version in force; the one before stays for ever, its evidence is carried along."""
    last = session.scalar(select(func.max(Reply.revision)).where(Reply.inquiry_id == inquiry.id)) or 0
    if before is not None:
        settle(session, before, ReplyState.superseded, in_force=False)
    reply = Reply(inquiry_id=inquiry.id, revision=last + 1, state=state, in_force=True, text=text, author_id=author_id, created_at=at)
    if before is not None:
        reply.decision, reply.reason, reply.confidence = before.decision, before.reason, before.confidence
    session.add(reply)
    session.flush()
    return reply


def settle(session: Session, reply: Reply, state: ReplyState, **values: object) -> None:
    """Compare-and-set of a version's state; Conflict when it moved on."""
    changed = session.execute(
        update(Reply)
        .where(Reply.id == reply.id, Reply.state == reply.state, Reply.in_force)
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Conflict("答复稿刚刚被他人处理，您的操作没有执行。", reply.text)
    session.refresh(reply)


def submit(session: Session, actor: Actor, inquiry: Inquiry, based_on: int, at: datetime, settings: Settings) -> Reply:
    """提交审签: the version in force, written or taken over by the actor; the steps of signing are fixed. InvalidInput while gaps remain."""
    require(actor, Right.submit_draft, inquiry)
    reply = in_force_as_seen(session, inquiry, based_on)
    take_to_write(session, actor, inquiry, at)
    if reply is None:
        raise InvalidInput("还没有答复稿。", "text")
    if gaps(reply.text):
        raise InvalidInput(f"答复稿还有 {len(gaps(reply.text))} 处待补充：{gaps(reply.text)[0]}", "text")
    if reply.author_id is None or reply.state not in WRITABLE:
        reply = new_version(session, inquiry, reply, reply.text, ReplyState.edited, actor.account_id, at)
    settle(session, reply, ReplyState.submitted)
    signing.lay_out(session, inquiry, reply, settings)
    move(session, inquiry, "submit", actor, at, data={"reply": reply.id, "revision": reply.revision})
    return reply


def send_back(session: Session, actor: Actor, inquiry: Inquiry, reason: str, at: datetime, settings: Settings) -> None:
    """退回修改, with a reason, by whoever signs at the waiting step or for the office; an approved reply can no longer be sent back."""
    reply = locked_reply(session, inquiry)
    if reply is not None and not may(actor, Right.approve, inquiry):
        signing.require_stage(session, actor, inquiry, reply, settings)
    if reply is not None and reply.state == ReplyState.approved:
        raise Conflict("答复已审签通过，不能退回。", reply.text)
    move(session, inquiry, "send_back", actor, at, reason, {"reply": reply.id if reply else None})
    if reply is not None:
        settle(session, reply, ReplyState.returned)


def preview(session: Session, inquiry: Inquiry, settings: Settings) -> Preview:
    """The masked public version of question and reply as they will stand, with the hash over both."""
    reply = current_reply(session, inquiry)
    if reply is None:
        raise NotFound("还没有答复稿。")
    return public_version(session, inquiry, reply, settings)


def locked_reply(session: Session, inquiry: Inquiry) -> Reply | None:
    """The version in force as it stands this moment; who else wants to sign or change it waits until this transaction ends.

    Everybody takes the reply before the inquiry: two who took them in different order would block one another.
    """
    rows = select(Reply).where(Reply.inquiry_id == inquiry.id, Reply.in_force).with_for_update()
    return session.scalar(rows.execution_options(populate_existing=True))


def approve(session: Session, actor: Actor, inquiry: Inquiry, seen_hash: str, settings: Settings, at: datetime, seen_step: int = 0) -> str:
    """审签: binds the signature to the hash of what was seen; "endorsed" when further steps follow, "approved" when it was the last one.

    ``seen_step`` is the position of the step that the page showed (0: not said). Conflict with the text when text or step is another now; the
    last step orders the publication.
    """
    reply, shown = signable(session, actor, inquiry, seen_hash, settings, seen_step)
    return put_signature(session, actor, inquiry, reply, shown, at)


def signable(session: Session, actor: Actor, inquiry: Inquiry, seen_hash: str, settings: Settings, seen_step: int = 0) -> tuple[Reply, Preview]:
    """The submitted version, locked, and its public form, when it is the actor's to sign now and still what was seen; else NotAllowed or Conflict."""
    require(actor, Right.endorse, inquiry)
    reply = locked_reply(session, inquiry)
    if reply is None or reply.state != ReplyState.submitted:
        raise Conflict("这份答复不在待审签状态，可能已由他人审签或退回。", reply.text if reply else "")
    waiting = signing.waiting_step(signing.steps_of(session, reply))
    if seen_step and waiting is not None and waiting.position != seen_step:
        raise Conflict("这一环节刚刚由他人审签，您的操作没有执行。", reply.text)
    signing.require_turn(session, actor, inquiry, reply, settings)
    if moderating.waits_for_a_person(inquiry):
        raise Conflict(f"这条留言需先由人核对后放行：{inquiry.held_reason}。", reply.text)
    shown = public_version(session, inquiry, reply, settings)
    if shown.content_hash != seen_hash:
        raise Conflict("答复在您查看之后有变化，请按现在的文字重新审阅。", reply.text)
    return reply, shown


def put_signature(session: Session, actor: Actor, inquiry: Inquiry, reply: Reply, shown: Preview, at: datetime) -> str:
    """Signs the waiting step for exactly this public form; the last step approves and orders the publication."""
    step = signing.waiting_step(signing.steps_of(session, reply))
    signed = {"reply": reply.id, "hash": shown.content_hash, **signing.for_whom(actor)}
    if step is not None:
        signing.sign_step(session, actor, step, shown.content_hash, at)
        if signing.waiting_step(signing.steps_of(session, reply)) is not None:
            move(session, inquiry, "endorse", actor, at, data={**signed, "stage": step.stage})
            return "endorsed"
    settle(session, reply, ReplyState.approved, approver_id=actor.account_id, approved_at=at, approved_hash=shown.content_hash)
    move(session, inquiry, "approve", actor, at, data=signed)
    outbox.write(session, "publish_reply", inquiry.id, at)
    return "approved"
