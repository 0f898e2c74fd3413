"""The life of an inquiry as one table of moves, each a compare-and-set with an event (DOMAIN 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries.conditions import CONDITIONS
from board.inquiries.events import chained, last_hash
from board.models import Event, Inquiry, InquiryState
from board.staff.roles import CITIZEN, SYSTEM, Actor, Right, require

S = InquiryState
OPEN = frozenset({S.received, S.accepted, S.assigned, S.in_hand, S.returned, S.awaiting_approval})
WORKABLE = frozenset({S.accepted, S.assigned, S.in_hand, S.returned})
DRAFTABLE = frozenset({S.received}) | WORKABLE
ANSWERED = frozenset({S.answered, S.closed})
FINISHED = frozenset(S) - OPEN - {S.answered}


class Who(StrEnum):
    """Moves that no member of staff makes."""

    citizen = "citizen"
    system = "system"


class Clock(StrEnum):
    """What a move does to the term: nothing; it begins, stands still, runs on, is lengthened, begins anew, ends, or gets another limit."""

    none = "none"
    starts = "starts"
    pauses = "pauses"
    resumes = "resumes"
    extends = "extends"
    restarts = "restarts"
    stops = "stops"
    recounts = "recounts"


class Told(StrEnum):
    """Who learns of a move: the citizen (on the tracking page), the unit in charge, who holds it, distributes, signs, supervises, is on duty."""

    citizen = "citizen"
    unit = "unit"
    holder = "holder"
    front_office = "front_office"
    signatory = "signatory"
    supervisor = "supervisor"
    duty = "duty"


#: with one of these effects a move must say which day the term now ends on
DATED = frozenset({Clock.resumes, Clock.extends, Clock.restarts, Clock.recounts})


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: from which states, to which (None: stays), who may, whether a reason must be given, under which further conditions.

    ``clock`` is what it does to the term, ``tells`` whom it notifies; ``undoes`` names the move whose starting state comes back.
    """

    sources: frozenset[InquiryState]
    target: InquiryState | None
    by: Right | Who
    needs_reason: bool = False
    clock: Clock = Clock.none
    tells: frozenset[Told] = frozenset()
    when: Mapping[str, bool] = field(default_factory=dict)
    undoes: str = ""


def told(*who: Told) -> frozenset[Told]:
    """Shorthand of the table below."""
    return frozenset(who)


RUNNING, STANDING = {"paused": False}, {"paused": True}
C, U, F = Told.citizen, Told.unit, Told.front_office

TRANSITIONS: Mapping[str, Transition] = {
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
    "disclose": Transition(ANSWERED, None, Right.publish_disclosures),
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
    "erase_contact": Transition(frozenset(S), None, Who.citizen),
    "renew_code": Transition(frozenset(S), None, Right.renew_code, needs_reason=True, tells=told(C)),
    "retract": Transition(ANSWERED, S.assigned, Right.retract, needs_reason=True, clock=Clock.restarts, tells=told(C, U)),
    "revise": Transition(ANSWERED, S.assigned, Right.retract, needs_reason=True, clock=Clock.restarts, tells=told(U)),
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
    "recount_term": Transition(OPEN, None, Who.system, clock=Clock.recounts, tells=told(C)),
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
    "overrule": Transition(frozenset({S.awaiting_approval}), None, Right.submit_draft, needs_reason=True),
    "paper": Transition(frozenset({S.awaiting_approval}), None, Right.keep_case_file),
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
    check_state(step, inquiry)
    before, version = inquiry.state, inquiry.version
    changed = session.execute(
        update(Inquiry)
        .where(Inquiry.id == inquiry.id, Inquiry.state == before, Inquiry.version == version)
        .values(state=target_of(session, step, inquiry), version=version + 1, **clock_changes(step, at, changes))
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


def check_state(step: Transition, inquiry: Inquiry) -> None:
    """Conflict, in words, unless the move starts from this state and its further conditions hold."""
    if inquiry.state not in step.sources:
        raise Conflict("该留言的状态已经变化，此操作不能进行。请刷新页面后再看。")
    for name, wanted in step.when.items():
        if CONDITIONS[name].holds(inquiry) != wanted:
            raise Conflict(CONDITIONS[name].refusal(wanted))


def possible_now(step: Transition, inquiry: Inquiry) -> bool:
    """Whether the move could start from where the inquiry stands, whoever makes it."""
    return inquiry.state in step.sources and all(CONDITIONS[name].holds(inquiry) == wanted for name, wanted in step.when.items())


def target_of(session: Session, step: Transition, inquiry: Inquiry) -> InquiryState:
    """Where the move leads: its target, the state that it undoes, or where the inquiry is."""
    if step.undoes:
        undone = select(Event.from_state).where(Event.inquiry_id == inquiry.id, Event.action == step.undoes).order_by(Event.sequence.desc()).limit(1)
        return InquiryState(session.scalars(undone).one())
    return step.target or inquiry.state


def clock_changes(step: Transition, at: datetime, changes: Mapping[str, object]) -> dict[str, object]:
    """The columns that the move changes, those of the clock included; a ValueError when it should name a due day and does not."""
    if step.clock in DATED and "due_on" not in changes:
        raise ValueError("this move must say when the term ends")
    clock: dict[str, object] = {}
    if step.clock is Clock.pauses:
        clock = {"paused_at": at, "due_on": None, "due_provisional": False}
    elif step.clock in {Clock.resumes, Clock.restarts}:
        clock = {"paused_at": None}
    return {**clock, **changes}


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
