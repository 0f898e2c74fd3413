"""The sample's disclosures, interpretations and references as rows, with links, successors and catalogue changes."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from board.clock import from_local
from board.models import Disclosure, DisclosureChannel, DocumentKind, InterpretationLink, Origin, PublicationState, Validity
from board.publications.indexing import note_change
from board.sample.parts import People, Row, read_lines
from board.staff.units import counted_body
from responder.corpus import Document, fingerprint

FILES = ("disclosures.jsonl", "interpretations.jsonl", "references.jsonl")


def load_documents(session: Session, people: People) -> int:
    """Writes all documents; returns how many."""
    rows = sorted((row for name in FILES for row in read_lines(name)), key=lambda row: str(row["published_at"]))
    for row in rows:
        people.documents[row["ref"]] = document(people, row)
    session.add_all(people.documents.values())
    session.flush()
    for row in rows:
        connect(session, people, row)
    session.flush()
    return len(rows)


def document(people: People, row: Row) -> Disclosure:
    """One document as a row; its times are the written ones."""
    unit = people.unit(row["unit"])
    body = counted_body(unit).name
    published = from_local(datetime.fromisoformat(row["published_at"]))
    made = Disclosure(
        kind=DocumentKind(row["kind"]), title=row["title"], text=row["text"], document_number=row["document_number"], index_number=row["index_number"],
        keywords=row["keywords"], unit_id=unit.id, issuer=body, publisher=body, source_text=body, origin=Origin(row["origin"]),
        category=row["category"], key_area=row["key_area"], five_open=row["five_open"], regularity=row["regularity"],
        made_on=date.fromisoformat(row["made_on"]), published_at=published, created_at=published, validity=Validity(row["validity"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None, state=PublicationState.published,
        fingerprint=fingerprint(Document("", row["title"], row["text"])),
    )  # fmt: skip
    made.channels = [DisclosureChannel(channel=name) for name in row["channels"]]
    return made


def connect(session: Session, people: People, row: Row) -> None:
    """Successor, explained policies, and the word to the index."""
    made = people.documents[row["ref"]]
    if row["successor"]:
        made.successor_id = people.documents[row["successor"]].id
    session.add_all(InterpretationLink(interpretation_id=made.id, policy_id=people.documents[ref].id) for ref in row.get("interprets", ()))
    note_change(session, made.id)
