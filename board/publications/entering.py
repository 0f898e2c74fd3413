"""Entering a disclosure by hand: every field checked against its list and its length before the register takes it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import InvalidInput
from board.models import Disclosure, Origin, Validity
from board.publications.disclosures import add_disclosure
from board.staff.roles import Actor, Right, require
from board.staff.units import require_unit
from responder.repair import clean_input

#: field -> (name on the page, greatest length in characters: that of its column)
TEXTS: Mapping[str, tuple[str, int]] = {
    "title": ("标题", 500), "document_number": ("文号", 80), "index_number": ("索引号", 80), "keywords": ("关键字", 500),
    "issuer": ("制发机关", 200), "source_text": ("信息来源", 200), "text": ("正文", 200_000),
}  # fmt: skip


def enter_disclosure(
    session: Session, actor: Actor, given: Mapping[str, str], channels: Sequence[str], taxonomy: Mapping[str, Any], at: datetime
) -> Disclosure:
    """Publishes an item that was typed in by hand, at the system's time; InvalidInput names the field."""
    require(actor, Right.manage_disclosures)
    require(actor, Right.publish_disclosures)
    unit = require_unit(session, given.get("unit", ""))
    return add_disclosure(session, unit, checked(given, taxonomy, local_day(at)) | {"publisher": unit.name}, known_channels(channels, taxonomy), at)


def checked(given: Mapping[str, str], taxonomy: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The values as columns."""
    values: dict[str, Any] = {name: bounded(name, given.get(name, "")) for name in TEXTS}
    values["category"] = one_of("category", given, taxonomy["categories"], "请选择公开类别。")
    values["key_area"] = one_of("key_area", given, ["", *taxonomy["key_areas"]], "重点领域不在列表中。")
    values["five_open"] = one_of("five_open", given, ["", *taxonomy["five_open"]], "五公开不在列表中。")
    values["origin"] = Origin(one_of("origin", given, list(Origin), "请选择制作来源。"))
    values["validity"] = Validity(one_of("validity", given, list(Validity), "请选择有效性。"))
    values["made_on"] = day_made(given.get("made_on", ""), today)
    return values


def bounded(name: str, value: str) -> str:
    """The cleaned value; InvalidInput when it is over-long."""
    label, most = TEXTS[name]
    clean = clean_input(value[: 2 * most + 100])
    clean = clean if name == "text" else clean.replace("\n", " ")
    if len(clean) > most:
        raise InvalidInput(f"{label}最多 {most} 个字，现有 {len(clean)} 个字。", name)
    return clean


def one_of(name: str, given: Mapping[str, str], known: Sequence[str], message: str) -> str:
    """A value of the list; InvalidInput otherwise."""
    value = given.get(name, "")
    if value not in known:
        raise InvalidInput(message, name)
    return value


def day_made(value: str, today: date) -> date | None:
    """生成日期: a day up to today; InvalidInput otherwise."""
    if not value.strip():
        return None
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise InvalidInput("生成日期应为 2016-03-14 这样的日期。", "made_on") from None
    if not date(1949, 10, 1) <= day <= today:
        raise InvalidInput("生成日期不能晚于今天。", "made_on")
    return day


def known_channels(channels: Sequence[str], taxonomy: Mapping[str, Any]) -> Sequence[str]:
    """The channels of publication; InvalidInput without one, or for one that is not in the list."""
    if not channels or any(name not in taxonomy["channels"] for name in channels):
        raise InvalidInput("请至少选择一种公开渠道。", "channels")
    return channels
