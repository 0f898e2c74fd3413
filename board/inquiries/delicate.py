"""Complaints and reports: whom they speak against is marked, never handles them, and is never named in public (DOMAIN 4)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotAllowed
from board.inquiries.lifecycle import move
from board.models import Account, AccusedParty, Inquiry, InquiryState, Unit
from board.staff.roles import SYSTEM, Actor
from board.staff.units import root_unit, subtree_ids

NAMES_MOST, NAME_MOST = 20, 100


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


def refuse_accused_unit(session: Session, inquiry: Inquiry, unit_id: int) -> None:
    """InvalidInput when the unit is one that the complaint speaks against."""
    if unit_id in accused_units(session, inquiry):
        raise InvalidInput("这是被投诉（举报）的单位，不能交由其办理。", "unit")


def refuse_accused_person(session: Session, inquiry: Inquiry, actor: Actor) -> None:
    """NotAllowed when the person works in an accused unit, or is named."""
    if actor.account_id is None:
        return
    if speaks_against(session, inquiry, session.get_one(Account, actor.account_id)):
        raise NotAllowed("这条留言反映您或您所在的单位，须由他人办理。")


def speaks_against(session: Session, inquiry: Inquiry, person: Account) -> bool:
    """Whether the person is named, or works in an accused unit."""
    named = select(AccusedParty.id).where(AccusedParty.inquiry_id == inquiry.id, AccusedParty.name == person.display_name)
    return session.scalar(named) is not None or person.unit_id in accused_units(session, inquiry)
