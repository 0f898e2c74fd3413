"""Changing the office's settings on pages: limits, wording, sensitive words, holidays, units; each checked, versioned, and with its event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotFound
from board.inquiries.chosen import Snapshot
from board.inquiries.holiday_notice import Notice
from board.models import InquiryKind, SettingVersion, Unit
from board.staff.choices import Choice, choose
from board.staff.roles import Actor, Right, require
from board.staff.units import find_unit
from board.wording.filling import check_variables, variables
from board.wording.sensitive import words_of

LIMIT_MOST = 60
PHRASE_MOST = 500
#: fields of a unit that clerks change: name -> (label, greatest length, needed)
UNIT_FIELDS = {
    "name": ("全称", 100, True), "short_name": ("简称", 40, True), "signature": ("落款", 200, False), "phone": ("电话", 60, False),
    "window": ("窗口", 100, False), "address": ("地址", 200, False), "hours": ("办公时间", 200, False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What every change says: from which day on, the version that was seen, why, and whether it goes back to the default."""

    effective_on: date
    seen: int
    reason: str = ""
    default: bool = False


def change_limit(session: Session, actor: Actor, kind: str, unit: str, days: int | None, asked: Asked, at: datetime) -> SettingVersion:
    """Working days of a kind (for all, or for the unit of this code), by day of receipt: due dates that stand are not moved."""
    require(actor, Right.manage_settings)
    if kind not in InquiryKind.__members__:
        raise InvalidInput("请选择留言类型。", "kind")
    if unit and (known := find_unit(session, unit)) is not None:
        unit = known.code
    elif unit:
        raise InvalidInput("没有这个单位。", "unit")
    if not asked.default and (days is None or not 1 <= days <= LIMIT_MOST):
        raise InvalidInput(f"办理期限为 1 至 {LIMIT_MOST} 个工作日。", "days")
    value = None if asked.default else {"days": days}
    return choose(session, actor, Choice("limit", f"{kind}@{unit}" if unit else kind, value, asked.effective_on, asked.seen, asked.reason), at)


def change_phrase(session: Session, actor: Actor, default: Snapshot, name: str, text: str, asked: Asked, at: datetime) -> SettingVersion:
    """One phrase of the letter; it takes the variables that its default takes."""
    require(actor, Right.manage_settings)
    known = phrase_of(default.phrases, name)
    clean = " ".join(text.split())
    if not asked.default:
        if not clean or len(clean) > PHRASE_MOST:
            raise InvalidInput(f"用语不能为空，最多 {PHRASE_MOST} 个字。", "text")
        check_variables(clean, variables(known))
        if name == "reply.gap" and (not clean.startswith("【请补充：") or not clean.endswith("】")):
            raise InvalidInput("待补充的标记须以“【请补充：”开头、以“】”结尾，否则系统认不出来。", "text")
    return choose(session, actor, Choice("phrase", name, None if asked.default else {"text": clean}, asked.effective_on, asked.seen, asked.reason), at)


def phrase_of(phrases: Mapping[str, Any], name: str) -> str:
    """The phrase "table.key" (or "table.table.key"); NotFound when there is none."""
    found: Any = phrases
    for key in name.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, str):
        raise NotFound("没有这条用语。")
    return found


def phrase_names(phrases: Mapping[str, Any]) -> list[str]:
    """Names of all phrases of the letter, those of tables within tables after the others."""
    plain = [name for name, value in phrases.items() if isinstance(value, str)]
    return plain + [f"{table}.{name}" for table, keys in phrases.items() if isinstance(keys, Mapping) for name in phrase_names(keys)]


def change_words(session: Session, actor: Actor, text: str, asked: Asked, at: datetime) -> SettingVersion:
    """The whole list of sensitive words, one a line."""
    require(actor, Right.manage_settings)
    value = None if asked.default else {"words": words_of(text)}
    return choose(session, actor, Choice("words", "list", value, asked.effective_on, asked.seen, asked.reason), at)


def change_year(session: Session, actor: Actor, year: int, notice: Notice, asked: Asked, at: datetime) -> SettingVersion:
    """The holidays of a year; due dates that stand are not moved, new ones count by it."""
    require(actor, Right.manage_settings)
    value = None if asked.default else {name: {day.isoformat(): words for day, words in sorted(days.items())} for name, days in
                                        (("holidays", notice.holidays), ("workdays", notice.workdays))}  # fmt: skip
    return choose(session, actor, Choice("holiday", str(year), value, asked.effective_on, asked.seen, asked.reason), at)


def change_unit(session: Session, actor: Actor, unit: Unit, values: Mapping[str, str], asked: Asked, at: datetime) -> SettingVersion:
    """Full name, short name, signature line, phone, window, address, hours; every version is kept."""
    require(actor, Right.manage_settings)
    clean = {name: " ".join(values.get(name, "").split()) for name in UNIT_FIELDS}
    for name, (words, most, needed) in UNIT_FIELDS.items():
        if len(clean[name]) > most or (needed and not clean[name]):
            raise InvalidInput(f"{words}{'不能为空，' if needed else ''}最多 {most} 个字。", name)
    for name in ("name", "short_name"):
        other = find_unit(session, clean[name])
        if other is not None and other.id != unit.id and getattr(other, name) == clean[name]:
            raise InvalidInput(f"已有单位使用“{clean[name]}”。", name)
    row = choose(session, actor, Choice("unit", unit.code, clean, asked.effective_on, asked.seen, asked.reason), at)
    for name, value in clean.items():
        setattr(unit, name, value)
    return row
