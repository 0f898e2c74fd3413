"""Drafting: gather (read), compose (no transaction), record (compare-and-set): quoted evidence in the office's words, or a hand-over with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.clock import local_day
from board.inquiries.lifecycle import DRAFTABLE, move
from board.models import Disclosure, Evidence, Inquiry, InquiryState, Reply, ReplyState, Unit
from board.publications.indexing import Catalogue
from board.replies.routing import Route, routed
from board.staff.roles import SYSTEM
from board.staff.units import root_unit
from board.storage import outbox
from board.storage.unit_of_work import UnitOfWork
from board.wording.labels import Labels
from board.wording.phrases import closing_blocks, introduction
from responder.composing import Source, compose, distinct, quotation
from responder.matching import Match

DOCUMENTS_SHOWN = 5
DOCUMENTS_QUOTED = 2
QUOTES_EACH = 2


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
class Found:
    """A quotation with its place, its source as it is now, and whether the draft uses it."""

    disclosure_id: int
    quote: str
    start: int
    score: float
    marks: Sequence[tuple[int, int]]
    question_marks: Sequence[tuple[int, int]]
    source: Source
    published: Any
    validity: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The composed draft and all that the desk shows beside it; ``used`` are indices into ``found``."""

    text: str
    match: Match
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
        match = catalogue.match(material.asked)
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


def composed(session: Session, material: Material, match: Match, labels: Labels, phrases: Mapping[str, Any], taxonomy: Mapping[str, Any]) -> Draft:
    """The draft: phrases of the office, quotations with sources, and gaps where only a person can say something."""
    found = sources(session, match, labels, len(material.heading))
    chosen = chosen_quotes(found) if match.decision in {"draft", "suggest"} else []
    route = routed(session, taxonomy, material.title, material.text)
    unit = session.scalar(select(Unit).where(Unit.code == route.unit)) if route.unit else None
    unit = unit or session.get_one(Unit, material.unit_id)
    words = phrases["reply"]
    blocks = [words["salutation"]]
    last = 0
    for index in chosen:
        piece = found[index]
        if piece.disclosure_id != last:
            blocks.append(introduction(words, piece.source, first=not last))
        last = piece.disclosure_id
        blocks.append(quotation(piece.quote, piece.source))
    blocks += gap_blocks(words, match, bool(chosen))
    blocks += [*closing_blocks(words, unit), root_unit(session).name]
    return Draft(compose(blocks), match, found, frozenset(chosen), route, unit.id)


def gap_blocks(words: Mapping[str, str], match: Match, has_quotes: bool) -> list[str]:
    """What a person has still to write; none where evidence is quoted (whether it fits is for the clerk who submits it)."""
    if has_quotes:
        return []
    what = words["gap_personal"] if match.reason == "personal_case" else words["gap_answer"]
    return [words["gap"].format(what=what)]


def sources(session: Session, match: Match, labels: Labels, shift: int) -> list[Found]:
    """The evidence of the first candidates, each with its source as it stands in the register now."""
    shown = match.candidates[:DOCUMENTS_SHOWN]
    rows = {row.id: row for row in session.scalars(select(Disclosure).where(Disclosure.id.in_([int(c.document_id) for c in shown])))}
    result: list[Found] = []
    for candidate in shown:
        row = rows.get(int(candidate.document_id))
        if row is None:
            continue
        published = local_day(row.published_at) if row.published_at else row.made_on
        validity = labels("validity", row.validity.value)
        source = Source(row.title, row.document_number, published.isoformat() if published else "", validity, f"/documents/{row.id}")
        result += [
            Found(row.id, e.quote, e.start, candidate.score, e.marks, moved(e.question_marks, shift), source, published, row.validity.value)
            for e in candidate.evidence
        ]
    return result


def moved(marks: Sequence[tuple[int, int]], shift: int) -> list[tuple[int, int]]:
    """Spans of what was matched as spans of the text alone; those in the title are left out."""
    return [(start - shift, end - shift) for start, end in marks if start >= shift]


def chosen_quotes(found: Sequence[Found]) -> list[int]:
    """Which quotations the draft uses: the best of the first two documents, without saying anything twice."""
    documents = list(dict.fromkeys(piece.disclosure_id for piece in found))[:DOCUMENTS_QUOTED]
    first = [k for k, piece in enumerate(found) if piece.disclosure_id == documents[0]][:QUOTES_EACH] if documents else []
    second = [k for k, piece in enumerate(found) if piece.disclosure_id in documents[1:]][:1]
    close = [k for k in second if found[k].score >= 0.8 * found[0].score]
    wanted = first + close
    return [wanted[k] for k in distinct([found[k].quote for k in wanted])]


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
    session.add(reply)
    session.flush()
    changes: dict[str, Any] = {"unit_id": made.unit_id, "subject": made.route.subject} if inquiry.state in {InquiryState.received, InquiryState.accepted} else {}
    data = {
        "decision": match.decision,
        "reason": match.reason,
        "confidence": round(match.confidence, 4),
        "documents": [piece.disclosure_id for piece in made.found],
        "reply": reply.id,
        "route": made.route.data,
    }
    move(session, inquiry, "draft", SYSTEM, at, data=data, **changes)


def evidence_row(rank: int, piece: Found, used: bool) -> Evidence:
    """One quotation as a row, with title, number, date and validity pinned as they are today."""
    return Evidence(
        rank=rank, disclosure_id=piece.disclosure_id, quote=piece.quote, start=piece.start, title=piece.source.title,
        document_number=piece.source.number, published_on=piece.published, validity=piece.validity, score=piece.score, used=used,
        marks=[list(mark) for mark in piece.marks], question_marks=[list(mark) for mark in piece.question_marks],
    )  # fmt: skip
