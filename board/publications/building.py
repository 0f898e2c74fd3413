"""The index built from the database: documents one after the other into an archive, with a note of the state that it holds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.models import Disclosure, PublicationState
from board.publications.sequence import settled_change, trail
from board.publications.validity import ENDED
from responder.archive import Archive
from responder.archive_writing import write_archive
from responder.corpus import Document
from responder.matching import MatcherSettings

BATCH = 1_000


def document_of(row: Disclosure) -> Document:
    """A disclosure as the responder sees it; its id is the row's."""
    issued = row.made_on or (local_day(row.published_at) if row.published_at else None)
    return Document(
        id=str(row.id), title=row.title, text=row.text, number=row.document_number, issued=issued,
        authority=row.issuer or row.publisher, kind=row.kind.value, in_force=row.validity not in ENDED,
        valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip


def note_of(session: Session, sequence: int) -> dict[str, Any]:
    """What stands beside an archive that holds all changes up to a number."""
    return {"sequence": sequence, "trail": trail(session, sequence)}


def fits(session: Session, archive: Archive, settings: MatcherSettings, newest: int) -> bool:
    """Whether an archive was made of this database, in this or an earlier state, with these settings."""
    sequence = int(archive.note.get("sequence", -1))
    same = (archive.k1, archive.b) == (settings.search.k1, settings.search.b)
    return same and 0 <= sequence <= newest and trail(session, sequence) == archive.note.get("trail")


def published(session: Session) -> int:
    """How many documents an index of this database holds."""
    return session.scalar(select(func.count()).select_from(Disclosure).where(Disclosure.state == PublicationState.published)) or 0


def documents(session: Session) -> Iterator[Document]:
    """All published disclosures, by id, read batch by batch."""
    last = 0
    while True:
        query = select(Disclosure).where(Disclosure.id > last).order_by(Disclosure.id).limit(BATCH)
        rows = session.scalars(query).all()
        if not rows:
            return
        last = rows[-1].id
        yield from (document_of(row) for row in rows if row.state == PublicationState.published)
        session.expunge_all()


def build(session: Session, settings: MatcherSettings, directory: Path, each: Callable[[Document], None] = lambda _: None) -> int:
    """Writes an archive of the whole catalogue into an empty directory; returns how many documents it holds. What is
    changed or committed meanwhile is followed afterwards.
    """
    note, count = note_of(session, settled_change(session)), 0

    def counted() -> Iterator[Document]:
        nonlocal count
        for document in documents(session):
            each(document)
            count += 1
            yield document

    write_archive(directory, counted(), note, settings.search.k1, settings.search.b)
    return count
