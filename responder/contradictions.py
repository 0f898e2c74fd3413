"""Quotations that say different things of the same matter: an old amount or date beside a new one, a repealed rule beside one in force."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from responder.composing import pairs
from responder.text import plain

# Quotations of one matter share this much of the shorter one's pairs of characters, numbers aside.
_SAME_MATTER = 0.5
_FEWEST_PAIRS = 6
_FIGURE = re.compile(r"(\d[\d.,]*|[一二三四五六七八九十百千]{1,4})\s*(%|万?元|个?工作日|个月|周岁|岁|天|日内|小时|年(?=以|内|的|,|。|;|$))")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日")
_NUMBER = re.compile(r"[\d.,%]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A quotation of a document: its title, the day of issue (None: unknown), whether it is in force."""

    quote: str
    title: str
    issued: date | None
    in_force: bool


def figures(quote: str) -> dict[str, frozenset[str]]:
    """The amounts, terms and days of a quotation by their unit; "" are days of the calendar."""
    folded = plain(quote)
    found: dict[str, set[str]] = {}
    for match in _FIGURE.finditer(folded):
        found.setdefault(match[2].removeprefix("个"), set()).add(match[1].rstrip(".,").replace(",", ""))
    if days := set(_DAY.findall(folded)):
        found[""] = days
    return {unit: frozenset(values) for unit, values in found.items()}


def same_matter(one: str, other: str) -> bool:
    """Whether two quotations speak of the same: most of the shorter one's words stand in the other, numbers aside."""
    ours, theirs = (pairs(_NUMBER.sub(" ", plain(quote))) for quote in (one, other))
    fewest = min(len(ours), len(theirs))
    return fewest >= _FEWEST_PAIRS and len(ours & theirs) >= _SAME_MATTER * fewest


def differ(one: str, other: str) -> tuple[str, ...]:
    """The units in which two quotations give only different figures."""
    ours, theirs = figures(one), figures(other)
    return tuple(unit for unit in ours if unit in theirs and not ours[unit] & theirs[unit])


def contradict(one: Statement, other: Statement) -> bool:
    """Whether two statements cannot both be quoted: the same matter with other figures, or one of them no longer in force."""
    if not same_matter(one.quote, other.quote):
        return False
    return one.in_force != other.in_force or bool(differ(one.quote, other.quote))


def goes_before(one: Statement, other: Statement) -> bool:
    """Whether the first of two that contradict each other is the one to quote: in force, then the newer."""
    if one.in_force != other.in_force:
        return one.in_force
    return one.issued is not None and other.issued is not None and one.issued > other.issued


def standing(statements: Sequence[Statement]) -> list[int]:
    """Indices of those that may be quoted side by side, in order: in force, and no other of them goes before in a contradiction.

    Where two contradict each other and neither is known to be newer, the first stands.
    """
    kept: list[int] = []
    for index, statement in enumerate(statements):
        if not statement.in_force:
            continue
        against = [place for place, other in enumerate(statements) if place != index and other.in_force and contradict(statement, other)]
        beaten = any(goes_before(statements[place], statement) for place in against)
        undecided = any(place in kept and not goes_before(statement, statements[place]) for place in against)
        if not beaten and not undecided:
            kept.append(index)
    return kept
