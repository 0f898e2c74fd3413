"""Asking: evidence for a question at once, from published information and answered inquiries; it quotes, it does not decide."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day, now
from board.errors import InvalidInput
from board.inquiries.public_board import having_words
from board.inquiries.queries import public_statement
from board.models import Disclosure, Publication, PublicationState
from board.settings import Settings
from board.wording.ended import Ended
from responder.contradictions import Statement, standing
from responder.matching import Candidate, Evidence, Match
from responder.messages import Answered, MessageMatch
from responder.repair import clean_input
from responder.thoughts import in_full

AMOUNT = re.compile(r"\d[\d,.]*\s*(?:万?元|%|％)")
OLD_DAYS = 548  # 18 months
UNDECIDED, CHOICES = "too_close", 3


class Index(Protocol):
    """What is needed of the catalogue's index (board.publications.indexing.Catalogue)."""

    def follow(self, session: Session) -> int:
        """Takes in what changed."""

    def match(self, question: str, limit: int = 10) -> Match:
        """The responder's answer."""

    def match_message(self, text: str, heading: int = 0, limit: int = 10) -> MessageMatch:
        """The same for each question of a message."""

    def understood(self, question: str, earlier: Sequence[str]) -> str:
        """The question with what it takes over from those before it."""

    def meanings(self, session: Session, question: str) -> list[tuple[str, str]]:
        """What a bare word of the question may mean, and the question that means it."""

    def ended(self, session: Session, match: Match) -> list[Ended]:
        """Documents out of force that the question asks for."""

    def answered_before(self, session: Session, question: str, limit: int) -> list[int]:
        """Publications that answered a question like this one."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How the unit that a document belongs to is reached; "" for what is not known."""

    name: str
    window: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things that a question may mean: what the button says, the question to ask then, and the document to quote (0: any)."""

    words: str
    question: str
    about: int = 0


@dataclass(frozen=True, slots=True)
class Quoted:
    """A verbatim quotation with its source; ``marks`` are spans inside the quote; ``old_amount`` warns of an amount older than 18 months."""

    quote: str
    marks: Sequence[tuple[int, int]]
    disclosure_id: int
    title: str
    document_number: str
    published_on: date | None
    validity: str
    old_amount: bool
    score: float
    issued_on: date | None = None
    reach: Reach | None = None
    kind: str = ""
    #: where the quotation begins in the document's text, -1 when it was put together of several places
    place: int = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One of several questions, in the asker's words, and what was found for it; ``office`` is whose matter it is, if not ours."""

    question: str
    reason: str
    office: str
    evidence: Sequence[Quoted]
    ended: Sequence[Ended] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; ``found`` false means that the question should be posted. ``confidence`` is for staff and scripts.
    ``ended`` are documents out of force that are asked for: named, never quoted. ``parts`` are the questions where there are several; ``evidence`` is that of all of them.
    """

    question: str
    found: bool
    decision: str
    reason: str
    confidence: float
    evidence: Sequence[Quoted]
    inquiries: Sequence[Publication]
    parts: Sequence[Part] = ()
    office: str = ""
    ended: Sequence[Ended] = ()
    understood: str = ""
    choices: Sequence[Choice] = ()


def ask(session: Session, catalogue: Index, settings: Settings, question: str, earlier: Sequence[str] = (), about: int = 0) -> Answer:
    """Evidence for a question, understood with those before it (oldest first); InvalidInput when it is empty or longer than the limit.

    ``about`` is the document that the citizen chose of those that were too close to each other: it is quoted, no other is.
    """
    asked = checked_question(settings, question)
    catalogue.follow(session)
    understood = catalogue.understood(asked, earlier)
    match = catalogue.match_message(understood)
    each = 2 if len(match.answers) == 1 else 1
    parts = [part_of(session, catalogue, understood, answer, each, about) for answer in match.answers]
    evidence = [piece for part in parts for piece in part.evidence]
    return Answer(
        asked, bool(evidence), match.decision, match.reason, match.confidence, evidence, answered_before(session, catalogue, understood, 3),
        parts if len(parts) > 1 else (), parts[0].office if len(parts) == 1 else "", [one for part in parts for one in part.ended],
        understood, choices_of(session, catalogue, asked, understood, match) if not about else (),
    )  # fmt: skip


def choices_of(session: Session, catalogue: Index, asked: str, understood: str, match: MessageMatch) -> list[Choice]:
    """What the question may mean: the meanings of its one bare word, or the documents that come too close to each other; [] when it is plain."""
    if len(match.answers) > 1:
        return []
    meanings = catalogue.meanings(session, understood)
    if len(meanings) > 1:
        return [Choice(meaning, question) for meaning, question in meanings]
    if match.reason != UNDECIDED or not match.answers:
        return []
    near = match.answers[0].match.candidates[:CHOICES]
    rows = published_rows(session, [candidate for candidate in near if candidate.evidence])
    return [Choice(f"《{row.title}》", asked, row.id) for row in rows.values()] if len(rows) > 1 else []


def part_of(session: Session, catalogue: Index, asked: str, answer: Answered, each: int, about: int = 0) -> Part:
    """What was found for one question: of documents that contradict each other only the newer one in force is quoted, and of those that were
    too close the one that was chosen.
    """
    match, question = answer.match, answer.question
    found = quoted(session, match, documents=2, each=each) if not match.abstained else []
    if about and match.reason == UNDECIDED:
        found = [piece for piece in quoted(session, match, documents=CHOICES, each=each) if piece.disclosure_id == about]
    first = list({piece.disclosure_id: piece for piece in reversed(found)}.values())[::-1]
    kept = {first[place].disclosure_id for place in standing([Statement(one.quote, one.title, one.issued_on, in_force=True) for one in first])}
    words = " ".join(asked[question.start : question.end].split())
    return Part(words, match.reason, match.office, [piece for piece in found if piece.disclosure_id in kept], catalogue.ended(session, match))


def search(session: Session, catalogue: Index, settings: Settings, query: str, limit: int = 10) -> Answer:
    """Documents and public inquiries for a search text, best first, whatever the confidence."""
    asked = checked_question(settings, query)
    catalogue.follow(session)
    match = catalogue.match(asked, limit)
    evidence = quoted(session, match, documents=limit, each=1)
    return Answer(asked, bool(evidence), match.decision, match.reason, match.confidence, evidence, answered_before(session, catalogue, asked, limit))


def answered_before(session: Session, catalogue: Index, asked: str, limit: int) -> Sequence[Publication]:
    """Public inquiries like this question, the most alike first; those that contain its words follow."""
    alike = catalogue.answered_before(session, asked, 2 * limit)
    rows = {row.id: row for row in session.scalars(public_statement().where(Publication.id.in_(alike)))}
    found = [rows[key] for key in alike if key in rows]
    return list(dict.fromkeys([*found, *having_words(session, asked, limit)]))[:limit]


def checked_question(settings: Settings, question: str) -> str:
    """The cleaned question; InvalidInput naming the field ``question``."""
    most = settings.limit("query")
    asked = clean_input(question[: 10 * most])
    if not asked:
        raise InvalidInput("请输入您想了解的问题。", "question")
    if len(asked) > most:
        raise InvalidInput(f"问题最多 {most} 个字；内容较长时请直接留言。", "question")
    return asked


def quoted(session: Session, match: Match, documents: int, each: int) -> list[Quoted]:
    """The evidence of the first candidates with what a reader needs to judge the source."""
    candidates = match.candidates[:documents]
    rows = published_rows(session, candidates)
    return [
        quote_of(rows[int(candidate.document_id)], candidate, piece)
        for candidate in candidates
        if int(candidate.document_id) in rows
        for piece in in_full(rows[int(candidate.document_id)].text, candidate.evidence[:each])
    ]


def published_rows(session: Session, candidates: Sequence[Candidate]) -> dict[int, Disclosure]:
    """The documents of candidates with their units, in that order; what is not public any more is left out, whatever the index says."""
    keys = [int(candidate.document_id) for candidate in candidates]
    statement = select(Disclosure).where(Disclosure.id.in_(keys), Disclosure.state == PublicationState.published).options(joinedload(Disclosure.unit))
    found = {row.id: row for row in session.scalars(statement)}
    return {key: found[key] for key in keys if key in found}


@dataclass(frozen=True, slots=True)
class Recalled:
    """A quotation that was shown before, read anew from its document; ``quote`` is "" when the document was changed since."""

    disclosure_id: int
    title: str
    document_number: str
    quote: str


def recall(session: Session, places: Sequence[tuple[int, int, int, int]]) -> list[Recalled]:
    """The quotations at (document, place, length, checksum), of documents that are public still."""
    keys = {key for key, *_ in places}
    rows = {row.id: row for row in session.scalars(select(Disclosure).where(Disclosure.id.in_(keys), Disclosure.state == PublicationState.published))} if keys else {}
    found = []
    for key, start, length, checksum in places:
        if (row := rows.get(key)) is not None:
            words = row.text[start : start + length]
            found.append(Recalled(key, row.title, row.document_number, words if crc32(words.encode()) == checksum else ""))
    return found


def reach_of(row: Disclosure) -> Reach:
    """How the unit of a document is reached."""
    unit = row.unit
    return Reach(unit.name, unit.window, unit.address, unit.hours, unit.phone)


def quote_of(row: Disclosure, candidate: Candidate, piece: Evidence) -> Quoted:
    """One piece of evidence of a disclosure."""
    published = local_day(row.published_at) if row.published_at else row.made_on
    aged = published is not None and (local_day(now()) - published).days > OLD_DAYS
    return Quoted(
        piece.quote, piece.marks, row.id, row.title, row.document_number, published, row.validity.value,
        aged and bool(AMOUNT.search(piece.quote)), candidate.score, row.made_on or published,
        reach_of(row), row.kind.value, row.text.find(piece.quote),
    )  # fmt: skip
