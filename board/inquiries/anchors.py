"""Anchors: what the chains of events were when they were last verified, kept outside the database and sealed.

A chain with its head could be put back together to an earlier state by somebody who kept an old copy of the rows, or vanish as a whole; the sum over
all events up to a number would then differ from the one in the anchor.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from board.errors import NotConfigured
from board.models import Event

FILE = "audit.anchor"
MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Anchor:
    """The sum over all events with ids up to ``through``; 0 and 0 before the first."""

    through: int
    total: int


NONE = Anchor(0, 0)


def settled(session: Session) -> int:
    """The greatest event id below which nothing can appear any more: PostgreSQL hands out ids before they are committed, so writers are waited for."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("LOCK TABLE events IN SHARE MODE"))
    return session.scalar(select(func.max(Event.id))) or 0


def share(event: Event) -> int:
    """What one event adds to the sum."""
    return int.from_bytes(hashlib.sha256(f"{event.id}:{event.hash}".encode()).digest())


def last_anchor(home: Path, key: bytes) -> Anchor:
    """The newest anchor of this installation; NotConfigured when the file was changed by somebody without the key."""
    path = home / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return NONE
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"锚点文件无法读取：{path}。") from error
    try:
        row = json.loads(lines[-1])
        anchor = Anchor(int(row["through"]), int(row["total"], 16))
        right = hmac.compare_digest(str(row["seal"]), seal(key, anchor, str(row["at"])))
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise NotConfigured(f"锚点文件已损坏：{path}。") from error
    if not right:
        raise NotConfigured(f"锚点文件的印记与系统密钥不符：{path}。")
    return anchor


def drop_anchor(home: Path, key: bytes, anchor: Anchor, at: datetime) -> None:
    """Adds the anchor to the file; earlier ones stay."""
    row = {"at": at.isoformat(), "through": anchor.through, "total": f"{anchor.total:064x}", "seal": seal(key, anchor, at.isoformat())}
    with (home / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def seal(key: bytes, anchor: Anchor, at: str) -> str:
    """HMAC over the anchor with a key of its own."""
    own = hmac.digest(key, b"anchors of the chains", hashlib.sha256)
    return hmac.digest(own, f"{at}|{anchor.through}|{anchor.total:064x}".encode(), hashlib.sha256).hex()
