"""The engine of every life that is kept as one table of moves: right, state, conditions, compare-and-set, sealed event. Inquiries and applications use it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Mapped, Session

from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries.conditions import Condition
from board.models import Event
from board.staff.roles import CITIZEN, SYSTEM, Actor, Held, Right, require


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
    """Who learns of a move: the citizen (on the tracking page), the unit in charge, who holds it, distributes, signs next, supervises, is on duty; the one
    in whose name a signature was recorded.
    """

    citizen = "citizen"
    unit = "unit"
    holder = "holder"
    front_office = "front_office"
    signatory = "signatory"
    supervisor = "supervisor"
    duty = "duty"
    signer = "signer"


#: with one of these effects a move must say which day the term now ends on
DATED = frozenset({Clock.resumes, Clock.extends, Clock.restarts, Clock.recounts})

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[State]):
    """One move: from which states, to which (None: stays), who may, whether a reason must be given, under which further conditions.

    ``clock`` is what it does to the term, ``tells`` whom it notifies; ``undoes`` names the move whose starting state comes back.
    """

    sources: frozenset[State]
    target: State | None
    by: Right | Who
    needs_reason: bool = False
    clock: Clock = Clock.none
    tells: frozenset[Told] = frozenset()
    when: Mapping[str, bool] = field(default_factory=dict)
    undoes: str = ""


def told(*who: Told) -> frozenset[Told]:
    """Shorthand of the tables of moves."""
    return frozenset(who)


class Living(Held, Protocol):
    """What the engine needs of a row: an id, a state by name, a version that rises with every event."""

    id: Any
    state: Any
    version: Any


Row = TypeVar("Row", bound=Living)


@dataclass(frozen=True, slots=True)
class Life(Generic[Row, State]):
    """One kind of case: its table, states, moves and conditions, which events are a row's, how a new one is written, and how people call it."""

    table: type[Row]
    states: type[State]
    moves: Mapping[str, Transition[State]]
    conditions: Mapping[str, Condition]
    events: Callable[[Row], ColumnElement[bool]]
    append: Callable[[Session, Row, str, str, datetime, str, str, Mapping[str, Any] | None], Event]
    noun: str


def make_move(
    life: Life[Row, State], session: Session, row: Row, action: str, actor: Actor, at: datetime, reason: str, data: Mapping[str, Any] | None,
    changes: Mapping[str, object],
) -> Event:  # fmt: skip
    """Makes one move: checks the right and the state, then compare-and-set on (id, state, version); ``changes`` are further columns.

    NotAllowed without the right, InvalidInput without a needed reason, Conflict when the row has moved on.
    """
    step = life.moves[action]
    check_mover(step, actor, row)
    if step.needs_reason and not reason.strip():
        raise InvalidInput("请填写理由。", "reason")
    check_start(life, step, row)
    before, version = row.state, row.version
    table: Any = life.table
    identity: tuple[Mapped[Any], ...] = (table.id, table.state, table.version)
    changed = session.execute(
        update(table)
        .where(*(column == value for column, value in zip(identity, (row.id, before, version), strict=True)))
        .values(state=leads_to(life, session, step, row), version=version + 1, **clock_changes(step, at, changes))
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Conflict(f"该{life.noun}刚刚被他人处理，您的操作没有执行。请刷新页面后再看。")
    session.refresh(row)
    return life.append(session, row, action, actor.name, at, before, reason, data)


def check_mover(step: Transition[State], actor: Actor, row: Held) -> None:
    """NotAllowed unless the actor may make this move."""
    if isinstance(step.by, Right):
        require(actor, step.by, row)
    elif actor != {Who.citizen: CITIZEN, Who.system: SYSTEM}[step.by]:
        raise NotAllowed("这一步只能由系统或网民本人进行。")


def check_start(life: Life[Row, State], step: Transition[State], row: Row) -> None:
    """Conflict, in words, unless the move starts from this state and its further conditions hold."""
    if row.state not in step.sources:
        raise Conflict(f"该{life.noun}的状态已经变化，此操作不能进行。请刷新页面后再看。")
    for name, wanted in step.when.items():
        if life.conditions[name].holds(row) != wanted:
            raise Conflict(life.conditions[name].refusal(wanted))


def could_start(life: Life[Row, State], step: Transition[State], row: Row) -> bool:
    """Whether the move could start from where the row stands, whoever makes it."""
    return row.state in step.sources and all(life.conditions[name].holds(row) == wanted for name, wanted in step.when.items())


def leads_to(life: Life[Row, State], session: Session, step: Transition[State], row: Row) -> State:
    """Where the move leads: its target, the state that it undoes, or where the row is."""
    if step.undoes:
        undone = select(Event.from_state).where(life.events(row), Event.action == step.undoes).order_by(Event.sequence.desc()).limit(1)
        return life.states(session.scalars(undone).one())
    return step.target or life.states(row.state)


def clock_changes(step: Transition[State], at: datetime, changes: Mapping[str, object]) -> dict[str, object]:
    """The columns that the move changes, those of the clock included; a ValueError when it should name a due day and does not."""
    if step.clock in DATED and "due_on" not in changes:
        raise ValueError("this move must say when the term ends")
    clock: dict[str, object] = {}
    if step.clock is Clock.pauses:
        clock = {"paused_at": at, "due_on": None, "due_provisional": False}
    elif step.clock in {Clock.resumes, Clock.restarts}:
        clock = {"paused_at": None}
    return {**clock, **changes}
