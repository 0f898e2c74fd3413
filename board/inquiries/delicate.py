"""Complaints and reports: whom they speak against is marked, never handles them, and is never named in public (DOMAIN 4)."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput, NotAllowed, NotFound
from board.inquiries.lifecycle import DRAFTABLE, move
from board.inquiries.public_text import whole_question
from board.models import Account, AccusedParty, Event, Inquiry, InquiryKind, InquiryState, Unit
from board.staff.roles import SYSTEM, Actor, Right, require
from board.staff.units import root_unit, subtree_ids
from responder.text import plain

NAMES_MOST, NAME_MOST = 20, 100
#: shorter names, and shorter rests of a full name, are too much like other words
NAME_LEAST, BARE_LEAST = 2, 4
COMPLAINING = frozenset({InquiryKind.complaint, InquiryKind.report})


def mark_accused(session: Session, actor: Actor, inquiry: Inquiry, unit: Unit | None, names: str, at: datetime) -> None:
    """Adds an accused unit, and persons and firms (one a line); the event holds the unit and a number, no names."""
    wanted = checked_names(names)
    known = session.scalars(select(AccusedParty).where(AccusedParty.inquiry_id == inquiry.id)).all()
    fresh = [name for name in wanted if name not in {party.name for party in known}]
    new_unit = unit is not None and unit.id not in {party.unit_id for party in known}
    if unit is not None and unit.parent_id is None:
        raise InvalidInput("反映本机关整体的，请移送上级机关或纪检监察机关。", "unit")
    if not fresh and not new_unit:
        raise InvalidInput("请选择被投诉的单位，或写下个人、企业的名称；已经标记过的不必再标。", "names")
    move(session, inquiry, "mark_accused", actor, at, data={"unit": unit.id if unit and new_unit else None, "names": len(fresh)})
    session.add_all(AccusedParty(inquiry_id=inquiry.id, name=name) for name in fresh)
    if unit is not None and new_unit:
        session.add(AccusedParty(inquiry_id=inquiry.id, unit_id=unit.id))
    session.flush()
    session.expire(inquiry, ["accused"])
    divert(session, inquiry, at)


def divert(session: Session, inquiry: Inquiry, at: datetime) -> None:
    """Takes the item out of the hands of an accused unit or person: the front office distributes it anew."""
    holder = session.get(Account, inquiry.claimed_by_id) if inquiry.claimed_by_id else None
    if inquiry.unit_id not in accused_units(session, inquiry) and not (holder and speaks_against(session, inquiry, holder)):
        return
    home = root_unit(session).id
    if inquiry.state == InquiryState.received:
        move(session, inquiry, "reroute", SYSTEM, at, data={"unit": home, "from_unit": inquiry.unit_id}, unit_id=home)
    else:
        data = {"unit": home, "from_unit": inquiry.unit_id}
        move(session, inquiry, "divert", SYSTEM, at, "留言反映原承办单位或承办人", data, unit_id=home, claimed_by_id=None)


def checked_names(given: str) -> list[str]:
    """Names, one a line, without repetition; InvalidInput for too many, too long, or a single letter that would blot out half a text."""
    names = list(dict.fromkeys(" ".join(line.replace("\0", "").split()) for line in given.splitlines()))
    names = [name for name in names if name]
    if len(names) > NAMES_MOST or any(not 2 <= len(name) <= NAME_MOST for name in names):
        raise InvalidInput(f"最多 {NAMES_MOST} 个名称，每行一个，每个 2 到 {NAME_MOST} 个字。", "names")
    return names


def accused_units(session: Session, inquiry: Inquiry) -> frozenset[int]:
    """The accused units and all below them."""
    accused = session.scalars(select(AccusedParty.unit_id).where(AccusedParty.inquiry_id == inquiry.id, AccusedParty.unit_id.is_not(None))).all()
    return frozenset().union(*(subtree_ids(session, unit_id) for unit_id in accused if unit_id is not None))


def not_against(actor: Actor) -> ColumnElement[bool]:
    """Inquiries that speak neither against the person nor against the own unit or one above it: only these are found, listed, counted and told."""
    if actor.account_id is None:
        return true()
    against = or_(AccusedParty.unit_id.in_(sorted(actor.home)), AccusedParty.name == actor.known_as)
    return Inquiry.id.not_in(select(AccusedParty.inquiry_id).where(against))


def hidden_numbers(session: Session, actor: Actor) -> frozenset[str]:
    """Numbers of the inquiries that this person does not see, for lists of figures."""
    return frozenset(session.scalars(select(Inquiry.number).where(~not_against(actor)))) if actor.account_id is not None else frozenset()


def refuse_accused_unit(session: Session, inquiry: Inquiry, unit_id: int) -> None:
    """InvalidInput when the unit is one that the complaint speaks against, or one that it names while nobody has said what that means."""
    if unit_id in accused_units(session, inquiry):
        raise InvalidInput("这是被投诉（举报）的单位，不能交由其办理。", "unit")
    if unit_id in suspected_units(session, inquiry):
        raise InvalidInput("留言点名了这个单位，请先在页面上确认或排除“被反映单位”，再转办。", "unit")


def refuse_accused_person(session: Session, inquiry: Inquiry, actor: Actor) -> None:
    """NotFound when the person works in an accused unit, or is named: whom a complaint speaks against does not learn that there is one."""
    if actor.account_id is None:
        return
    if speaks_against(session, inquiry, session.get_one(Account, actor.account_id)):
        raise NotFound("没有这条留言。")


def proposed_units(session: Session, inquiry: Inquiry) -> list[Unit]:
    """Own units that a complaint or report names (full or short name) and nobody has decided about yet: perhaps the ones it speaks against."""
    if inquiry.kind not in COMPLAINING or inquiry.state not in DRAFTABLE:
        return []
    units = session.scalars(select(Unit).order_by(Unit.id)).all()
    named = named_units(whole_question(inquiry), inquiry.title, units)
    if not named:
        return []
    marked = set(session.scalars(select(AccusedParty.unit_id).where(AccusedParty.inquiry_id == inquiry.id)))
    cleared = select(Event).where(Event.inquiry_id == inquiry.id, Event.action == "clear_accused")
    marked |= {event.data.get("unit") for event in session.scalars(cleared)}
    return [unit for unit in named if unit.id not in marked]


def named_units(text: str, title: str, units: Sequence[Unit]) -> list[Unit]:
    """The units below the office whose names stand in the text, longest names first so that a name inside another one's does not count."""
    said, root = plain(f"{title}\n{text}"), next((unit for unit in units if unit.parent_id is None), None)
    names = [(name, unit) for unit in units for name in names_of(unit, root)]
    found = []
    for name, unit in sorted(names, key=lambda pair: -len(pair[0])):
        if name in said:
            said = said.replace(name, "\n")
            if unit.parent_id is not None and unit not in found:
                found.append(unit)
    return sorted(found, key=lambda unit: unit.id)


