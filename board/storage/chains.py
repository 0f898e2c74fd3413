"""Chains of events: each event's hash covers the one before, and each chain's head is sealed with the server's key.

Every writing session of the unit of work does this before it flushes, so that no writer can forget it. A chain is broken by a changed, a missing
or a moved event; a removed last event disagrees with the head, and a head cannot be forged without the key, which is not in the database.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from board.models import ChainHead, Event

KEY = "audit_key"
#: notes that were written before chains had names; together they are one chain in the order of their ids
UNNAMED = "spine"


def note(
    session: Session, action: str, actor: str, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None, chain: str = "office"
) -> Event:
    """An event that belongs to no inquiry, in the chain of its area: office, account, sign_in, setting, report or document."""
    event = Event(
        inquiry_id=None, chain=chain, sequence=0, action=action, actor=actor, at=at, from_state="", to_state="", reason=reason[:500],
        data=dict(data or {}), previous_hash="", hash="",
    )  # fmt: skip
    session.add(event)
    return event


def event_hash(event: Event) -> str:
    """SHA-256 over the content of the event and the hash before it."""
    content = [
        event.previous_hash,
        event.inquiry_id,
        event.sequence,
        event.action,
        event.actor,
        event.at.astimezone(UTC).isoformat(),
        event.from_state,
        event.to_state,
        event.reason,
        event.data,
        *([event.chain] if event.chain else []),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def chain_of(event: Event) -> str:
    """The name of the chain that the event belongs to."""
    return f"inquiry:{event.inquiry_id}" if event.inquiry_id is not None else event.chain or UNNAMED


def seal(key: bytes, chain: str, length: int, last: str) -> str:
    """The seal of a head: HMAC-SHA256 with a key of its own, derived from the server's."""
    return hmac.digest(hmac.digest(key, b"chains of events", hashlib.sha256), f"{chain}|{length}|{last}".encode(), hashlib.sha256).hex()


def close_chains(session: Session, _context: object = None, _instances: object = None) -> None:
    """Before a flush: puts new notes behind the last one of their chain, and moves the heads of all chains that grow."""
    fresh = [row for row in session.new if isinstance(row, Event)]
    if not fresh:
        return
    heads: dict[str, tuple[int, str]] = {}
    for event in fresh:
        name = chain_of(event)
        if event.inquiry_id is None:
            length, previous = heads.get(name) or standing(session, name)
            event.sequence, event.previous_hash = length + 1, previous
            event.hash = event_hash(event)
        if name not in heads or event.sequence > heads[name][0]:
            heads[name] = (event.sequence, event.hash)
    write_heads(session, heads)


def standing(session: Session, chain: str) -> tuple[int, str]:
    """Length and last hash of a chain, locked until the transaction ends; (0, "") before its first event."""
    row = session.execute(select(ChainHead.length, ChainHead.hash).where(ChainHead.chain == chain).with_for_update()).one_or_none()
    return (row[0], row[1]) if row else (0, "")


def write_heads(session: Session, heads: Mapping[str, tuple[int, str]]) -> None:
    """Inserts or moves heads, in the order of their names."""
    key: bytes = session.info.get(KEY, b"")
    rows: Sequence[dict[str, Any]] = [
        {"chain": chain, "length": length, "hash": last, "seal": seal(key, chain, length, last)} for chain, (length, last) in sorted(heads.items())
    ]
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(ChainHead)
    moved = {name: statement.excluded[name] for name in ("length", "hash", "seal")}
    session.connection().execute(statement.on_conflict_do_update(index_elements=["chain"], set_=moved), rows)
