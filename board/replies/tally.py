"""How many items each lane holds: one grouped query over what is live, kept for a moment where it is dear."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Integer, Select, case, func, literal_column, select
from sqlalchemy.orm import Session

from board.inquiries.delicate import not_against
from board.models import AccusedParty, Event, Inquiry, InquiryState, OutboxRow, OutboxState, PartState, ReplyPart, Urgency
from board.replies.lanes import INQUIRY_TASKS, LANES, Lines, conditions, live
from board.staff.roles import Actor

S = InquiryState
#: a count that took longer than this (seconds) is kept for ten times as long; a quicker one is made again after every event
DEAR = 0.05
KEPT_TIMES = 10


@dataclass(frozen=True, slots=True)
class Group:
    """So many live items that are alike in everything that a lane asks for."""

    state: InquiryState
    unit_id: int
    claimed_by_id: int | None
    due: str
    age: int
    held: int
    urgent: int
    number: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was counted, up to which event, for which day, until when (seconds of the process's clock) it may be shown whatever happens."""

    groups: Sequence[Group]
    failed: int
    supervised: int
    asked: Mapping[int, frozenset[int]]
    accused: bool
    last_event: int
    lines: Lines
    until: float


kept_counts: WeakKeyDictionary[Engine | Connection, Kept] = WeakKeyDictionary()


def tally(session: Session, actor: Actor, lines: Lines) -> dict[str, int]:
    """How many items each lane but "done" holds for this member of staff."""
    found = counted(session, lines)
    counts = dict.fromkeys(LANES, 0) | {"failed": found.failed, "supervised": found.supervised, "joint": asked_of(found, actor)}
    for group in found.groups:
        for lane in lanes_of(group, actor) & counts.keys():
            counts[lane] += group.number
    for lane, number in (hidden_lanes(session, actor, lines) if found.accused else {}).items():
        counts[lane] -= number
    return counts


def hidden_lanes(session: Session, actor: Actor, lines: Lines) -> dict[str, int]:
    """How many items of each lane speak against this person or the own unit: they are not counted for them."""
    wanted = {lane: holds for lane, holds in conditions(actor, lines).items() if lane != "done"}
    row = session.execute(select(*(func.sum(case((holds, 1), else_=0)) for holds in wanted.values())).where(live, ~not_against(actor))).one()
    return {lane: int(number or 0) for lane, number in zip(wanted, row, strict=True)}


def counted(session: Session, lines: Lines) -> Kept:
    """The groups, counted anew when something happened since, unless that took long a moment ago."""
    place = session.get_bind()
    kept = kept_counts.get(place)
    last = session.scalar(select(func.max(Event.id))) or 0
    if kept is not None and kept.lines == lines and (kept.last_event == last or time.perf_counter() < kept.until):
        return kept
    began = time.perf_counter()
    groups = [Group(*row) for row in session.execute(grouped(lines))]
    failed = session.scalar(select(func.count()).where(OutboxRow.state == OutboxState.failed, OutboxRow.task.in_(INQUIRY_TASKS))) or 0
    supervised = session.scalar(select(func.count()).select_from(Inquiry).where(live, Inquiry.supervised_until.is_not(None))) or 0
    accused = session.scalar(select(AccusedParty.id).limit(1)) is not None
    took = time.perf_counter() - began
    kept_counts[place] = Kept(groups, failed, supervised, asked_parts(session), accused, last, lines, time.perf_counter() + (KEPT_TIMES * took if took > DEAR else 0))
    return kept_counts[place]


def asked_parts(session: Session) -> dict[int, frozenset[int]]:
    """The live inquiries of which each unit is asked for a part."""
    asked = select(ReplyPart.unit_id, ReplyPart.inquiry_id).join(Inquiry, Inquiry.id == ReplyPart.inquiry_id).where(ReplyPart.state == PartState.asked, live)
    found: dict[int, set[int]] = {}
    for unit_id, inquiry_id in session.execute(asked):
        found.setdefault(unit_id, set()).add(inquiry_id)
    return {unit_id: frozenset(keys) for unit_id, keys in found.items()}


def asked_of(found: Kept, actor: Actor) -> int:
    """How many inquiries wait for a part of the actor's units."""
    return len(frozenset().union(*(found.asked.get(unit, frozenset()) for unit in actor.unit_ids)))


def grouped(lines: Lines) -> Select[InquiryState, int, int | None, str, int, int, int, int]:
    """The one query."""
    due = case((Inquiry.due_on.is_(None), "paused"), (Inquiry.due_on < lines.today, "overdue"), (Inquiry.due_on == lines.today, "today"),
               (Inquiry.due_on <= lines.soon, "soon"), else_="later")  # fmt: skip
    age = case((Inquiry.received_at < lines.fail, 3), (Inquiry.received_at < lines.escalate, 2), (Inquiry.received_at < lines.warn, 1), else_=0)
    held = case((Inquiry.held_reason != "", 1), else_=0)
    urgent = case((Inquiry.urgency != Urgency.ordinary, 1), else_=0)
    keys = [literal_column(str(place), Integer) for place in range(1, 8)]
    return select(Inquiry.state, Inquiry.unit_id, Inquiry.claimed_by_id, due, age, held, urgent, func.count()).where(live).group_by(*keys)


def lanes_of(group: Group, actor: Actor) -> set[str]:
    """The lanes that a group stands in for this person: the rules of board.replies.lanes.conditions (a test holds the two together)."""
    mine = {
        "mine": group.claimed_by_id in {actor.account_id or 0, *actor.stands_in}, "unit": group.unit_id in actor.unit_ids, "received": group.state == S.received,
        "unassigned": group.claimed_by_id is None and group.state in {S.received, S.accepted, S.assigned},
        "approval": group.state == S.awaiting_approval, "returned": group.state == S.returned, "held": group.held == 1, "urgent": group.urgent == 1,
        "warn": group.age >= 1, "escalate": group.age >= 2, "fail": group.age == 3,
    }  # fmt: skip
    return {"all", group.due, *(lane for lane, holds in mine.items() if holds)}
