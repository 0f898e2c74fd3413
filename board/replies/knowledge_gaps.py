"""Knowledge gaps: messages and questions of the public page for which no published document was found, in clusters; each asks for an interpretation to be published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from board.clock import day_start
from board.inquiries.delicate import not_against
from board.inquiries.hot_topics import NOT_COUNTED, Asked, kept_topics, rules_of, said
from board.inquiries.open_questions import OPEN_REASONS, open_questions
from board.models import Inquiry, InquiryKind, OpenQuestion, Reply, Unit
from board.settings import Settings
from board.staff.roles import SYSTEM, Actor
from responder.topic_words import Said
from responder.topics import Topic


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions without an answer in the register: what they are about, place and places, subject, why, the unit of most of the messages ("" without
    any), the messages and the questions of the public page (both newest first).
    """

    matter: str
    place: str
    places: tuple[tuple[str, int], ...]
    subject: str
    unit: str
    reasons: tuple[str, ...]
    inquiries: tuple[Asked, ...]
    questions: tuple[OpenQuestion, ...]

    @property
    def count(self) -> int:
        """How many stand in its lists."""
        return len(self.inquiries) + len(self.questions)


@dataclass(frozen=True, slots=True)
class Gaps:
    """The window, how many messages and questions were read, whether some were left out, the gaps by size, and what stands alone."""

    first: date
    last: date
    read: int
    asked: int
    cut: bool
    gaps: tuple[Gap, ...]
    alone: tuple[Asked, ...]
    alone_asked: tuple[OpenQuestion, ...]


def knowledge_gaps(session: Session, settings: Settings, today: date, actor: Actor = SYSTEM) -> Gaps:
    """The gaps of the last ``topics.gap_days`` days; questions that resemble no other are listed by themselves."""
    chosen = settings.section("topics")
    first, most, shown = today - timedelta(days=int(chosen["gap_days"]) - 1), int(chosen["read_most"]), int(chosen["shown"])
    rows = {row.id: row for row in unanswered(session, first, today + timedelta(days=1), most, not_against(actor))}
    questions = {-row.id: row for row in open_questions(session, first, most)}  # below zero: messages have the numbers above
    names = {unit.id: unit.short_name for unit in session.scalars(select(Unit))}
    asked = {key: Asked(key, row.number, row.title or row.text[:40], row.received_at, row.state.value, names[row.unit_id]) for key, row in rows.items()}
    messages = [*(said(row) for row in rows.values()), *(Said(key, "", row.text) for key, row in questions.items())]
    found = [topic for topic in kept_topics(messages, rules_of(settings), 2) if topic.matter]
    reasons = {key: row.reason for key, row in (*rows.items(), *questions.items())}
    gaps = [gap(topic, asked, questions, reasons) for topic in found[:shown]]
    clustered = {key for topic in found[:shown] for key in topic.keys}
    alone = [one for key, one in reversed(asked.items()) if key not in clustered]
    alone_asked = [one for key, one in reversed(questions.items()) if key not in clustered]
    return Gaps(first, today, len(rows), len(questions), most in (len(rows), len(questions)), tuple(gaps), tuple(alone[:shown]), tuple(alone_asked[:shown]))


def unanswered(session: Session, first: date, behind: date, most: int, allowed: ColumnElement[bool]) -> Sequence[Any]:
    """Messages whose system draft found no answer, oldest first."""
    columns = (Inquiry.id, Inquiry.number, Inquiry.title, Inquiry.text, Inquiry.subject, Inquiry.received_at, Inquiry.state, Inquiry.unit_id, Reply.reason)
    came = (Inquiry.received_at >= day_start(first)) & (Inquiry.received_at < day_start(behind))
    handed = (Reply.revision == 1) & Reply.author_id.is_(None) & (Reply.decision == "hand_over") & Reply.reason.in_(OPEN_REASONS)
    query = select(*columns).join(Reply, Reply.inquiry_id == Inquiry.id).where(came, handed, allowed, Inquiry.kind != InquiryKind.report)
    return session.execute(query.where(Inquiry.state.not_in(NOT_COUNTED)).order_by(Inquiry.received_at.desc(), Inquiry.id.desc()).limit(most)).all()[::-1]


def gap(topic: Topic, asked: Mapping[int, Asked], questions: Mapping[int, OpenQuestion], reasons: Mapping[int, str]) -> Gap:
    """One gap for the page."""
    inside = [asked[key] for key in reversed(topic.keys) if key in asked]
    units = [one.unit for one in inside]
    unit = min(set(units), key=lambda name: (-units.count(name), name)) if units else ""
    why = tuple(sorted({reasons[key] for key in topic.keys}))
    return Gap(topic.matter, topic.place, topic.places, topic.subject, unit, why, tuple(inside), tuple(questions[key] for key in reversed(topic.keys) if key in questions))
