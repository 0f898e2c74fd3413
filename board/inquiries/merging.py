"""重复: several messages about one thing become one, and apart again; every citizen keeps the own code and reads the one answer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, InvalidInput
from board.inquiries.lifecycle import TRANSITIONS, check_actor, move
from board.inquiries.term_clock import Rules, timed_move
from board.models import Inquiry, InquiryKind, InquiryState
from board.staff.roles import SYSTEM, Actor
from board.storage import outbox

ENDED = frozenset({InquiryState.declined, InquiryState.invalid, InquiryState.withdrawn, InquiryState.transferred})


def merge(session: Session, actor: Actor, inquiry: Inquiry, into: Inquiry, reason: str, at: datetime) -> None:
    """Puts a message into a main item that is open or answered; what had been put into the message goes along.

    InvalidInput for itself, for one that is merged or was ended without an answer, and when a report (举报) and another kind would meet.
    """
    if into.id == inquiry.id:
        raise InvalidInput("不能并入自己。", "into")
    if into.merged_into_id is not None or into.state in ENDED or into.imported:
        raise InvalidInput("不能并入这条留言：它已并入他处、未予受理，或是历史留言。", "into")
    if (into.kind == InquiryKind.report) != (inquiry.kind == InquiryKind.report):
        raise InvalidInput("举报不能与其他类型的留言合并。", "into")
    check_actor(TRANSITIONS["merge"], actor, inquiry)
    lock(session, inquiry, into)
    if into.merged_into_id is not None:
        raise Conflict("主件刚刚被并入他处，请重新选择。")
    move(session, inquiry, "merge", actor, at, reason, {"into": into.id}, merged_into_id=into.id)
    for follower in members(session, inquiry):
        move(session, follower, "remerge", SYSTEM, at, data={"into": into.id}, merged_into_id=into.id)
    recount(session, inquiry, at)


def lock(session: Session, *inquiries: Inquiry) -> None:
    """Holds the rows, always in the same order, so that two mergers across each other wait instead of locking one another out."""
    for key in sorted(inquiry.id for inquiry in inquiries):
        session.get(Inquiry, key, with_for_update=True, populate_existing=True)


def unmerge(session: Session, rules: Rules, actor: Actor, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """Takes a message out again: it stands where it stood before, and its term has gone on running meanwhile."""
    timed_move(session, rules, inquiry, "unmerge", actor, at, reason, {"from": inquiry.merged_into_id}, merged_into_id=None)
    come_back(session, inquiry, at)


def come_back(session: Session, inquiry: Inquiry, at: datetime) -> None:
    """A message that stands by itself again is counted and, while it has no draft, drafted."""
    recount(session, inquiry, at)
    outbox.write(session, "draft_reply", inquiry.id, at)


def let_go(session: Session, rules: Rules, main: Inquiry, at: datetime) -> None:
    """The main item ends without an answer (its citizen withdrew it): the oldest message takes its place, the others hang on that one."""
    followers = members(session, main)
    if not followers:
        return
    heir, *others = followers
    timed_move(session, rules, heir, "promote", SYSTEM, at, data={"from": main.id}, merged_into_id=None)
    for other in others:
        move(session, other, "remerge", SYSTEM, at, data={"into": heir.id}, merged_into_id=heir.id)
    come_back(session, heir, at)


def refuse_with_members(session: Session, main: Inquiry) -> None:
    """Conflict when others hang on the item: ending it would leave them without an answer."""
    number = len(members(session, main))
    if number:
        raise Conflict(f"有 {number} 条留言并入本条，请先撤销合并，或将本条也并入其他留言。")


def recount(session: Session, inquiry: Inquiry, at: datetime) -> None:
    """The day of receipt is counted again: 有效 and 重复 have changed."""
    outbox.write(session, "recount_day", local_day(inquiry.received_at).isoformat(), at)


def members(session: Session, main: Inquiry) -> list[Inquiry]:
    """The messages that were put into a main item, oldest first."""
    return list(session.scalars(select(Inquiry).where(Inquiry.merged_into_id == main.id).order_by(Inquiry.id)))
