"""While somebody writes a post: what was answered already, the right number in an emergency, the channel for documents. It never blocks and never decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from board.inquiries.asking import Index, Quoted, ask
from board.inquiries.queries import public_statement
from board.inquiries.urgent import urgent_words
from board.models import Publication
from board.settings import Settings
from board.wording.dull_words import TopicWords
from responder.repair import clean_input
from responder.text import plain

DOCUMENTS, ANSWERED = 2, 3
LEAST_SIGNS, TITLE_MOST = 4, 100


@dataclass(frozen=True, slots=True)
class Alike:
    """An answered public inquiry; ``marks`` are spans of its title that the writer's words share."""

    number: str
    title: str
    marks: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number for an emergency, and for what."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is shown beside the form; all of it may be empty."""

    numbers: Sequence[Number]
    wants_document: bool
    documents: Sequence[Quoted]
    answered: Sequence[Alike]

    @property
    def any(self) -> bool:
        """Whether there is something to show."""
        return bool(self.numbers or self.wants_document or self.documents or self.answered)


def suggest(session: Session, catalogue: Index, settings: Settings, dull: TopicWords, text: str) -> Suggestions:
    """Suggestions for what was written so far; only its first characters (limits.query) count, so that a long text costs no more than a short one."""
    said = clean_input(text[: 2 * settings.limit("query")])[: settings.limit("query")]
    numbers, wants = numbers_for(settings, said), asks_for_document(settings, said)
    if len(meaning(said, dull)) < LEAST_SIGNS:
        return Suggestions(numbers, wants, (), ())
    found = ask(session, catalogue, settings, said)
    keys = catalogue.answered_before(session, said, ANSWERED)
    rows = {row.id: row for row in session.scalars(public_statement().where(Publication.id.in_(keys)))}
    alike = [alike_of(rows[key], said, dull) for key in keys if key in rows]
    return Suggestions(numbers, wants, found.evidence[:DOCUMENTS], [one for one in alike if one.marks])


def meaning(said: str, dull: TopicWords) -> str:
    """What is left of a text without words that say nothing about its matter (您好, 请问, 怎么办); "" for nothing."""
    left = plain(said)
    for word in sorted(dull.dull, key=len, reverse=True):
        left = left.replace(word, "")
    return "".join(sign for sign in left if sign.isalnum())


def alike_of(row: Publication, said: str, dull: TopicWords) -> Alike:
    """An answered inquiry with the words that it shares."""
    title = (row.title or row.question)[:TITLE_MOST]
    return Alike(row.inquiry.number, title, shared_spans(title, said, dull.dull))


def shared_spans(title: str, said: str, dull: frozenset[str]) -> list[tuple[int, int]]:
    """Spans of the title, two signs or longer, that stand in the text as well; function words are none."""
    spans, place, folded = [], 0, plain(said)
    while place < len(title) - 1:
        end = place
        while end < len(title) and plain(title[place : end + 1]) in folded and title[end].isalnum():
            end += 1
        if end - place >= 2 and plain(title[place:end]) not in dull:
            spans.append((place, end))
        place = max(end, place + 1)
    return spans


def occurs(word: str, said: str) -> bool:
    """Whether a word of the configuration occurs; of one with several parts (joined by +) all must."""
    return all(plain(part) in said for part in word.split("+"))


def numbers_for(settings: Settings, said: str) -> list[Number]:
    """Whom to call at once: the numbers whose words occur; all of them when words of an 急件 occur and none fits."""
    rows: Sequence[Mapping[str, Any]] = settings.section("emergency")["numbers"]
    folded = plain(said)
    fitting = [row for row in rows if any(occurs(word, folded) for word in row["words"])]
    chosen = fitting or (rows if urgent_words(settings, "", said) else ())
    return [Number(str(row["number"]), str(row["name"])) for row in chosen]


def asks_for_document(settings: Settings, said: str) -> bool:
    """Whether the text asks that a document be given out, which is an application (依申请公开) and no message."""
    return any(occurs(word, plain(said)) for word in settings.section("suggestions")["document_words"])
