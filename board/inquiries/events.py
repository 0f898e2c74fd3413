"""Events: who did what and when, chained by hashes, never with personal text."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import Event


def chained(previous_hash: str, event: Event) -> Event:
    """Fills the hashes of the event from its own content and the hash of the one before."""
    event.previous_hash = previous_hash
    event.hash = event_hash(event)
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
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def last_hash(session: Session, inquiry_id: int) -> str:
    """The hash of the inquiry's newest event; "" before the first."""
    return session.scalar(select(Event.hash).where(Event.inquiry_id == inquiry_id).order_by(Event.sequence.desc()).limit(1)) or ""


def note(session: Session, action: str, actor: str, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None) -> Event:
    """An event that belongs to no inquiry: an import, a release, a sign-in, an export."""
    event = chained(
        "", Event(inquiry_id=None, sequence=0, action=action, actor=actor, at=at, from_state="", to_state="", reason=reason[:500], data=dict(data or {}))
    )
    session.add(event)
    return event


def broken_chain(session: Session, inquiry_id: int) -> int | None:
    """The sequence number at which the inquiry's chain of events does not hold; None when it is whole."""
    previous = ""
    for expected, event in enumerate(session.scalars(select(Event).where(Event.inquiry_id == inquiry_id).order_by(Event.sequence)), 1):
        if event.sequence != expected or event.previous_hash != previous or event.hash != event_hash(event):
            return event.sequence
        previous = event.hash
    return None
