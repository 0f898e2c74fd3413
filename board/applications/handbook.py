"""config/applications.toml: laws, outcomes, remedies, letters and fee tiers by the day on which they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from board.errors import InvalidInput, NotConfigured
from board.settings import read_toml


@dataclass(frozen=True, slots=True)
class Law:
    """The regulation in force on a day of receipt; ``confirm`` are channels whose day of receipt is the day of confirmation (Art. 31).

    ``correction_within``: working days in which a correction must be asked for (0: no limit); ``third_party_days``: those of a third party.
    """

    key: str
    name: str
    first: date
    last: date
    confirm: frozenset[str]
    correction_within: int
    third_party_days: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an application can end: ``row`` of table 三, ``former`` row of the form up to 2018, ``needs`` what must have lapsed before."""

    code: str
    name: str
    row: str
    former: str
    article: str
    article_2007: str
    text: str
    refusal: bool = False
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Handbook:
    """The whole file."""

    laws: Sequence[Law]
    outcomes: Mapping[str, Outcome]
    rows: Mapping[str, str]
    former_rows: Mapping[str, str]
    remedies: Sequence[Mapping[str, Any]]
    letters: Mapping[str, Mapping[str, str]]
    fees: Mapping[str, Mapping[str, Any]]

    def law(self, received: date) -> Law:
        """The law in force on the day of receipt; InvalidInput before the first."""
        found = next((law for law in self.laws if law.first <= received <= law.last), None)
        if found is None:
            raise InvalidInput("收到之日没有有效的政府信息公开条例。", "received_on")
        return found

    def outcome(self, code: str) -> Outcome:
        """The outcome of this code; InvalidInput for an unknown one."""
        if code not in self.outcomes:
            raise InvalidInput("请选择处理结果。", "outcome")
        return self.outcomes[code]

    def remedy(self, day: date, *, refusal: bool) -> str:
        """The remedy notice of the law in force on the day of the decision; "" when there is none."""
        held = (row for row in self.remedies if row.get("from", date.min) <= day <= row.get("to", date.max))
        found = next(held, {})
        return str(found.get("refusal", found.get("text", "")) if refusal else found.get("text", ""))

    def fee(self, name: str, number: int) -> int:
        """The fee in yuan for so many items or pages, tier by tier (Art. 42); InvalidInput for an unknown scale."""
        if name not in self.fees:
            raise InvalidInput("请选择计费方式。", "scale")
        return sum(part(tier, low, number) for tier, low in bounds(self.fees[name]["tiers"]))


def bounds(tiers: Sequence[Mapping[str, int]]) -> list[tuple[Mapping[str, int], int]]:
    """Each tier with the number behind which it begins."""
    return [(tier, tiers[place - 1]["upto"] if place else 0) for place, tier in enumerate(tiers)]


def part(tier: Mapping[str, int], low: int, number: int) -> int:
    """What falls into one tier; with ``block`` and ``rise`` each further block costs more."""
    count = max(0, (min(number, tier["upto"]) if tier["upto"] else number) - low)
    block, rise = tier.get("block", 0), tier.get("rise", 0)
    if not block:
        return count * tier["each"]
    return sum((tier["each"] + rise * (done // block)) * min(block, count - done) for done in range(0, count, block))


@lru_cache(maxsize=8)
def load_handbook(config_dir: Path) -> Handbook:
    """Reads config/applications.toml; NotConfigured, with the place, when it contradicts itself."""
    table = read_toml(config_dir / "applications.toml")
    try:
        laws = [law_row(row) for row in table["laws"]]
        outcomes = {row["code"]: Outcome(**row) for row in table["outcomes"]}
        book = Handbook(laws, outcomes, table["rows"], table["former_rows"], table["remedies"], table["letters"], table["fees"])
    except (KeyError, TypeError) as error:
        raise NotConfigured(f"applications.toml 有误：{error}") from error
    odd = [one.code for one in outcomes.values() if one.row not in book.rows or (one.former and one.former not in book.former_rows)]
    if odd:
        raise NotConfigured(f"applications.toml 中处理结果没有对应的统计行：{'、'.join(odd)}")
    return book


def law_row(row: Mapping[str, Any]) -> Law:
    """One law."""
    return Law(
        row["key"], row["name"], row.get("from", date.min), row.get("to", date.max), frozenset(row["confirm"]), row["correction_within"],
        row["third_party_days"],
    )  # fmt: skip
