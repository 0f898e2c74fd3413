"""督办, 催办 and 移送: pressing an inquiry on with a day of its own, reminding those who have it, sending it to another authority."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotConfigured
from board.inquiries.lifecycle import move
from board.models import Event, Inquiry
from board.settings import read_toml
from board.staff.roles import Actor


def supervise(session: Session, actor: Actor, inquiry: Inquiry, reason: str, due_on: date | None, at: datetime) -> None:
    """督办 with a reason and a day of its own; a second one replaces the day. Statutory terms are not changed by it."""
    if due_on is None or not local_day(at) <= due_on <= date(2200, 1, 1):
        raise InvalidInput("督办期限应为今天或以后的日期。", "due_on")
    move(session, inquiry, "supervise", actor, at, reason, {"due": due_on.isoformat()}, supervised_until=due_on)


def remind(session: Session, actor: Actor, inquiry: Inquiry, words: str, at: datetime) -> None:
    """催办; once a day for each inquiry, whoever reminds."""
    last = session.scalar(select(Event.at).where(Event.inquiry_id == inquiry.id, Event.action == "remind").order_by(Event.sequence.desc()).limit(1))
    if last is not None and local_day(last) == local_day(at):
        raise Conflict("今天已经催办过这条留言。")
    move(session, inquiry, "remind", actor, at, words)


@dataclass(frozen=True, slots=True)
class Authority:
    """Another authority to which messages are sent on: what it is responsible for and how it is reached."""

    name: str
    matters: str
    phone: str
    address: str
    website: str


def load_authorities(config_dir: Path, own: Path) -> Mapping[str, Authority]:
    """The offices of config/offices.toml and of the same file in the office's own home, by name; NotConfigured for one without a name."""
    rows = [row for folder in (config_dir, own) if (folder / "offices.toml").exists() for row in read_toml(folder / "offices.toml").get("offices", ())]
    found = {}
    for row in rows:
        if not str(row.get("name", "")).strip():
            raise NotConfigured("offices.toml 中每个机关都要有 name。")
        reached = {key: str(row.get(key, "")).strip() for key in ("name", "phone", "address", "website")}
        found[reached["name"]] = Authority(matters="、".join(str(word) for word in row.get("words", ())[:3]), **reached)
    return found


def transfer(session: Session, actor: Actor, inquiry: Inquiry, authority: Authority | None, reason: str, at: datetime) -> None:
    """移送 to another authority; the citizen reads where, why and how to reach it with the own code."""
    if authority is None:
        raise InvalidInput("请选择移送的机关。", "authority")
    move(session, inquiry, "transfer", actor, at, reason, {"authority": authority.name}, transferred_to=authority.name, claimed_by_id=None)


def where_to(authorities: Mapping[str, Authority], inquiry: Inquiry) -> Authority | None:
    """The authority that an inquiry was sent on to; None when its name is no longer in the table."""
    return authorities.get(inquiry.transferred_to)


def last_reason(events: Sequence[Event], action: str) -> str:
    """The reason of the newest event of this kind."""
    return next((event.reason for event in reversed(events) if event.action == action), "")
