"""Which words a published document's title has: choices are offered only where there is something to choose."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import Disclosure, PublicationState
from board.storage import words


def documented(session: Session, names: Iterable[str]) -> set[str]:
    """Those of the names that stand in the title of a published document."""
    return {name for name in names if in_a_title(session, name)}


def in_a_title(session: Session, name: str) -> bool:
    """Whether the word index finds a published title with this name."""
    asked = words.search_words(name)
    found = select(Disclosure.id).where(Disclosure.state == PublicationState.published, words.DISCLOSURES.matches(session, asked, "t")).limit(1)
    return bool(asked) and session.scalar(found) is not None
