"""Before something is public: words masked by hand, messages held for a person, a look at what is masked, each with its event."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from board.errors import Conflict, InvalidInput, NotFound
from board.inquiries.lifecycle import move
from board.inquiries.public_text import whole_question
from board.models import Inquiry, InquiryKind, PublicMask, Reply, ReplyState, Role
from board.staff.roles import Actor, Right, may, require
from responder.repair import clean_input

#: what stands in public in place of words masked by hand; it does not tell how long they were
COVER = "***"
WORDS_LEAST, WORDS_MOST, MASKS_MOST = 2, 200, 50
#: what only looks as if a machine had sent it is judged by whoever accepts it; everything else wants a person's word before it is signed
SUSPECTED = "疑似程序自动提交"


def waits_for_a_person(inquiry: Inquiry) -> bool:
    """Whether something in it has to be let through by a person before the reply can be signed."""
    return any(reason and not reason.endswith(SUSPECTED) for reason in inquiry.held_reason.split("；"))


def let_through(session: Session, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """核对后放行: a person read it; what had held it stays in the event. Conflict when nothing holds it."""
    require(actor, Right.hide, inquiry)
    if not inquiry.held_reason:
        raise Conflict("这条留言没有需要核对的内容，可能已由他人放行。")
    move(session, inquiry, "let_through", actor, at, reason, {"held": inquiry.held_reason}, held_reason="")


def masks(session: Session, inquiry: Inquiry) -> Sequence[PublicMask]:
    """The words masked by hand that are masked now, first come first."""
    rows = select(PublicMask).where(PublicMask.inquiry_id == inquiry.id, PublicMask.lifted_at.is_(None))
    return session.scalars(rows.order_by(PublicMask.id)).all()


def masked_words(session: Session, inquiry: Inquiry) -> list[str]:
    """The words themselves."""
    return [row.words for row in masks(session, inquiry)]


def without_words(text: str, words: Iterable[str]) -> str:
    """The text with the words covered wherever they stand; longer ones first."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, COVER)
    return text


def mask_words(session: Session, actor: Actor, inquiry: Inquiry, given: str, at: datetime) -> int:
    """另外遮盖: each line of ``given`` is covered in title, question and reply. How many were new.

    InvalidInput for words that stand nowhere, too short or too long ones; Conflict once the reply is signed: what was signed stands.
    """
    require(actor, Right.mask, inquiry)
    reply = open_reply(session, inquiry)
    wanted = list(dict.fromkeys(line.strip() for line in clean_input(given[: 100 * WORDS_MOST]).split("\n") if line.strip()))
    known = set(masked_words(session, inquiry))
    everything = "\n".join((inquiry.title, whole_question(inquiry), reply.text if reply else ""))
    check_words(wanted, everything, len(known))
    new = [words for words in wanted if words not in known]
    for words in new:
        session.add(PublicMask(inquiry_id=inquiry.id, words=words, account_id=actor.account_id, at=at))
    if new:
        session.flush()
        move(session, inquiry, "mask", actor, at, data={"count": len(new)})
    return len(new)


def check_words(wanted: Sequence[str], everything: str, known: int) -> None:
    """InvalidInput, in words, for what cannot be masked."""
    if not wanted:
        raise InvalidInput("请写出要遮盖的文字，每行一处。", "words")
    if known + len(wanted) > MASKS_MOST:
        raise InvalidInput(f"一条留言最多遮盖 {MASKS_MOST} 处。", "words")
    for words in wanted:
        if not WORDS_LEAST <= len(words) <= WORDS_MOST:
            raise InvalidInput(f"每处 {WORDS_LEAST} 至 {WORDS_MOST} 个字：{words[:30]}", "words")
        if words not in everything:
            raise InvalidInput(f"标题、留言和答复中都没有这些文字：{words[:30]}", "words")


def lift_mask(session: Session, actor: Actor, inquiry: Inquiry, key: int, at: datetime) -> None:
    """取消遮盖; that it was masked, and who lifted it, stays. NotFound for another inquiry's."""
    require(actor, Right.mask, inquiry)
    open_reply(session, inquiry)
    row = session.get(PublicMask, key, with_for_update=True) if 0 < key < 2**31 else None
    if row is None or row.inquiry_id != inquiry.id or row.lifted_at is not None:
        raise NotFound("没有这处遮盖，可能已经取消。")
    row.lifted_at, row.lifted_by_id = at, actor.account_id
    session.flush()
    move(session, inquiry, "unmask", actor, at, data={"mask": row.id})


def open_reply(session: Session, inquiry: Inquiry) -> Reply | None:
    """The version in force; Conflict once it was signed for the office."""
    rows = select(Reply).where(Reply.inquiry_id == inquiry.id, Reply.in_force).options(joinedload(Reply.inquiry))
    reply = session.scalar(rows)
    if reply is not None and reply.state in {ReplyState.approved, ReplyState.published}:
        raise Conflict("答复已签发，公开的文字不能再改动。", reply.text)
    return reply


def may_reveal(actor: Actor, inquiry: Inquiry) -> bool:
    """Whether the person may look at what is masked; of a 举报 not those who handle it (DOMAIN 4)."""
    hidden = inquiry.kind == InquiryKind.report and actor.role in {Role.editor, Role.unit_head}
    return not hidden and may(actor, Right.reveal, inquiry)


def reveal(session: Session, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """Writes down who looks at what is masked, and why; NotFound for those who handle a 举报."""
    if not may_reveal(actor, inquiry):
        require(actor, Right.reveal, inquiry)
        raise NotFound("举报人信息不向承办人员显示。")
    move(session, inquiry, "reveal", actor, at, reason)
