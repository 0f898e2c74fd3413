"""The life of an inquiry as one table of moves, each a compare-and-set with an event (DOMAIN 4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from board.inquiries.citizen_notices import note
from board.inquiries.conditions import CONDITIONS
from board.inquiries.events import chained, last_hash
from board.inquiries.moving import Clock, Life, Told, Transition, Who, check_mover, check_start, could_start, make_move, told
from board.models import Event, Inquiry, InquiryState
from board.staff.roles import Actor, Right

__all__ = ["TRANSITIONS", "Clock", "Told", "Transition", "Who", "append", "check_actor", "check_state", "move", "possible_now"]

S = InquiryState
OPEN = frozenset({S.received, S.accepted, S.assigned, S.in_hand, S.returned, S.awaiting_approval})
WORKABLE = frozenset({S.accepted, S.assigned, S.in_hand, S.returned})
DRAFTABLE = frozenset({S.received}) | WORKABLE
ANSWERED = frozenset({S.answered, S.closed})
CORRECTABLE = ANSWERED | {S.archived}
FINISHED = frozenset(S) - OPEN - {S.answered}


RUNNING, STANDING = {"paused": False}, {"paused": True}
C, U, F = Told.citizen, Told.unit, Told.front_office

TRANSITIONS: Mapping[str, Transition[InquiryState]] = {
    "post": Transition(frozenset(), S.received, Who.citizen, clock=Clock.starts, tells=told(F)),
    "draft": Transition(DRAFTABLE, None, Who.system),
    "accept": Transition(frozenset({S.received}), S.accepted, Right.accept, tells=told(C)),
    "decline": Transition(frozenset({S.received, S.accepted}), S.declined, Right.decline, needs_reason=True, clock=Clock.stops, tells=told(C)),
    "mark_invalid": Transition(frozenset({S.received, S.accepted}), S.invalid, Right.hide, needs_reason=True, clock=Clock.stops, tells=told(C)),
    "merge": Transition(DRAFTABLE, S.merged, Right.assign, needs_reason=True, clock=Clock.stops, tells=told(C, Told.holder)),
    "unmerge": Transition(frozenset({S.merged}), None, Right.assign, needs_reason=True, clock=Clock.recounts, tells=told(C, U), undoes="merge"),
    "remerge": Transition(frozenset({S.merged}), None, Who.system),
    "promote": Transition(frozenset({S.merged}), None, Who.system, clock=Clock.recounts, tells=told(C, U), undoes="merge"),
    "transfer": Transition(DRAFTABLE, S.transferred, Right.transfer, needs_reason=True, clock=Clock.stops, tells=told(C, Told.holder)),
    "assign": Transition(WORKABLE, S.assigned, Right.assign, tells=told(C, U)),
    "co_handle": Transition(WORKABLE, None, Right.co_handle, needs_reason=True, tells=told(U)),
    "co_answer": Transition(WORKABLE, None, Right.co_answer, tells=told(Told.holder)),
    "claim": Transition(frozenset({S.accepted, S.assigned, S.returned}), S.in_hand, Right.claim),
    "unclaim": Transition(frozenset({S.in_hand}), S.assigned, Right.claim, tells=told(U)),
    "take_over": Transition(frozenset({S.in_hand}), None, Right.claim, tells=told(Told.holder)),
    "return_to_assigner": Transition(frozenset({S.assigned, S.in_hand}), S.accepted, Right.claim, needs_reason=True, tells=told(F)),
    "edit": Transition(frozenset({S.in_hand}), None, Right.edit_draft),
    "submit": Transition(frozenset({S.in_hand}), S.awaiting_approval, Right.submit_draft, tells=told(Told.signatory), when=RUNNING),
    "send_back": Transition(frozenset({S.awaiting_approval}), S.returned, Right.send_back, needs_reason=True, tells=told(Told.holder)),
    "endorse": Transition(frozenset({S.awaiting_approval}), None, Right.endorse, tells=told(Told.signatory)),
    "bypass": Transition(frozenset({S.awaiting_approval}), None, Right.endorse, needs_reason=True, tells=told(Told.signatory)),
    "correct_and_sign": Transition(frozenset({S.awaiting_approval}), None, Right.correct_and_sign, tells=told(Told.holder)),
    "approve": Transition(frozenset({S.awaiting_approval}), None, Right.approve),
    "publish": Transition(frozenset({S.awaiting_approval}), S.answered, Who.system, clock=Clock.stops, tells=told(C)),
    "disclose": Transition(CORRECTABLE, None, Right.publish_disclosures),
    "close": Transition(frozenset({S.answered}), S.closed, Who.system),
    "archive": Transition(frozenset({S.closed}), S.archived, Who.system),
    "extend": Transition(
        WORKABLE | {S.awaiting_approval}, None, Right.extend, needs_reason=True, clock=Clock.extends, tells=told(C, U), when={"extended": False, **RUNNING}
    ),
    "pause": Transition(WORKABLE, None, Right.pause, needs_reason=True, clock=Clock.pauses, tells=told(C), when=RUNNING),
    "ask_correction": Transition(
        DRAFTABLE, None, Right.pause, needs_reason=True, clock=Clock.pauses, tells=told(C), when={"correction_asked": False, **RUNNING}
    ),
    "resume": Transition(DRAFTABLE, None, Right.pause, needs_reason=True, clock=Clock.resumes, tells=told(C, Told.holder), when=STANDING),
    "correct": Transition(DRAFTABLE, None, Who.citizen, clock=Clock.restarts, tells=told(U), when={"correction_awaited": True}),
    "supplement": Transition(OPEN, None, Who.citizen, tells=told(Told.holder, U), when={"correction_awaited": False}),
    "withdraw": Transition(OPEN, S.withdrawn, Who.citizen, clock=Clock.stops, tells=told(Told.holder, U)),
    "follow_up": Transition(ANSWERED, S.assigned, Who.citizen, clock=Clock.restarts, tells=told(U)),
    "reopen": Transition(
        ANSWERED, S.assigned, Who.system, needs_reason=True, clock=Clock.restarts, tells=told(C, U, Told.supervisor), when={"reopened": False}
    ),
    "rate": Transition(ANSWERED, None, Who.citizen),
    "consent": Transition(frozenset(S), None, Who.citizen),
    "change_contact": Transition(frozenset(S), None, Who.citizen),
    "set_notices": Transition(frozenset(S), None, Who.citizen),
    "erase_contact": Transition(frozenset(S), None, Who.citizen),
    "renew_code": Transition(frozenset(S), None, Right.renew_code, needs_reason=True, tells=told(C)),
    "retract": Transition(CORRECTABLE, S.assigned, Right.retract, needs_reason=True, clock=Clock.restarts, tells=told(C, U)),
    "revise": Transition(CORRECTABLE, S.assigned, Right.retract, needs_reason=True, clock=Clock.restarts, tells=told(U)),
    "supervise": Transition(OPEN, None, Right.supervise, needs_reason=True, tells=told(U, Told.holder, Told.supervisor)),
    "remind": Transition(OPEN, None, Right.remind, tells=told(U, Told.holder)),
    "propose_urgent": Transition(DRAFTABLE, None, Who.system, clock=Clock.recounts, tells=told(Told.duty, F), when={"urgent": False}),
    "mark_urgent": Transition(
        OPEN, None, Right.mark_urgent, needs_reason=True, clock=Clock.recounts, tells=told(Told.duty, F, U), when={"urgent_confirmed": False}
    ),
    "clear_urgent": Transition(OPEN, None, Right.mark_urgent, needs_reason=True, clock=Clock.recounts, when={"urgent": True}),
    "reroute": Transition(frozenset({S.received}), None, Who.system, tells=told(F)),
    "divert": Transition(DRAFTABLE - {S.received}, S.accepted, Who.system, needs_reason=True, tells=told(F)),
    "mark_accused": Transition(DRAFTABLE, None, Right.mark_accused),
    "clear_accused": Transition(DRAFTABLE, None, Right.mark_accused),
    "recount_term": Transition(OPEN, None, Who.system, clock=Clock.recounts, tells=told(C)),
    "let_through": Transition(OPEN, None, Right.hide, needs_reason=True),
    "reveal": Transition(frozenset(S), None, Right.reveal, needs_reason=True),
    "mask": Transition(OPEN, None, Right.mask),
    "unmask": Transition(OPEN, None, Right.mask),
    "release": Transition(frozenset({S.closed, S.archived}), None, Right.release_history),
    "slip": Transition(frozenset({S.received}), None, Right.take_down),
    "feedback": Transition(frozenset({S.answered, S.closed, S.archived, S.declined}), None, Right.keep_case_file),
    "case_note": Transition(frozenset(S), None, Right.keep_case_file),
    "case_file": Transition(frozenset(S), None, Right.keep_case_file),
    "overrule": Transition(frozenset({S.awaiting_approval}), None, Right.submit_draft, needs_reason=True),
    "paper": Transition(frozenset({S.awaiting_approval}), None, Right.keep_case_file, tells=told(Told.holder, Told.signer)),
}


def move(
    session: Session, inquiry: Inquiry, action: str, actor: Actor, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None, **changes: object
) -> Event:
    """Makes one move of an inquiry by the engine of ``moving``; ``changes`` are further columns."""
    return make_move(LIFE, session, inquiry, action, actor, at, reason, data, changes)


def check_actor(step: Transition[InquiryState], actor: Actor, inquiry: Inquiry) -> None:
    """NotAllowed unless the actor may make this move."""
    check_mover(step, actor, inquiry)


def check_state(step: Transition[InquiryState], inquiry: Inquiry) -> None:
    """Conflict, in words, unless the move starts from this state and its further conditions hold."""
    check_start(LIFE, step, inquiry)


def possible_now(step: Transition[InquiryState], inquiry: Inquiry) -> bool:
    """Whether the move could start from where the inquiry stands, whoever makes it."""
    return could_start(LIFE, step, inquiry)


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
    note(session, inquiry, event)
    return event


LIFE: Life[Inquiry, InquiryState] = Life(Inquiry, InquiryState, TRANSITIONS, CONDITIONS, lambda inquiry: Event.inquiry_id == inquiry.id, append, "留言")