def names_of(unit: Unit, root: Unit | None) -> set[str]:
    """How a citizen writes a unit: full name, short name, and the full name without the place that the office's own name begins with."""
    pairs = zip(unit.name, root.name, strict=False) if root is not None and unit is not root else ()
    bare = unit.name[sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) :]
    names = {plain(unit.name), plain(unit.short_name), plain(bare) if len(bare) >= BARE_LEAST else ""}
    return {name for name in names if len(name) >= NAME_LEAST}


def suspected_units(session: Session, inquiry: Inquiry) -> frozenset[int]:
    """The proposed units and all below them."""
    return frozenset[int]().union(*(subtree_ids(session, unit.id) for unit in proposed_units(session, inquiry)))


def clear_accused(session: Session, actor: Actor, inquiry: Inquiry, unit: Unit | None, at: datetime) -> None:
    """不是被反映单位: a person read the complaint; NotAllowed for somebody of the unit itself, Conflict when it is not proposed (any more)."""
    require(actor, Right.mark_accused, inquiry)
    proposed = {one.id for one in proposed_units(session, inquiry)}
    if unit is None or unit.id not in proposed:
        raise Conflict("这个单位没有待确认的提示，可能已由他人处理。")
    if unit.id in actor.home:
        raise NotAllowed("留言点名的是您所在的单位，须由其他单位的人员确认。")
    move(session, inquiry, "clear_accused", actor, at, data={"unit": unit.id})


def speaks_against(session: Session, inquiry: Inquiry, person: Account) -> bool:
    """Whether the person is named, or works in an accused unit."""
    named = select(AccusedParty.id).where(AccusedParty.inquiry_id == inquiry.id, AccusedParty.name == person.display_name)
    return session.scalar(named) is not None or person.unit_id in accused_units(session, inquiry)
