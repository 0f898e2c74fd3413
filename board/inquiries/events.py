"""Events of inquiries: who did what and when, chained by hashes, never with personal text; the chains themselves are in board.storage.chains."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import Event
from board.storage.chains import event_hash, note

__all__ = ["broken_chain", "chained", "event_hash", "last_hash", "note"]


def chained(previous_hash: str, event: Event) -> Event:
    """Fills the hashes of the event from its own content and the hash of the one before."""
    event.previous_hash = previous_hash
    event.hash = event_hash(event)
    return event


def last_hash(session: Session, inquiry_id: int) -> str:
    """The hash of the inquiry's newest event; "" before the first."""
    return session.scalar(select(Event.hash).where(Event.inquiry_id == inquiry_id).order_by(Event.sequence.desc()).limit(1)) or ""


def broken_chain(session: Session, inquiry_id: int) -> int | None:
    """The sequence number at which the inquiry's chain of events does not hold; None when it is whole."""
    previous = ""
    for expected, event in enumerate(session.scalars(select(Event).where(Event.inquiry_id == inquiry_id).order_by(Event.sequence)), 1):
        if event.sequence != expected or event.previous_hash != previous or event.hash != event_hash(event):
            return event.sequence
        previous = event.hash
    return None
