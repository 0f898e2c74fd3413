"""Rows become the responder's corpus: an index in memory that follows the catalogue's sequence, rebuilt from the database at any time."""

import threading
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.clock import local_day, now
from board.models import CatalogueChange, Disclosure, PublicationState
from board.publications.validity import in_force
from responder.corpus import Document
from responder.matching import Match, Matcher, MatcherSettings
from responder.messages import MessageMatch, MessageMatcher

BATCH = 500
#: Sequence numbers are given before their commit, so the newest ones are looked at again (PostgreSQL commits out of order).
OVERLAP = 64


def note_change(session: Session, disclosure_id: int) -> None:
    """Tells every index, in the transaction of the change, that the disclosure is new, other or gone."""
    session.add(CatalogueChange(disclosure_id=disclosure_id))


class Catalogue:
    """The index of one process; ``follow`` before ``match``. Safe for several threads."""

    def __init__(self, settings: MatcherSettings) -> None:
        self._settings = settings
        self._matcher = Matcher(settings)
        self._lock = threading.Lock()
        self._seen: dict[int, tuple[int, date]] = {}
        self.sequence = 0

    def __len__(self) -> int:
        """How many documents are indexed."""
        return len(self._matcher)

    def follow(self, session: Session) -> int:
        """Takes in what changed since the last call; returns how many documents were read."""
        newest = session.scalar(select(func.max(CatalogueChange.id))) or 0
        today = local_day(now())
        if newest == self.sequence and not self._lapsed(today):
            return 0
        with self._lock:
            return self._take(session, newest, today)

    def _lapsed(self, today: date) -> bool:
        """Whether a day has passed, so that dates of validity must be looked at anew."""
        return any(day != today for _, day in list(self._seen.values())[:1])

    def _take(self, session: Session, newest: int, today: date) -> int:
        start = 0 if self._lapsed(today) else max(0, self.sequence - OVERLAP)
        changes = select(CatalogueChange.disclosure_id, func.max(CatalogueChange.id)).where(CatalogueChange.id > start).group_by(CatalogueChange.disclosure_id)
        sequences = dict(session.execute(changes).all())
        wanted = [key for key, sequence in sequences.items() if self._seen.get(key) != (sequence, today)]
        for begin in range(0, len(wanted), BATCH):
            part = wanted[begin : begin + BATCH]
            rows = {row.id: row for row in session.scalars(select(Disclosure).where(Disclosure.id.in_(part)))}
            for key in part:
                self._put(rows.get(key), key, today)
                self._seen[key] = (sequences[key], today)
        self.sequence = max(self.sequence, newest)
        return len(wanted)

    def _put(self, row: Disclosure | None, key: int, today: date) -> None:
        if row is None or row.state != PublicationState.published:
            self._matcher.remove(str(key))
        else:
            self._matcher.put(document_of(row, today))

    def match(self, question: str, limit: int = 10) -> Match:
        """The responder's answer over what has been followed so far; no database is touched."""
        return self._matcher.match(question, limit)

    def match_message(self, text: str, heading: int = 0, limit: int = 10) -> MessageMatch:
        """The same for each question of a message whose first ``heading`` characters are its title."""
        return MessageMatcher(self._matcher, self._settings).match(text, heading, limit)


def document_of(row: Disclosure, today: date) -> Document:
    """A disclosure as the responder sees it; its id is the row's."""
    issued = row.made_on or (local_day(row.published_at) if row.published_at else None)
    return Document(
        id=str(row.id), title=row.title, text=row.text, number=row.document_number, issued=issued,
        authority=row.issuer or row.publisher, kind=row.kind, in_force=in_force(row, today),
    )  # fmt: skip
