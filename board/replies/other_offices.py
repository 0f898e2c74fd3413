"""Other authorities to which messages are sent on (移送): what they are responsible for and how the citizen reaches them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from board.errors import NotConfigured
from board.models import Event, Inquiry
from board.settings import read_toml


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


def where_to(authorities: Mapping[str, Authority], inquiry: Inquiry) -> Authority | None:
    """The authority that an inquiry was sent on to; None when its name is no longer in the table."""
    return authorities.get(inquiry.transferred_to)


def last_reason(events: Sequence[Event], action: str) -> str:
    """The reason of the newest event of this kind."""
    return next((event.reason for event in reversed(events) if event.action == action), "")
