"""The checker: what does not fit together in a year's records, and which items cause it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.inquiries.deadlines import Calendar, working_days_between
from board.models import Disclosure, DisclosureFinding, Inquiry
from board.reports.figures import chosen, figure_of
from board.reports.listed_items import Item, item_of
from board.reports.scope import FIRST_YEAR, Scope
from board.wording.labels import Labels

INDEX_YEAR = re.compile(r"/(\d{4})-")
UNSET_SOURCE = re.compile(r"\s*-*\s*请选择.*")
#: 条例 2007 Art. 18, 2019 Art. 26: working days from the day on which the information was made or changed.
DAYS_TO_PUBLISH = 20
#: Index numbers are given since the catalogue of the 条例 exists; a year of made-on before it may still stand in one.
INDEX_YEAR_LEAST = 1990


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit, in words, with the items behind it."""

    code: str
    message: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A reconciliation that was made, e.g. "9 + 2 = 11", and whether it holds."""

    text: str
    holds: bool
    code: str = ""


def findings(session: Session, scope: Scope, calendar: Calendar, labels: Labels, form: Mapping[str, Any], checks: Sequence[Check]) -> list[Finding]:
    """All findings of the scope: marks that disagree, single items, and sums that do not hold."""
    rows = list(session.scalars(chosen(figure_of("proactive_disclosures.total"), scope, Disclosure).order_by(Disclosure.published_at, Disclosure.id)))
    found = [disagreement(pair, rows) for pair in form.get("compare", ())]
    found += by_code(kept(session, rows) | looked_at(rows), labels)
    found += [late_publications(rows, calendar), backward_inquiries(session, scope)]
    found += [Finding(check.code, check.text) for check in checks if not check.holds]
    return [finding for finding in found if finding is not None]


def disagreement(pair: Mapping[str, str], rows: Sequence[Disclosure]) -> Finding | None:
    """Category and key area are separate marks; where two that belong together count differently, the items with only one of them are named."""
    with_category = [row for row in rows if row.category == pair["category"]]
    with_area = [row for row in rows if row.key_area == pair["key_area"]]
    causes = [row for row in rows if (row.category == pair["category"]) != (row.key_area == pair["key_area"])]
    if not causes:
        return None
    message = f"{pair['name']}：公开类别“{pair['category']}”{len(with_category)}条，重点领域“{pair['key_area']}”{len(with_area)}条。"
    return Finding("category_key_area", message, items_of(causes))


def kept(session: Session, rows: Sequence[Disclosure]) -> dict[tuple[str, int], Disclosure]:
    """Findings that were kept when the items were brought in."""
    known = {row.id: row for row in rows}
    pairs = session.execute(select(DisclosureFinding.code, DisclosureFinding.disclosure_id).order_by(DisclosureFinding.disclosure_id))
    return {(code, key): known[key] for code, key in pairs if key in known}


def looked_at(rows: Sequence[Disclosure]) -> dict[tuple[str, int], Disclosure]:
    """What can be seen on the items themselves, whoever entered them."""
    result: dict[tuple[str, int], Disclosure] = {}
    for row in rows:
        if impossible_index_year(row):
            result["index_year_impossible", row.id] = row
        if UNSET_SOURCE.fullmatch(row.source_text):
            result["source_unset", row.id] = row
        if row.publisher and not row.imported and row.publisher not in unit_names(row):
            result["unit_name_differs", row.id] = row
    return result


def impossible_index_year(row: Disclosure) -> bool:
    """Whether the year in the index number is before catalogues existed or after the publication."""
    found = INDEX_YEAR.search(row.index_number)
    published = local_day(row.published_at or row.created_at).year
    return found is not None and not INDEX_YEAR_LEAST <= int(found[1]) <= published + 1


def unit_names(row: Disclosure) -> set[str]:
    """Full names of the item's unit and of all units above it."""
    names, unit = set(), row.unit
    while unit is not None:
        names |= {unit.name, unit.name.removesuffix("（样例）")}
        unit = unit.parent  # type: ignore[assignment]  # the loop ends at the root
    return names


def by_code(found: Mapping[tuple[str, int], Disclosure], labels: Labels) -> list[Finding]:
    """One finding for each code, with all its items."""
    codes = dict.fromkeys(code for code, _ in sorted(found))
    rows = {code: [row for (other, _), row in sorted(found.items()) if other == code] for code in codes}
    return [Finding(code, f"{labels('finding', code)}：{len(rows[code])}条。", items_of(rows[code])) for code in codes]


def late_publications(rows: Sequence[Disclosure], calendar: Calendar) -> Finding | None:
    """Items published later than 20 working days after they were made or changed."""
    causes = [row for row in rows if days_to_publish(row, calendar) > DAYS_TO_PUBLISH]
    message = f"形成或者变更后超过{DAYS_TO_PUBLISH}个工作日才公开：{len(causes)}条。"
    return Finding("late_publication", message, items_of(causes)) if causes else None


def days_to_publish(row: Disclosure, calendar: Calendar) -> int:
    """Working days from the making or the last change to the publication; 0 when a date is missing."""
    since = row.changed_on or row.made_on
    published = local_day(row.published_at or row.created_at)
    return working_days_between(calendar, since, published) if since is not None and since.year >= FIRST_YEAR and since <= published else 0


def backward_inquiries(session: Session, scope: Scope) -> Finding | None:
    """Inquiries that were closed before they came in: a date in the records is wrong."""
    query = chosen(figure_of("inquiries.closed"), scope, Inquiry).where(Inquiry.closed_at < Inquiry.received_at)
    rows = list(session.scalars(query.order_by(Inquiry.received_at, Inquiry.id)))
    return Finding("closed_before_received", f"办结时间早于收到时间的留言：{len(rows)}件。", items_of(rows)) if rows else None


def items_of(rows: Iterable[Disclosure | Inquiry]) -> tuple[Item, ...]:
    """Rows as items."""
    return tuple(item_of(row) for row in rows)


def reconciled(figures: Mapping[str, Any], inquiries: Mapping[str, Any]) -> list[Check]:
    """The sums of the report: parts against wholes, shares against 100.0."""
    own = figures["proactive_disclosures"]
    checks = [
        summed("主动公开按类别", list(own["by_category"].values()), own["total"]),
        summed("主动公开按单位", [part["count"] for part in own["by_unit"].values()], own["total"]),
        summed("收到留言按类型", list(inquiries["by_kind"].values()), inquiries["received"]),
        summed("收到留言按月份", list(inquiries["by_month"].values()), inquiries["received"]),
        summed("有效、无效、重复留言", [inquiries["valid"], inquiries["invalid"], inquiries["repeated"]], inquiries["received"]),
    ]
    return [*checks, shares([part["share_percent"] for part in own["by_unit"].values()])] if own["total"] else checks


def summed(name: str, parts: Sequence[int], whole: int) -> Check:
    """A sum and whether it holds."""
    text = f"{name}：{' + '.join(map(str, parts)) or '0'} = {sum(parts)}"
    holds = sum(parts) == whole
    return Check(text if holds else f"{text}，与合计{whole}不符。", holds, "sum_differs")


def shares(parts: Sequence[float]) -> Check:
    """Shares rounded to one decimal add up to 100.0 (rounding can make them miss it)."""
    total = round(sum(parts), 1)
    text = f"各单位占比：{' + '.join(f'{part:.1f}%' for part in parts)} = {total:.1f}%"
    return Check(text if total == 100.0 else f"{text}，因四舍五入与100.0%不符。", total == 100.0, "shares_differ")
