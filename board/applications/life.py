"""The life of an application (依申请公开) as one table of moves, run by the engine of inquiries; its events are a sealed chain of their own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from board.inquiries.conditions import Condition
from board.inquiries.life_pictures import Pictured
from board.inquiries.moving import Clock, Life, Told, Transition, Who, could_start, make_move, told
from board.models import Application, ApplicationState, Event
from board.staff.roles import Actor, Right, may

S = ApplicationState
WAITING = frozenset({S.awaiting_correction, S.hearing, S.awaiting_fee})
WORKED = frozenset({S.in_hand}) | WAITING
OPEN = WORKED | {S.submitted, S.awaiting_signature}
RUNNING = {"paused": False}
C, U, H = Told.citizen, Told.unit, Told.holder
F = Told.front_office

CONDITIONS: Mapping[str, Condition] = {
    "paused": Condition(lambda a: a.paused_at is not None, "答复期限正在暂停计算，请先登记收到的结果。", "答复期限没有暂停。"),
    "correction_asked": Condition(lambda a: a.correction_asked, "补正只能要求一次，已经要求过。", "没有要求过补正。"),
    "extended": Condition(lambda a: a.extended, "已经延期一次，不能再次延期。", "没有延期。"),
}

TRANSITIONS: Mapping[str, Transition[S]] = {
    "submit": Transition(frozenset(), S.submitted, Who.citizen, tells=told(F)),
    "take_down": Transition(frozenset(), S.submitted, Right.register_case, tells=told(F)),
    "register": Transition(frozenset(), S.in_hand, Right.register_case, clock=Clock.starts, tells=told(F)),
    "confirm": Transition(frozenset({S.submitted}), S.in_hand, Right.handle_application, clock=Clock.starts, tells=told(C)),
    "set_aside": Transition(frozenset({S.submitted}), S.void, Right.assign, needs_reason=True, tells=told(C)),
    "retract": Transition(frozenset({S.submitted}), S.withdrawn, Who.citizen),
    "claim": Transition(WORKED, None, Right.handle_application),
    "pass_on": Transition(WORKED, None, Right.assign, tells=told(U)),
    "call_for_correction": Transition(
        frozenset({S.in_hand}), S.awaiting_correction, Right.handle_application, needs_reason=True, clock=Clock.pauses, tells=told(C),
        when={"correction_asked": False, **RUNNING},
    ),
    "corrected": Transition(frozenset({S.awaiting_correction}), S.in_hand, Who.citizen, clock=Clock.restarts, tells=told(H, U)),
    "take_correction": Transition(frozenset({S.awaiting_correction}), S.in_hand, Right.handle_application, clock=Clock.restarts, tells=told(C)),
    "hear": Transition(frozenset({S.in_hand}), S.hearing, Right.handle_application, needs_reason=True, clock=Clock.pauses, tells=told(C), when=RUNNING),
    "heard": Transition(frozenset({S.hearing}), S.in_hand, Right.handle_application, needs_reason=True, clock=Clock.resumes, tells=told(C)),
    "ask_fee": Transition(frozenset({S.in_hand}), S.awaiting_fee, Right.handle_application, clock=Clock.pauses, tells=told(C), when=RUNNING),
    "fee_paid": Transition(frozenset({S.awaiting_fee}), S.in_hand, Right.handle_application, clock=Clock.resumes, tells=told(C)),
    "extend": Transition(
        frozenset({S.in_hand, S.awaiting_signature}), None, Right.extend, needs_reason=True, clock=Clock.extends, tells=told(C),
        when={"extended": False, **RUNNING},
    ),
    "propose": Transition(
        frozenset({S.in_hand, S.awaiting_correction, S.awaiting_fee}), S.awaiting_signature, Right.handle_application, tells=told(Told.signatory)
    ),
    "send_back": Transition(frozenset({S.awaiting_signature}), None, Right.sign_application, needs_reason=True, tells=told(H), undoes="propose"),
    "sign": Transition(frozenset({S.awaiting_signature}), S.concluded, Right.sign_application, clock=Clock.stops, tells=told(C, H)),
    "give_up": Transition(WORKED | {S.awaiting_signature}, S.concluded, Who.citizen, clock=Clock.stops, tells=told(H, U)),
    "record_withdrawal": Transition(
        WORKED | {S.awaiting_signature}, S.concluded, Right.handle_application, needs_reason=True, clock=Clock.stops, tells=told(C)
    ),
    "deliver": Transition(frozenset({S.concluded}), None, Right.handle_application),
    "reveal": Transition(frozenset(S), None, Right.reveal_applicant, needs_reason=True),
}  # fmt: skip


def chain(application: Application) -> str:
    """The name of the chain of an application's events."""
    return f"application:{application.id}"


def of_application(application: Application) -> ColumnElement[bool]:
    """Which events are this application's."""
    return and_(Event.inquiry_id.is_(None), Event.chain == chain(application))


def append(
    session: Session, application: Application, action: str, actor: str, at: datetime, before: str, reason: str = "", data: Mapping[str, Any] | None = None
) -> Event:
    """Writes the event of a move just made; sequence and hashes are set when the chain is closed, before the flush."""
    event = Event(
        inquiry_id=None, chain=chain(application), sequence=0, action=action, actor=actor, at=at, from_state=before, to_state=application.state,
        reason=reason.strip()[:500], data=dict(data or {}), previous_hash="", hash="",
    )  # fmt: skip
    session.add(event)
    session.flush()
    return event


LIFE: Life[Application, ApplicationState] = Life(Application, ApplicationState, TRANSITIONS, CONDITIONS, of_application, append, "申请")
PICTURED = Pictured(
    TRANSITIONS, tuple(ApplicationState), OPEN, "application_state", "application_action", "The life of an application (依申请公开)",
    "huiying lifecycle --of applications --format markdown > board/applications/LIFECYCLE.md", "life.py",
)  # fmt: skip


def move(
    session: Session, application: Application, action: str, actor: Actor, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None,
    **changes: object,
) -> Event:  # fmt: skip
    """Makes one move of an application by the engine of ``board.inquiries.moving``; ``changes`` are further columns."""
    return make_move(LIFE, session, application, action, actor, at, reason, data, changes)


def events_of(session: Session, application: Application) -> Sequence[Event]:
    """All events of an application, oldest first."""
    return session.scalars(select(Event).where(of_application(application)).order_by(Event.sequence)).all()


def steps_for(actor: Actor, application: Application) -> frozenset[str]:
    """The moves that this member of staff could make now."""
    return frozenset(
        name for name, step in TRANSITIONS.items() if isinstance(step.by, Right) and may(actor, step.by, application) and could_start(LIFE, step, application)
    )
