"""Which unit answers and what the message is about: learned from answered inquiries once there are enough, before that by the words of
config/taxonomy.toml; what is not sure goes to the front office.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import Event, RouterVersion, Unit
from responder.router import Router, unpacked
from responder.text import plain


@dataclass(frozen=True, slots=True)
class Route:
    """Subject and code of the unit ("" for the front office). ``by`` is learned, rules, not_sure (two units are near: ``near``) or unknown."""

    subject: str
    unit: str
    by: str
    version: int = 0
    near: tuple[str, ...] = ()

    @property
    def data(self) -> dict[str, Any]:
        """What the event of the draft keeps of it."""
        return {"by": self.by, "version": self.version, "near": list(self.near)}


@dataclass(frozen=True, slots=True)
class Learned:
    """The learned routing in use: the number of its version, the units' model, and the subjects' (None without one)."""

    version: int
    units: Router
    subjects: Router | None


def routed(session: Session, taxonomy: Mapping[str, Any], title: str, text: str) -> Route:
    """Where a message goes."""
    learned = in_use(session)
    return by_rules(taxonomy, title, text) if learned is None else by_learning(learned, taxonomy, title, text)


@dataclass(frozen=True, slots=True)
class RouteShown:
    """Why an item went where it is: a key of the labels' table "route", and the short names of the units that were near."""

    by: str
    version: int
    near: tuple[str, ...]


def route_shown(session: Session, inquiry_id: int) -> RouteShown | None:
    """What the newest draft says about the routing; None before there is one."""
    newest = select(Event.data).where(Event.inquiry_id == inquiry_id, Event.action == "draft").order_by(Event.sequence.desc()).limit(1)
    said = (session.scalar(newest) or {}).get("route")
    if not said:
        return None
    names = {row.code: row.short_name for row in session.execute(select(Unit.code, Unit.short_name).where(Unit.code.in_(said["near"])))}
    return RouteShown(said["by"], int(said["version"]), tuple(names[code] for code in said["near"] if code in names))


def in_use(session: Session) -> Learned | None:
    """The version in use, unpacked once a process; None before there is one."""
    found = session.execute(select(RouterVersion.id, RouterVersion.digest).where(RouterVersion.in_use)).one_or_none()
    if found is None:
        return None
    known = KEPT.get(found.digest)
    if known is None:
        content, subjects = session.execute(select(RouterVersion.content, RouterVersion.subjects).where(RouterVersion.id == found.id)).one()
        KEPT.clear()
        known = KEPT[found.digest] = (unpacked(content), unpacked(subjects) if subjects else None)
    return Learned(found.id, *known)


#: digest -> models; only the newest is kept
KEPT: dict[str, tuple[Router, Router | None]] = {}


def by_learning(learned: Learned, taxonomy: Mapping[str, Any], title: str, text: str) -> Route:
    """The learned choice: a unit when it is sure, else the front office with the units that are near."""
    choice = learned.units.choose(title, text)
    if not choice.label:
        return Route("", "", "unknown", learned.version)
    if not choice.sure:
        return Route("", "", "not_sure", learned.version, tuple(code for code in (choice.label, choice.second) if code))
    among = subjects_of(taxonomy, choice.label)
    subject = learned.subjects.choose(title, text, among).label if learned.subjects is not None else ""
    return Route(subject or best_subject(taxonomy, title, text, among), choice.label, "learned", learned.version)


def by_rules(taxonomy: Mapping[str, Any], title: str, text: str) -> Route:
    """The subject whose words the message names most; the front office when no subject's words occur or two are equal."""
    scored = weighed(taxonomy, title, text)
    if not scored or scored[0][0] == 0:
        return Route("", "", "unknown")
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return Route("", "", "not_sure", near=tuple(dict.fromkeys((scored[0][2], scored[1][2]))))
    return Route(scored[0][1], scored[0][2], "rules")


def subjects_of(taxonomy: Mapping[str, Any], unit: str) -> frozenset[str]:
    """The subjects of a unit."""
    return frozenset(str(subject["name"]) for subject in taxonomy.get("subjects", ()) if subject["unit"] == unit)


def best_subject(taxonomy: Mapping[str, Any], title: str, text: str, among: frozenset[str]) -> str:
    """The one of these subjects whose words the message names most; "" when it names none."""
    return next((name for score, name, _ in weighed(taxonomy, title, text) if score and name in among), "")


def weighed(taxonomy: Mapping[str, Any], title: str, text: str) -> list[tuple[int, str, str]]:
    """Weight, name and unit of every subject, the heaviest first. A word in the title counts twice."""
    heading, body = plain(title), plain(text)
    return sorted(((weight(subject["words"], heading, body), subject["name"], subject["unit"]) for subject in taxonomy.get("subjects", ())), reverse=True)


def weight(words: list[str], heading: str, body: str) -> int:
    """How often and how specifically the words occur (longer words weigh more), bounded for each word."""
    return sum(len(word) * (2 * (word in heading) + min(3, body.count(word))) for word in words)
