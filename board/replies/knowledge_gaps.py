"""Knowledge gaps: questions for which no published document was found, in clusters; each asks for an interpretation to be published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import day_start
from board.inquiries.hot_topics import NOT_COUNTED, Asked, kept_topics, rules_of, said
from board.models import Inquiry, InquiryKind, Reply, Unit
from board.settings import Settings
from responder.topics import Topic

#: why the machine handed an item over although a document might have answered it; a personal case needs a person, not a document
OPEN_REASONS = ("nothing_found", "low_confidence", "out_of_force", "too_close")


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions without an answer in the register: what they are about, place and places, why, the unit of most, the questions (newest first)."""

    matter: str
    place: str
    places: tuple[tuple[str, int], ...]
    subject: str
    unit: str
    reasons: tuple[str, ...]
    inquiries: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The window, how many questions were read, whether some were left out, the gaps by size, and how many questions stand alone."""

    first: date
    last: date
    read: int
    cut: bool
    gaps: tuple[Gap, ...]
    alone: tuple[Asked, ...]


def knowledge_gaps(session: Session, settings: Settings, today: date) -> Gaps:
    """The gaps of the last ``topics.gap_days`` days; questions that resemble no other are listed by themselves."""
    chosen = settings.section("topics")
    first, most, shown = today - timedelta(days=int(chosen["gap_days"]) - 1), int(chosen["read_most"]), int(chosen["shown"])
    rows = {row.id: row for row in unanswered(session, first, today + timedelta(days=1), most)}
    names = {unit.id: unit.short_name for unit in session.scalars(select(Unit))}
    asked = {key: Asked(key, row.number, row.title or row.text[:40], row.received_at, row.state.value, names[row.unit_id]) for key, row in rows.items()}
    found = [topic for topic in kept_topics([said(row) for row in rows.values()], rules_of(settings), 2) if topic.matter]
    gaps = [gap(topic, [asked[key] for key in reversed(topic.keys)], [rows[key].reason for key in topic.keys]) for topic in found[:shown]]
    clustered = {one.id for each in gaps for one in each.inquiries}
    alone = [one for key, one in reversed(asked.items()) if key not in clustered]
    return Gaps(first, today, len(rows), len(rows) == most, tuple(gaps), tuple(alone[:shown]))


def unanswered(session: Session, first: date, behind: date, most: int) -> Sequence[Any]:
    """Messages whose system draft found no answer, oldest first."""
    columns = (Inquiry.id, Inquiry.number, Inquiry.title, Inquiry.text, Inquiry.subject, Inquiry.received_at, Inquiry.state, Inquiry.unit_id, Reply.reason)
    came = (Inquiry.received_at >= day_start(first)) & (Inquiry.received_at < day_start(behind))
    handed = (Reply.revision == 1) & Reply.author_id.is_(None) & (Reply.decision == "hand_over") & Reply.reason.in_(OPEN_REASONS)
    query = select(*columns).join(Reply, Reply.inquiry_id == Inquiry.id).where(came, handed, Inquiry.kind != InquiryKind.report)
    return session.execute(query.where(Inquiry.state.not_in(NOT_COUNTED)).order_by(Inquiry.received_at.desc(), Inquiry.id.desc()).limit(most)).all()[::-1]


def gap(topic: Topic, asked: Sequence[Asked], reasons: Sequence[str]) -> Gap:
    """One gap for the page."""
    units = [one.unit for one in asked]
    return Gap(topic.matter, topic.place, topic.places, topic.subject, min(set(units), key=lambda unit: (-units.count(unit), unit)), tuple(sorted(set(reasons))), tuple(asked))
