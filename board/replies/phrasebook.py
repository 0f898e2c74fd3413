"""常用语: phrases and templates that clerks insert into a reply, by unit and kind, versioned, with variables that the item fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import InvalidInput, NotFound
from board.models import Inquiry, InquiryKind, SettingVersion, Unit
from board.staff.choices import Choice, all_versions, choose, seen_ids, standing
from board.staff.roles import Actor, Right, require
from board.staff.units import find_unit, root_unit
from board.wording.filling import check_variables, filled
from board.wording.labels import Labels
from responder.privacy import mask
from responder.text import plain

TOPIC = "template"
TEXT_MOST, TITLE_MOST, PHRASES_MOST = 3000, 60, 1000
#: variables and what fills them
VARIABLES = {
    "number": "留言编号", "title": "留言标题", "kind": "留言类型", "received": "收到日期", "due": "答复期限", "unit": "承办单位全称", "unit_short": "承办单位简称",
    "phone": "承办单位电话", "window": "窗口", "address": "地址", "hours": "办公时间", "office": "本机关全称", "today": "今天的日期",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase as it stands: ``unit`` a code or "" for all, ``kind`` a kind or "" for all; ``version`` is the newest one's id."""

    key: str
    title: str
    text: str
    unit: str
    kind: str
    version: int


def phrases(session: Session, today: date) -> list[Phrase]:
    """All phrases that hold, by title."""
    versions = all_versions(session, TOPIC)
    newest = seen_ids(versions)
    found = [phrase_of(row, newest[name]) for name, row in standing(versions, today).items() if row.value is not None]
    return sorted(found, key=lambda one: (one.title, one.key))


def phrase_of(row: SettingVersion, version: int) -> Phrase:
    """A version as a phrase."""
    value = row.value or {}
    return Phrase(row.name, str(value["title"]), str(value["text"]), str(value["unit"]), str(value["kind"]), version)


def one_phrase(session: Session, key: str, today: date) -> Phrase:
    """The phrase of this key; NotFound when there is none (any more)."""
    found = next((one for one in phrases(session, today) if one.key == key), None)
    if found is None:
        raise NotFound("没有这条常用语，可能已被删除。")
    return found


def keep(session: Session, actor: Actor, key: str, values: Mapping[str, str], seen: int, at: datetime, today: date) -> str:
    """A new phrase (key "") or a new version of one; returns its key."""
    require(actor, Right.manage_settings)
    value = checked(session, values)
    if not key and len(phrases(session, today)) >= PHRASES_MOST:
        raise InvalidInput(f"最多 {PHRASES_MOST} 条常用语。", "title")
    if key:
        one_phrase(session, key, today)
    name = key or token_hex(6)
    choose(session, actor, Choice(TOPIC, name, value, today, seen, values.get("reason", "")), at)
    return name


def checked(session: Session, values: Mapping[str, str]) -> dict[str, str]:
    """Title, text, unit and kind of a phrase; InvalidInput names the field."""
    title, text = " ".join(values.get("title", "").split()), values.get("text", "").replace("\r\n", "\n").strip()
    if not title or len(title) > TITLE_MOST:
        raise InvalidInput(f"请填写名称，最多 {TITLE_MOST} 个字。", "title")
    if not text or len(text) > TEXT_MOST:
        raise InvalidInput(f"请填写内容，最多 {TEXT_MOST} 个字。", "text")
    check_variables(text, VARIABLES)
    kind, unit = values.get("kind", ""), values.get("unit", "")
    if kind and kind not in InquiryKind.__members__:
        raise InvalidInput("没有这个留言类型。", "kind")
    if unit and find_unit(session, unit) is None:
        raise InvalidInput("没有这个单位。", "unit")
    return {"title": title, "text": text, "unit": unit, "kind": kind}


def drop(session: Session, actor: Actor, key: str, seen: int, at: datetime, today: date) -> None:
    """Takes a phrase out of use; its versions stay."""
    one_phrase(session, key, today)
    choose(session, actor, Choice(TOPIC, key, None, today, seen), at)


def versions_of(session: Session, key: str) -> Sequence[SettingVersion]:
    """All versions of a phrase, the newest first."""
    return list(reversed(all_versions(session, TOPIC, key)))


def fitting(session: Session, inquiry: Inquiry, today: date, query: str = "") -> list[Phrase]:
    """The phrases for an item: those of its unit and kind first, then the general ones; each word of the query must occur in title or text."""
    words = plain(query[:60]).split()
    code = inquiry.unit.code
    known = [one for one in phrases(session, today) if one.unit in ("", code) and one.kind in ("", inquiry.kind)]
    found = [one for one in known if all(word in plain(f"{one.title} {one.text}") for word in words)]
    return sorted(found, key=lambda one: (-(one.unit != "") - (one.kind != ""), one.title))


def values_for(session: Session, inquiry: Inquiry, labels: Labels, today: date) -> dict[str, str]:
    """What the variables are for this item; a value that is not known becomes a gap to be filled, never an empty place.

    The citizen's own words are masked and stand in quotation marks.
    """
    unit: Unit = inquiry.unit
    known = {
        "number": inquiry.number, "title": f"“{mask(inquiry.title)}”", "kind": labels("kind", inquiry.kind), "received": chinese(local_day(inquiry.received_at)),
        "due": chinese(inquiry.due_on), "unit": unit.name, "unit_short": unit.short_name, "phone": unit.phone, "window": unit.window, "address": unit.address,
        "hours": unit.hours, "office": root_unit(session).name, "today": chinese(today),
    }  # fmt: skip
    return {name: value or f"【请补充：{VARIABLES[name]}】" for name, value in known.items()}


def chinese(day: date | None) -> str:
    """2026年3月4日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def filled_for(session: Session, inquiry: Inquiry, key: str, labels: Labels, today: date) -> str:
    """The phrase with the item's values."""
    phrase = next((one for one in fitting(session, inquiry, today) if one.key == key), None)
    if phrase is None:
        raise NotFound("没有这条常用语，或不适用于这条留言。")
    return filled(phrase.text, values_for(session, inquiry, labels, today))
