"""经过与版本: every text of a reply that ever was, what happened to it and through whom: drafted, kept while typed, submitted, signed, published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import NotFound
from board.inquiries.queries import timeline
from board.models import Event, Inquiry, Publication, Reply, WorkingText
from board.replies import correcting, review, signing, working_texts
from board.replies.desk_view import actors_of, names, who_acted
from board.settings import Settings

#: what an event did to a version; the version itself was made by the others
HAPPENED = frozenset({"submit", "endorse", "bypass", "send_back", "approve", "publish", "correct_and_sign"})


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to a version: the action, at which stage of signing ("" for none), who, when, why."""

    action: str
    stage: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class KeptText:
    """One text; ``key`` names it in an address: r3 (version 3), p7 (given out), w12 (kept while it was typed). ``kind`` version, public or working.

    ``corrected_by`` is the signatory who corrected it before signing, ``corrects`` the key of the text as it was submitted.
    """

    key: str
    kind: str
    number: int
    who: str
    at: datetime
    text: str
    happened: tuple[Happened, ...] = ()
    stands: bool = False
    public: bool = True
    corrected_by: str = ""
    corrects: str = ""


def every_text(session: Session, inquiry: Inquiry, settings: Settings) -> list[KeptText]:
    """All texts of the inquiry: what was given out, then versions and kept texts, newest first."""
    events = timeline(session, inquiry)
    versions, working = review.revisions(session, inquiry), working_texts.kept_texts(session, inquiry)
    authors = {f"account:{row.author_id}" for row in versions if row.author_id} | {f"account:{row.account_id}" for row in working}
    people = names(session, actors_of(events) | authors)
    given = session.scalars(select(Publication).where(Publication.inquiry_id == inquiry.id).order_by(Publication.id.desc())).all()
    written = [*(version(row, events, people, settings) for row in versions), *(typed(row, people) for row in working)]
    return [*(published(row) for row in given), *sorted(written, key=lambda kept: kept.at, reverse=True)]


def version(row: Reply, events: Sequence[Event], people: dict[str, str], settings: Settings) -> KeptText:
    """A version with what happened to it."""
    own = [event for event in events if event.action in HAPPENED and (event.data or {}).get("reply") == row.id]
    happened = tuple(
        Happened(e.action, stage_of(e, settings), who_acted(e, people), e.at, e.reason) for e in own
    )  # fmt: skip
    who = people.get(f"account:{row.author_id}", "") if row.author_id else ""
    by = next((step.who for step in happened if step.action == correcting.MOVE), "")
    corrects = f"r{row.revision - 1}" if by else ""
    return KeptText(f"r{row.revision}", "version", row.revision, who, row.created_at, row.text, happened, row.in_force, corrected_by=by, corrects=corrects)


def stage_of(event: Event, settings: Settings) -> str:
    """The stage of signing that the event speaks of."""
    stage = (event.data or {}).get("stage", "")
    return signing.label_of(settings, stage) if stage else ""


def typed(row: WorkingText, people: dict[str, str]) -> KeptText:
    """A text that was kept while it was typed."""
    return KeptText(f"w{row.id}", "working", row.revision or 0, people.get(f"account:{row.account_id}", ""), row.saved_at, row.text)


def published(row: Publication) -> KeptText:
    """The masked text as it was given out."""
    return KeptText(f"p{row.id}", "public", 0, "", row.published_at, row.reply, stands=row.withdrawn_at is None, public=row.public)


def chosen(texts: Sequence[KeptText], left: str, right: str) -> tuple[KeptText, KeptText]:
    """The two texts to compare ("now" is the version in force); without a choice the newest version and the one before. NotFound without any."""
    if not texts:
        raise NotFound("还没有答复稿。")
    known = {kept.key: kept for kept in texts} | {kept.key if not kept.stands or kept.kind != "version" else "now": kept for kept in texts}
    versions = [kept for kept in texts if kept.kind == "version"] or list(texts)
    newer = known.get(right, versions[0])
    earlier = next((kept for kept in versions if kept.number < newer.number), newer) if newer.kind == "version" else versions[0]
    return known.get(left, earlier), newer
