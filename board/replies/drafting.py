"""Drafting: gather (read), compose (no transaction), record (compare-and-set): quoted evidence in the office's words, or a hand-over with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.clock import local_day, now
from board.inquiries.delicate import accused_units, suspected_units
from board.inquiries.lifecycle import DRAFTABLE, move
from board.models import Evidence, Inquiry, InquiryState, Reply, ReplyQuestion, ReplyState, Unit
from board.publications.indexing import Catalogue
from board.publications.out_of_force import ended_of
from board.replies.findings import Found, findings
from board.replies.routing import Route, routed
from board.replies.sections import NOT_OUR_DUTY, Sections
from board.staff.roles import SYSTEM
from board.staff.units import signature_line
from board.storage import outbox
from board.storage.unit_of_work import UnitOfWork
from board.wording.labels import Labels
from board.wording.phrases import closing_blocks, signature
from responder.composing import compose
from responder.messages import Answered, MessageMatch

#: Questions whose decisions the event keeps.
QUESTIONS_NOTED = 20


@dataclass(frozen=True, slots=True)
class Material:
    """What was read for one inquiry: its words, its unit, and whether it still wants a draft."""

    inquiry_id: int
    title: str
    text: str
    unit_id: int
    wanted: bool

    @property
    def heading(self) -> str:
        """The title and a line break, unless the title is only the beginning of the text."""
        return "" if self.text.startswith(self.title.rstrip("…")) else f"{self.title}\n"

    @property
    def asked(self) -> str:
        """What is matched: title and text."""
        return self.heading + self.text


@dataclass(frozen=True, slots=True)
class Draft:
    """The composed draft and all that the desk shows beside it; ``used`` are indices into ``found``."""

    text: str
    heading: str
    match: MessageMatch
    found: Sequence[Found]
    used: frozenset[int]
    route: Route
    unit_id: int


def draft(
    work: UnitOfWork,
    catalogue: Catalogue,
    labels: Labels,
    phrases: Mapping[str, Any],
    taxonomy: Mapping[str, Any],
    inquiry_id: int,
    at: datetime,
) -> str:
    """Drafts a reply for an inquiry and closes its outbox row; "drafted", or "skipped" when it wants none (any more). May run twice."""
    with work.reading() as session:
        material = gather(session, inquiry_id)
        if material is not None and material.wanted:
            catalogue.follow(session)
    made = None
    if material is not None and material.wanted:
        match = catalogue.match_message(material.asked, len(material.heading))
        with work.reading() as session:
            made = composed(session, material, match, labels, phrases, taxonomy)
    with work.transaction() as session:
        return record(session, inquiry_id, made, at)


def gather(session: Session, inquiry_id: int) -> Material | None:
    """Reads the inquiry; None when there is none of this id."""
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None:
        return None
    return Material(inquiry.id, inquiry.title, inquiry.text, inquiry.unit_id, wants_draft(session, inquiry))


def wants_draft(session: Session, inquiry: Inquiry) -> bool:
    """Whether the inquiry is open, not brought in as history, and has no reply of any version yet."""
    return inquiry.state in DRAFTABLE and not inquiry.imported and session.scalar(select(Reply.id).where(Reply.inquiry_id == inquiry.id).limit(1)) is None


def composed(session: Session, material: Material, match: MessageMatch, labels: Labels, phrases: Mapping[str, Any], taxonomy: Mapping[str, Any]) -> Draft:
    """The draft: phrases of the office, quotations with sources, and gaps where only a person can say something."""
    found = findings(session, match, labels, len(material.heading))
    route = routed(session, taxonomy, material.title, material.text)
    unit = session.scalar(select(Unit).where(Unit.code == route.unit)) if route.unit else None
    unit = unit or session.get_one(Unit, material.unit_id)
    words = phrases["reply"]
    today = local_day(now())
    ended = {answer.number: ended_of(session, answer.match, today) for answer in match.answers}
    sections = Sections(words, unit, material.asked, found, labels, ended)
    blocks = [words["salutation"], *sections.blocks(match)]
    ours = any(answer.match.reason != NOT_OUR_DUTY for answer in match.answers) or not match.answers
    closing = closing_blocks(words, unit)
    blocks += closing if ours and not sections.unit_named else closing[-1:]
    blocks.append(signature(words, signature_line(session, unit)))
    return Draft(compose(blocks), material.heading, match, found, frozenset(sections.used), route, unit.id)


def record(session: Session, inquiry_id: int, made: Draft | None, at: datetime) -> str:
    """Writes the draft if the inquiry still wants one, and closes the outbox row in the same transaction."""
    inquiry = session.get(Inquiry, inquiry_id, with_for_update=True)
    outcome = "skipped"
    if inquiry is not None and made is not None and wants_draft(session, inquiry):
        try:
            with session.begin_nested():
                write_draft(session, inquiry, made, at)
            outcome = "drafted"
        except IntegrityError:
            session.refresh(inquiry)
    outbox.finish(session, "draft_reply", inquiry_id, at)
    return outcome


def write_draft(session: Session, inquiry: Inquiry, made: Draft, at: datetime) -> None:
    """Reply, evidence, event; the routed unit is set while nobody has assigned one."""
    match = made.match
    reply = Reply(
        inquiry_id=inquiry.id, revision=1, state=ReplyState.drafted, in_force=True, text=made.text, created_at=at,
        decision=match.decision, reason=match.reason, confidence=match.confidence,
    )  # fmt: skip
    reply.evidence = [evidence_row(rank, piece, rank in made.used) for rank, piece in enumerate(made.found)]
    reply.questions = [question_row(answer, len(made.heading)) for answer in match.answers]
    session.add(reply)
    session.flush()
    unit = made.unit_id if made.unit_id not in accused_units(session, inquiry) | suspected_units(session, inquiry) else inquiry.unit_id
    changes: dict[str, Any] = {"unit_id": unit, "subject": made.route.subject} if inquiry.state in {InquiryState.received, InquiryState.accepted} else {}
    data = {
        "decision": match.decision,
        "reason": match.reason,
        "confidence": round(match.confidence, 4),
        "documents": [piece.disclosure_id for piece in made.found],
        "questions": [[answer.match.decision, answer.match.reason] for answer in match.answers][:QUESTIONS_NOTED],
        "reply": reply.id,
        "route": made.route.data,
    }
    move(session, inquiry, "draft", SYSTEM, at, data=data, **changes)


def question_row(answer: Answered, shift: int) -> ReplyQuestion:
    """One question as a row: where it stands in the text (below 0: in the title), and what was decided about it."""
    match, question = answer.match, answer.question
    return ReplyQuestion(
        number=answer.number, start=question.start - shift, end=question.end - shift, type=question.type,
        decision=match.decision, reason=match.reason, confidence=match.confidence, office=match.office[:100],
    )  # fmt: skip


def evidence_row(rank: int, piece: Found, used: bool) -> Evidence:
    """One quotation as a row, with title, number, date and validity pinned as they are today."""
    return Evidence(
        rank=rank, disclosure_id=piece.disclosure_id, quote=piece.quote, start=piece.start, title=piece.source.title,
        document_number=piece.source.number, published_on=piece.published, validity=piece.validity, score=piece.score, used=used, question_number=piece.question,
        marks=[list(mark) for mark in piece.marks], question_marks=[list(mark) for mark in piece.question_marks],
    )  # fmt: skip
