"""The phrase book (常用语): defaults from config/, the office's own entries and changes, filled with what is known of an inquiry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotFound
from board.models import Inquiry, InquiryKind, Phrase, PhraseVersion, Unit
from board.settings import read_toml
from board.staff.roles import Actor, Right, require
from board.wording.filling import check_variables, filled
from board.wording.labels import Labels
from responder.privacy import mask
from responder.repair import clean_input

NAME_MOST, TEXT_MOST, ENTRIES_MOST = 60, 2_000, 500
VARIABLES = ("number", "title", "kind", "unit", "window", "address", "hours", "phone", "received", "due", "office", "today")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it holds now: ``ref`` names it in forms ("config:thanks" or the row's id), ``unit_id`` None and ``kind`` "" mean all."""

    ref: str
    name: str
    text: str
    unit_id: int | None
    kind: str
    version: int
    active: bool

    @property
    def finding(self) -> str:
        """What typing finds it by: name, text and the initials of its name in pinyin."""
        return f"{self.name} {''.join(lazy_pinyin(self.name, style=Style.FIRST_LETTER))} {self.text}".lower()


def load_defaults(config_dir: Path) -> tuple[Entry, ...]:
    """The entries of config/phrasebook.toml; NotConfigured when the file is damaged."""
    table: Mapping[str, Any] = read_toml(config_dir / "phrasebook.toml")
    return tuple(Entry(f"config:{key}", str(row["name"]), str(row["text"]), None, str(row.get("kind", "")), 0, active=True) for key, row in table.items())


def entries(session: Session, defaults: Sequence[Entry]) -> list[Entry]:
    """All entries, those switched off as well: the office's own and, where it changed none, the defaults; by name."""
    rows = session.scalars(select(Phrase).limit(ENTRIES_MOST)).all()
    changed = {row.key for row in rows if row.key}
    own = [Entry(str(row.id), row.name, row.text, row.unit_id, row.kind, row.version, row.active) for row in rows]
    return sorted([*own, *(entry for entry in defaults if entry.ref.removeprefix("config:") not in changed)], key=lambda entry: entry.name)


def fitting(session: Session, defaults: Sequence[Entry], inquiry: Inquiry) -> list[Entry]:
    """The entries for an inquiry's unit and kind, the most particular ones first."""
    found = [entry for entry in entries(session, defaults) if entry.active and entry.unit_id in {None, inquiry.unit_id} and entry.kind in {"", inquiry.kind.value}]
    return sorted(found, key=lambda entry: (entry.unit_id is None, entry.kind == "", entry.name))


def entry_of(session: Session, defaults: Sequence[Entry], ref: str) -> Entry:
    """The entry of a reference; NotFound for none."""
    found = next((entry for entry in entries(session, defaults) if entry.ref == ref), None)
    if found is None:
        raise NotFound("没有这条常用语。")
    return found


def values_of(inquiry: Inquiry, labels: Labels, office: str, at: datetime) -> dict[str, str]:
    """What the variables stand for; the citizen's own words are masked and stand in quotation marks."""
    unit: Unit = inquiry.unit
    due = inquiry.due_on
    return {
        "number": inquiry.number, "title": f"“{mask(inquiry.title)}”", "kind": labels("kind", inquiry.kind.value), "unit": unit.name, "window": unit.window,
        "address": unit.address, "hours": unit.hours, "phone": unit.phone, "received": day(local_day(inquiry.received_at)), "due": day(due) if due else "",
        "office": office, "today": day(local_day(at)),
    }  # fmt: skip


def day(given: Any) -> str:
    """A day in words, e.g. 2026年12月1日."""
    return f"{given.year}年{given.month}月{given.day}日"


def filled_for(entry: Entry, inquiry: Inquiry, labels: Labels, office: str, at: datetime) -> str:
    """The text of an entry for one inquiry; what it lacks leaves no empty brackets behind."""
    return filled(entry.text, values_of(inquiry, labels, office, at)).replace("（）", "")


def save(session: Session, actor: Actor, ref: str, seen: int, name: str, text: str, unit_code: str, kind: str, *, active: bool, at: datetime) -> Phrase:
    """Writes a new version of an entry, or a new entry (``ref`` ""); what stood before is kept.

    InvalidInput names the field; Conflict with the text that stands when somebody changed it after version ``seen``.
    """
    require(actor, Right.manage_settings)
    clean_name, clean_text = checked_texts(name, text)
    unit = session.scalar(select(Unit).where(Unit.code == unit_code[:40])) if unit_code else None
    if unit_code and unit is None:
        raise InvalidInput("没有这个单位。", "unit")
    if kind and kind not in set(InquiryKind):
        raise InvalidInput("没有这个类型。", "kind")
    row = row_of(session, ref)
    if row.version != seen:
        raise Conflict("这条常用语刚刚由他人修改，您的文字没有丢失，请与现有文字核对后再保存。", row.text)
    row.name, row.text, row.unit_id, row.kind, row.active, row.version = clean_name, clean_text, unit.id if unit else None, kind, active, seen + 1
    session.add(row)
    session.flush()
    session.add(PhraseVersion(phrase_id=row.id, version=row.version, name=clean_name, text=clean_text, active=active, changed_by=actor.name, at=at))
    session.flush()
    return row


def row_of(session: Session, ref: str) -> Phrase:
    """The row of a reference, a new one for a default that was never changed and for a new entry; NotFound for an unknown number."""
    if ref.startswith("config:"):
        found = session.scalar(select(Phrase).where(Phrase.key == ref.removeprefix("config:")[:40]).with_for_update())
        return found or Phrase(key=ref.removeprefix("config:")[:40], version=0)
    if not ref:
        return Phrase(version=0)
    found = session.get(Phrase, int(ref), with_for_update=True) if ref.isascii() and ref.isdigit() and len(ref) < 10 else None
    if found is None:
        raise NotFound("没有这条常用语。")
    return found


def checked_texts(name: str, text: str) -> tuple[str, str]:
    """Name and text, cleaned; InvalidInput for what is empty, over-long, or holds a variable that nothing fills."""
    clean_name, clean_text = " ".join(clean_input(name[: 10 * NAME_MOST]).split()), clean_input(text[: 10 * TEXT_MOST])
    for value, most, field, words in ((clean_name, NAME_MOST, "name", "名称"), (clean_text, TEXT_MOST, "text", "文字")):
        if not value:
            raise InvalidInput(f"请填写{words}。", field)
        if len(value) > most:
            raise InvalidInput(f"{words}最多 {most} 个字，现有 {len(value)} 个字。", field)
    check_variables(clean_text, VARIABLES)
    return clean_name, clean_text


def versions(session: Session, row_id: int) -> Sequence[PhraseVersion]:
    """All versions of an entry, newest first."""
    return session.scalars(select(PhraseVersion).where(PhraseVersion.phrase_id == row_id).order_by(PhraseVersion.version.desc())).all()
