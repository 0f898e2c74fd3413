"""The life of an inquiry as one table of moves, each a compare-and-set with an event (DOMAIN 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries.events import chained, last_hash
from board.models import Event, Inquiry, InquiryState
from board.staff.roles import CITIZEN, SYSTEM, Actor, Right, require

S = InquiryState
OPEN = frozenset({S.received, S.accepted, S.assigned, S.in_hand, S.returned, S.awaiting_approval})
WORKABLE = frozenset({S.accepted, S.assigned, S.in_hand, S.returned})
DRAFTABLE = frozenset({S.received}) | WORKABLE
FINISHED = frozenset(S) - OPEN - {S.answered}


class Who(StrEnum):
    """Moves that no member of staff makes."""

    citizen = "citizen"
    system = "system"


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: from which states, to which (None: stays), who may, whether a reason must be given."""

    sources: frozenset[InquiryState]
    target: InquiryState | None
    by: Right | Who
    needs_reason: bool = False


TRANSITIONS: Mapping[str, Transition] = {
    "draft": Transition(DRAFTABLE, None, Who.system),
    "accept": Transition(frozenset({S.received}), S.accepted, Right.accept),
    "decline": Transition(frozenset({S.received, S.accepted}), S.declined, Right.decline, needs_reason=True),
    "mark_invalid": Transition(frozenset({S.received, S.accepted}), S.invalid, Right.hide, needs_reason=True),
    "merge": Transition(DRAFTABLE, S.merged, Right.assign, needs_reason=True),
    "assign": Transition(frozenset({S.accepted, S.assigned, S.in_hand, S.returned}), S.assigned, Right.assign),
    "claim": Transition(frozenset({S.accepted, S.assigned, S.returned}), S.in_hand, Right.claim),
    "take_over": Transition(frozenset({S.in_hand}), None, Right.claim),
    "return_to_assigner": Transition(frozenset({S.assigned, S.in_hand}), S.accepted, Right.claim, needs_reason=True),
    "edit": Transition(frozenset({S.in_hand}), None, Right.edit_draft),
    "submit": Transition(frozenset({S.in_hand}), S.awaiting_approval, Right.submit_draft),
    "send_back": Transition(frozenset({S.awaiting_approval}), S.returned, Right.send_back, needs_reason=True),
    "endorse": Transition(frozenset({S.awaiting_approval}), None, Right.endorse),
    "bypass": Transition(frozenset({S.awaiting_approval}), None, Right.endorse, needs_reason=True),
    "approve": Transition(frozenset({S.awaiting_approval}), None, Right.approve),
    "publish": Transition(frozenset({S.awaiting_approval}), S.answered, Who.system),
    "disclose": Transition(frozenset({S.answered, S.closed}), None, Right.publish_disclosures),
    "close": Transition(frozenset({S.answered}), S.closed, Who.system),
    "archive": Transition(frozenset({S.closed}), S.archived, Who.system),
    "withdraw": Transition(OPEN, S.withdrawn, Who.citizen),
    "hold": Transition(OPEN, None, Right.hide, needs_reason=True),
    "let_through": Transition(OPEN, None, Right.hide, needs_reason=True),
    "reveal": Transition(frozenset(S), None, Right.reveal, needs_reason=True),
    "mask": Transition(OPEN, None, Right.mask),
    "unmask": Transition(OPEN, None, Right.mask),
    "release": Transition(frozenset({S.closed, S.archived}), None, Right.release_history),
    "slip": Transition(frozenset({S.received}), None, Right.take_down),
    "feedback": Transition(frozenset({S.answered, S.closed, S.archived, S.declined}), None, Right.keep_case_file),
    "case_note": Transition(frozenset(S), None, Right.keep_case_file),
    "case_file": Transition(frozenset(S), None, Right.keep_case_file),
}


def move(
    session: Session, inquiry: Inquiry, action: str, actor: Actor, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None, **changes: object
) -> Event:
    """Makes one move: checks the right and the state, then compare-and-set on (id, state, version); ``changes`` are further columns.

    NotAllowed without the right, InvalidInput without a needed reason, Conflict when the inquiry has moved on.
    """
    step = TRANSITIONS[action]
    check_actor(step, actor, inquiry)
    if step.needs_reason and not reason.strip():
        raise InvalidInput("请填写理由。", "reason")
    if inquiry.state not in step.sources:
        raise Conflict("该留言的状态已经变化，此操作不能进行。请刷新页面后再看。")
    before, version, target = inquiry.state, inquiry.version, step.target or inquiry.state
    changed = session.execute(
        update(Inquiry)
        .where(Inquiry.id == inquiry.id, Inquiry.state == before, Inquiry.version == version)
        .values(state=target, version=version + 1, **changes)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Conflict("该留言刚刚被他人处理，您的操作没有执行。请刷新页面后再看。")
    session.refresh(inquiry)
    return append(session, inquiry, action, actor.name, at, before, reason, data)


def check_actor(step: Transition, actor: Actor, inquiry: Inquiry) -> None:
    """NotAllowed unless the actor may make this move."""
    if isinstance(step.by, Right):
        require(actor, step.by, inquiry)
    elif actor != {Who.citizen: CITIZEN, Who.system: SYSTEM}[step.by]:
        raise NotAllowed("这一步只能由系统或网民本人进行。")


def append(
    session: Session, inquiry: Inquiry, action: str, actor: str, at: datetime, before: str, reason: str = "", data: Mapping[str, Any] | None = None
) -> Event:
    """Writes the event of a move just made; its sequence is the inquiry's version."""
    event = Event(
        inquiry_id=inquiry.id, sequence=inquiry.version, action=action, actor=actor, at=at,
        from_state=before, to_state=inquiry.state, reason=reason.strip()[:500], data=dict(data or {}),
    )  # fmt: skip
    session.add(chained(last_hash(session, inquiry.id), event))
    session.flush()
    return event
