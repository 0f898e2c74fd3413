"""The tree of units: finding one, the whole below it, and which counted body it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotConfigured
from board.models import Account, Unit

ROOT_CODE = "bureau"


def root_unit(session: Session) -> Unit:
    """The office itself; NotConfigured before ``huiying init``."""
    unit = session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))
    if unit is None:
        raise NotConfigured("数据库还没有初始化，请先运行 huiying init。")
    return unit


def signature_line(session: Session, unit: Unit) -> str:
    """How a reply is signed: the unit's own line, else the office's, else the office's full name."""
    root = root_unit(session)
    return unit.signature or root.signature or root.name


@dataclass(frozen=True, slots=True)
class Identity:
    """The office as every page names it; ``sample`` when it is the invented bureau (样例)."""

    name: str
    short_name: str
    sample: bool


def identity(session: Session) -> Identity:
    """The office's name and whether this is the sample; NotConfigured before ``huiying init``."""
    root = root_unit(session)
    return Identity(root.name, root.short_name, session.scalar(select(Account.id).where(Account.sample).limit(1)) is not None)


def find_unit(session: Session, name: str) -> Unit | None:
    """The unit with this code, name or short name (codes first)."""
    found = session.scalars(select(Unit).where(or_(Unit.code == name, Unit.name == name, Unit.short_name == name)).order_by(Unit.id)).all()
    return next((unit for unit in found if unit.code == name), found[0] if found else None)


def require_unit(session: Session, name: str) -> Unit:
    """As ``find_unit``; InvalidInput that lists the known units when there is none."""
    unit = find_unit(session, name)
    if unit is None:
        known = "、".join(u.short_name for u in session.scalars(select(Unit).order_by(Unit.id).limit(40)))
        raise InvalidInput(f"没有名为“{name[:40]}”的单位。已有单位：{known}。", "unit")
    return unit


def subtree_ids(session: Session, unit_id: int) -> frozenset[int]:
    """The unit and all below it."""
    return below(session.scalars(select(Unit)).all(), unit_id)


def place_of_unit(session: Session, unit_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """(the unit and all below it, the unit and all above it), in one query."""
    units = session.scalars(select(Unit)).all()
    parents, above, at = {unit.id: unit.parent_id for unit in units}, set[int](), unit_id
    while at not in above:
        above.add(at)
        at = parents.get(at) or at
    return below(units, unit_id), frozenset(above)


def below(units: Sequence[Unit], unit_id: int) -> frozenset[int]:
    """The unit and all below it, among these units."""
    children = children_of(units)
    found, waiting = {unit_id}, [unit_id]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def children_of(units: Sequence[Unit]) -> Mapping[int, list[int]]:
    """Ids of the direct children, by parent."""
    result: dict[int, list[int]] = {}
    for unit in units:
        if unit.parent_id is not None:
            result.setdefault(unit.parent_id, []).append(unit.id)
    return result


def counted_body(unit: Unit) -> Unit:
    """The body under whose name the unit's items are counted: the nearest subordinate body above it, else the office."""
    while not unit.subordinate and unit.parent is not None:
        unit = unit.parent
    return unit
