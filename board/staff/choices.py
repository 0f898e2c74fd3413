"""What the office chose on pages: new versions are added, never changed; the newest that is in force on a day counts, else the default of config/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day
from board.errors import Conflict, InvalidInput
from board.models import SettingVersion
from board.staff.roles import Actor, Right, require
from board.storage.chains import note

CHAIN = "setting"
TOPICS = ("limit", "phrase", "template", "unit", "words", "holiday")
Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to hold: topic, name, value (None: the default again), from which day on, why, and the version that was seen (0: none)."""

    topic: str
    name: str
    value: Value | None
    effective_on: date
    seen: int = 0
    reason: str = ""


def choose(session: Session, actor: Actor, choice: Choice, at: datetime) -> SettingVersion:
    """Adds a version, with its event; Conflict when somebody was faster, InvalidInput for a day in the past."""
    require(actor, Right.manage_settings)
    if choice.effective_on < local_day(at):
        raise InvalidInput("生效日期不能早于今天。", "effective_on")
    newest = session.scalar(select(func.max(SettingVersion.id)).where(SettingVersion.topic == choice.topic, SettingVersion.name == choice.name)) or 0
    if newest != choice.seen:
        raise Conflict("这项设置刚刚被他人修改，您的修改没有保存。请核对现在的内容后再改。")
    row = SettingVersion(
        topic=choice.topic, name=choice.name, value=dict(choice.value) if choice.value is not None else None, effective_on=choice.effective_on, at=at,
        account_id=actor.account_id, reason=choice.reason[:500],
    )  # fmt: skip
    session.add(row)
    session.flush()
    data = {"topic": choice.topic, "name": choice.name, "version": row.id, "from": choice.effective_on.isoformat(), "default": choice.value is None}
    note(session, "setting_change", actor.name, at, reason=choice.reason, data=data, chain=CHAIN)
    return row


def newest_id(session: Session) -> int:
    """The id of the newest version of anything; 0 for none. One cheap look tells whether something changed."""
    return session.scalar(select(func.max(SettingVersion.id))) or 0


def all_versions(session: Session, topic: str, name: str = "") -> Sequence[SettingVersion]:
    """All versions of a topic, or of one setting, the oldest first."""
    statement = select(SettingVersion).where(SettingVersion.topic == topic).options(joinedload(SettingVersion.account)).order_by(SettingVersion.id)
    return session.scalars(statement.where(SettingVersion.name == name) if name else statement).all()


def standing(versions: Sequence[SettingVersion], today: date) -> dict[str, SettingVersion]:
    """By name the version that holds on the day (the newest of those in force), also one that says "the default"."""
    return {row.name: row for row in sorted(versions, key=lambda row: row.id) if row.effective_on <= today}


def seen_ids(versions: Sequence[SettingVersion]) -> dict[str, int]:
    """By name the id of the newest version, whatever its day."""
    return {row.name: row.id for row in versions}
