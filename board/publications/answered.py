"""Questions that were answered before: an index in memory of the newest public inquiries, for showing what others asked."""

import threading

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.models import Publication
from responder.corpus import Document
from responder.matching import Matcher, MatcherSettings

#: The newest so many are kept; one call reads so many; numbers before the newest that may still be committed.
KEPT, READ_AT_ONCE, OVERLAP = 20_000, 1_000, 100
#: Share of a question's words (by their rarity) that an earlier one must say.
LEAST = 0.5


class Answered:
    """The index of one process; ids are those of publications. Whether one still stands is for the reader to ask the database."""

    def __init__(self, settings: MatcherSettings) -> None:
        self._matcher = Matcher(settings)
        self._lock = threading.Lock()
        self._known: set[int] = set()
        self._last = 0

    def __len__(self) -> int:
        """How many questions are indexed."""
        return len(self._matcher)

    def follow(self, session: Session) -> None:
        """Takes in what was published since the last call, at most 1,000 replies."""
        with self._lock:
            newest = session.scalar(select(func.max(Publication.id))) or 0
            if newest == self._last:
                return
            if newest < self._last:  # a database of an earlier day
                self._known, self._last = set(), 0
            after = max(self._last - OVERLAP, newest - KEPT)
            rows = select(Publication.id, Publication.title, Publication.question).where(Publication.id > after, Publication.public)
            found = session.execute(rows.order_by(Publication.id).limit(READ_AT_ONCE + OVERLAP)).all()
            for key, title, question in found:
                if key not in self._known:
                    self._known.add(key)
                    self._matcher.put(Document(str(key), title, f"{title}\n{question}"))
            self._last = newest if len(found) < READ_AT_ONCE + OVERLAP else found[-1][0]
            self._forget(newest - KEPT)

    def _forget(self, oldest: int) -> None:
        """Lets the oldest go."""
        for key in [key for key in self._known if key <= oldest]:
            self._known.discard(key)
            self._matcher.remove(str(key))

    def alike(self, question: str, limit: int) -> list[int]:
        """Publications whose question says most of what this one says, the most alike first."""
        query, readings = self._matcher.readings(question)
        if query is None:
            return []
        shares = [(float(reading.held @ query.weights), int(reading.prepared.document.id)) for reading in readings]
        return [key for share, key in sorted(shares, key=lambda pair: (-pair[0], -pair[1])) if share >= LEAST][:limit]
