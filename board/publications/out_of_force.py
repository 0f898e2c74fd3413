"""Documents out of force that a citizen asks for, with what took their place: they are named, never quoted."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import Disclosure, PublicationState, Validity
from board.publications.validity import in_force
from board.wording.ended import Ended
from responder.matching import Match

OUT_OF_FORCE = "out_of_force"
NAMED_MOST, SUCCESSORS_MOST = 3, 5


def ended_of(session: Session, match: Match, today: date) -> list[Ended]:
    """What a citizen has to be told: the documents out of force that the question names, and the one that would have answered it."""
    keys = [candidate.document_id for candidate in match.ended if candidate.document_id in match.asked_for]
    if not keys and match.reason == OUT_OF_FORCE:
        keys = [candidate.document_id for candidate in match.ended[:1]]
    return ended(session, [int(key) for key in keys[:NAMED_MOST]], today)


def ended(session: Session, keys: Sequence[int], today: date) -> list[Ended]:
    """Those of the documents (by id, in this order) that are published and not in force."""
    rows = published(session, keys)
    return [told(session, rows[key], today) for key in keys if key in rows and not in_force(rows[key], today)]


def told(session: Session, row: Disclosure, today: date) -> Ended:
    """One document with its state and what holds in its place."""
    early = row.valid_from is not None and row.valid_from > today
    state = Validity.repealed if row.validity == Validity.repealed else Validity.expired
    after = successor(session, row, today)
    found = (after.id, after.title, after.document_number) if after is not None else (None, "", "")
    return Ended(row.id, row.title, row.document_number, "not_yet" if early else state.value, *found)


def successor(session: Session, row: Disclosure, today: date) -> Disclosure | None:
    """The first document in force on the way from successor to successor."""
    seen = {row.id}
    key = row.successor_id
    while key is not None and key not in seen and len(seen) <= SUCCESSORS_MOST:
        seen.add(key)
        after = published(session, [key]).get(key)
        if after is None or in_force(after, today):
            return after
        key = after.successor_id
    return None


def published(session: Session, keys: Collection[int]) -> dict[int, Disclosure]:
    """The published documents among these, by id."""
    if not keys:
        return {}
    return {row.id: row for row in session.scalars(select(Disclosure).where(Disclosure.id.in_(keys), Disclosure.state == PublicationState.published))}
