"""The citizen writes again: a supplement (补充), the correction that was asked for (补正), a question after the answer (追问)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, InvalidInput
from board.inquiries.conditions import CONDITIONS
from board.inquiries.lifecycle import ANSWERED, move
from board.inquiries.limits import limit_for
from board.inquiries.posting import bounded
from board.inquiries.term_clock import Rules, timed_move
from board.models import Event, Inquiry, InquiryState, Reply, ReplyState, Supplement, SupplementKind
from board.staff.roles import CITIZEN

SUPPLEMENTS_MOST = 20


def write_again(session: Session, rules: Rules, inquiry: Inquiry, text: str, at: datetime) -> Supplement:
    """Stores what the citizen adds, as the kind that fits the state: supplement, correction or follow-up.

    The same words twice in a row are kept once. InvalidInput for an empty or over-long text, Conflict when nothing can be added (any more).
    """
    clean = bounded(rules.settings, text, "text", "补充内容")
    if not clean:
        raise InvalidInput("请写下要补充的内容。", "text")
    last = session.scalar(select(Supplement).where(Supplement.inquiry_id == inquiry.id).order_by(Supplement.id.desc()).limit(1))
    if last is not None and last.text == clean:
        return last
    if (session.scalar(select(func.count()).select_from(Supplement).where(Supplement.inquiry_id == inquiry.id)) or 0) >= SUPPLEMENTS_MOST:
        raise Conflict("补充次数已达上限，请另行留言。")
    kind = kind_of(inquiry)
    STEPS[kind](session, rules, inquiry, at)
    row = Supplement(inquiry_id=inquiry.id, sequence=inquiry.version, kind=kind, text=clean, at=at)
    session.add(row)
    session.flush()
    return row


def kind_of(inquiry: Inquiry) -> SupplementKind:
    """What the citizen's words are at this moment."""
    if inquiry.state in ANSWERED:
        return SupplementKind.follow_up
    return SupplementKind.correction if CONDITIONS["correction_awaited"].holds(inquiry) else SupplementKind.supplement


def supplement(session: Session, _rules: Rules, inquiry: Inquiry, at: datetime) -> None:
    """补充: nothing can be added to what has just been signed, since the signature binds the words that were seen."""
    signed = select(Reply.id).where(Reply.inquiry_id == inquiry.id, Reply.in_force, Reply.state == ReplyState.approved)
    if inquiry.state == InquiryState.awaiting_approval and session.scalar(signed) is not None:
        raise Conflict("答复已经审签，正在发布；请在收到答复后追问。")
    move(session, inquiry, "supplement", CITIZEN, at)


def correct(session: Session, rules: Rules, inquiry: Inquiry, at: datetime) -> None:
    """补正: the term begins anew on the day after (Art. 30 of the 2019 regulation, applied to inquiries alike)."""
    timed_move(session, rules, inquiry, "correct", CITIZEN, at, data=fresh_limit(rules, inquiry, at))


def follow_up(session: Session, rules: Rules, inquiry: Inquiry, at: datetime) -> None:
    """追问: a new term begins; the answer that was given stays where it is until another is given."""
    asked = session.scalar(select(func.count()).select_from(Event).where(Event.inquiry_id == inquiry.id, Event.action == "follow_up")) or 0
    if asked >= int(rules.settings.section("deadlines")["follow_ups_most"]):
        raise Conflict("追问次数已达上限，请另行留言。")
    data = fresh_limit(rules, inquiry, at)
    timed_move(session, rules, inquiry, "follow_up", CITIZEN, at, data=data, closed_at=None, claimed_by_id=None, extended=False)


def fresh_limit(rules: Rules, inquiry: Inquiry, at: datetime) -> dict[str, int]:
    """The limit of a term that begins today."""
    return {"days": limit_for(rules.settings, inquiry.kind.value, local_day(at), inquiry.unit.code).days}


STEPS = {SupplementKind.supplement: supplement, SupplementKind.correction: correct, SupplementKind.follow_up: follow_up}
