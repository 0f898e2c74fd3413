"""How far an index has followed the catalogue: numbers are given before their commit, so what is missing may still come."""

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from board.models import CatalogueChange

#: After this time a number that never came belongs to a transaction that was rolled back.
GIVEN_UP = 600.0
#: How often missing numbers are asked for, and how many at once.
ASKED_EVERY, ASKED_AT_ONCE = 1.0, 500
#: A starting index looks for missing numbers only among so many of the newest ones; older ones were rolled back long ago.
RECENT = 5_000

#: A change: its number and the disclosure that changed.
Change = tuple[int, int]


class Followed:
    """Numbers up to ``high`` were seen but for the missing ones."""

    def __init__(self, high: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.high = high
        self._clock = clock
        self._missing: dict[int, float] = {}
        self._asked = float("-inf")

    @property
    def settled(self) -> int:
        """Up to this number nothing can be missing."""
        return min(self._missing) - 1 if self._missing else self.high

    def idle(self, newest: int) -> bool:
        """Whether there is nothing to ask the database for."""
        return newest == self.high and not (self._missing and self._clock() - self._asked >= ASKED_EVERY)

    def changes(self, session: Session, most: int) -> list[Change]:
        """The next changes, at most so many beside the missing ones that came; ``take`` them when they are done."""
        new = changes_of(session, select(CatalogueChange.id, CatalogueChange.disclosure_id).where(CatalogueChange.id > self.high).limit(most))
        now = self._clock()
        self._missing = {number: since for number, since in self._missing.items() if now - since < GIVEN_UP}
        if not self._missing or now - self._asked < ASKED_EVERY:
            return new
        self._asked = now
        numbers = sorted(self._missing)
        late: list[Change] = []
        for begin in range(0, len(numbers), ASKED_AT_ONCE):
            part = CatalogueChange.id.in_(numbers[begin : begin + ASKED_AT_ONCE])
            late += changes_of(session, select(CatalogueChange.id, CatalogueChange.disclosure_id).where(part))
        return late + new

    def take(self, changes: Sequence[Change]) -> None:
        """Note that the changes are in the index."""
        now = self._clock()
        for number, _ in changes:
            self._missing.pop(number, None)
            if number > self.high:
                self._missing |= dict.fromkeys(range(max(self.high + 1, number - RECENT), number), now)
                self.high = number

    def begun(self) -> None:
        """Note that the index has just been brought up to date: only recent numbers may still come."""
        self._missing = {number: since for number, since in self._missing.items() if number > self.high - RECENT}


def changes_of(session: Session, query: Select[int, int]) -> list[Change]:
    """The changes that a query finds, by number."""
    return [(number, disclosure_id) for number, disclosure_id in session.execute(query.order_by(CatalogueChange.id))]


def newest_change(session: Session) -> int:
    """The newest number of the catalogue, 0 when there is none."""
    return session.scalar(select(func.max(CatalogueChange.id))) or 0


def settled_change(session: Session) -> int:
    """The number up to which all changes are committed, as far as can be told."""
    newest = newest_change(session)
    state = Followed(max(0, newest - RECENT))
    state.take(changes_of(session, select(CatalogueChange.id, CatalogueChange.disclosure_id).where(CatalogueChange.id > state.high)))
    return state.settled


def trail(session: Session, until: int) -> list[int]:
    """What the changes up to a number add up to: equal for an index and a database that belong together."""
    query = select(func.count(), func.coalesce(func.sum(CatalogueChange.disclosure_id), 0)).where(CatalogueChange.id <= until)
    return [int(figure) for figure in session.execute(query).one()]
