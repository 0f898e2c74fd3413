"""Which limit (working days) holds for a kind, a unit and the day of receipt: config [deadlines], its rules first (DOMAIN 3 and 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from board.errors import InvalidInput, NotConfigured
from board.settings import Settings

URGENT = "urgent"
DAYS_MOST = 250


@dataclass(frozen=True, slots=True)
class Limit:
    """Working days of the term and of its one extension, and the rule that they come from ("" for the office's ordinary limit)."""

    days: int
    extension: int
    source: str = ""


def limit_for(settings: Settings, kind: str, received: date, unit: str = "") -> Limit:
    """The limit in force on the day of receipt; ``unit`` is a code. The first rule that fits goes before the ordinary limit of the kind."""
    table = settings.section("deadlines")
    for rule in table.get("rules", ()):
        if fits(rule, kind, received, unit):
            return Limit(whole(rule.get("days"), kind), whole(rule.get("extension", table["extension"]), kind), str(rule.get("source", "")))
    if kind not in table:
        raise InvalidInput("没有这一类事项在当天有效的期限。", "kind")
    return Limit(whole(table[kind], kind), whole(table["extension"], "extension"))


def unit_limit(settings: Settings, kind: str, received: date, unit: str) -> Limit | None:
    """The limit that a rule gives to this very unit; None when the unit has none of its own."""
    rules = [rule for rule in settings.section("deadlines").get("rules", ()) if rule.get("unit") == unit and fits(rule, kind, received, unit)]
    return limit_for(settings, kind, received, unit) if rules else None


def fits(rule: Mapping[str, Any], kind: str, received: date, unit: str) -> bool:
    """Whether a rule speaks of this kind and unit and is in force on the day (both days included)."""
    first, last = rule.get("from", date.min), rule.get("to", date.max)
    return kind in rule.get("kinds", (kind,)) and rule.get("unit", unit) == unit and first <= received <= last


def whole(value: object, name: str) -> int:
    """A number of working days from 1 to 250; NotConfigured otherwise."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= DAYS_MOST:
        raise NotConfigured(f"办理期限应为 1 到 {DAYS_MOST} 的整数：{name} = {value!r}。")
    return value
