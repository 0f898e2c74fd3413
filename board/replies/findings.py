"""What the responder found for a message, each quotation with its source as the register has it today, and which of them a draft uses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.models import Disclosure, DocumentKind, Validity
from board.wording.labels import Labels
from responder.composing import Source, distinct
from responder.contradictions import Statement, standing
from responder.matching import Candidate
from responder.messages import Answered, MessageMatch
from responder.thoughts import apart, repeats, whole

#: Documents shown with a message of one question, and with each question of several.
DOCUMENTS_SHOWN, DOCUMENTS_EACH = 5, 3
DOCUMENTS_QUOTED, QUOTES_EACH = 2, 2
#: Share of the best score from which another document is quoted, or may take the best one's place as the newer.
CLOSE = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation for a question (by its number) with its place and its source as it is now; ``issued`` orders old and new."""

    disclosure_id: int
    quote: str
    start: int
    score: float
    marks: Sequence[tuple[int, int]]
    question_marks: Sequence[tuple[int, int]]
    source: Source
    published: date | None
    validity: str
    issued: date | None = None
    in_force: bool = True
    question: int = 1
    #: the whole thought that the quotation stands for, as a draft quotes it; "" when another quotation of the document says it already
    words: str = ""
    rule: bool = True

    @property
    def statement(self) -> Statement:
        """What is compared with other quotations."""
        return Statement(self.quote, self.source.title, self.issued, self.in_force)


def findings(session: Session, match: MessageMatch, labels: Labels, shift: int) -> list[Found]:
    """The evidence of the first candidates of every question, then what is out of force; marks in the first ``shift`` characters (the title) are left out.

    A document whose successor was found beside it is not quoted: the newer in force wins.
    """
    most = DOCUMENTS_SHOWN if len(match.answers) == 1 else DOCUMENTS_EACH
    shown = [(answer, candidate, valid) for answer in match.answers for candidate, valid in candidates(answer, most)]
    keys = {int(candidate.document_id) for _, candidate, _ in shown}
    rows = {row.id: row for row in session.scalars(select(Disclosure).where(Disclosure.id.in_(keys)))}
    standing_ids = {int(candidate.document_id) for _, candidate, valid in shown if valid}
    replaced = {row.id for row in rows.values() if row.successor_id in standing_ids}
    return [
        piece
        for answer, candidate, valid in shown
        for piece in of_candidate(rows, answer.number, candidate, valid and int(candidate.document_id) not in replaced, labels, shift)
    ]


def candidates(answer: Answered, most: int) -> Iterator[tuple[Candidate, bool]]:
    """The first candidates, and those out of force."""
    yield from ((candidate, True) for candidate in answer.match.candidates[:most])
    yield from ((candidate, False) for candidate in answer.match.ended)


def of_candidate(rows: Mapping[int, Disclosure], number: int, candidate: Candidate, valid: bool, labels: Labels, shift: int) -> Iterator[Found]:  # one of the pair above
    """The quotations of one document; none when it is gone from the register."""
    row = rows.get(int(candidate.document_id))
    if row is None:
        return
    published = local_day(row.published_at) if row.published_at else row.made_on
    source = Source(row.title, row.document_number, published.isoformat() if published else "", validity_in_words(row.validity.value, labels), f"/documents/{row.id}")
    verbatim = [piece for piece in candidate.evidence if row.text[piece.start : piece.end] == piece.quote]
    thoughts = apart(row.text, [whole(row.text, piece.start, piece.end) for piece in verbatim])
    for piece, (begin, end) in zip(verbatim, thoughts, strict=True):
        yield Found(
            row.id, piece.quote, piece.start, candidate.score, piece.marks, moved(piece.question_marks, shift), source, published,
            row.validity.value, row.made_on or published, valid, number, row.text[begin:end].strip(), lays_down(row),
        )  # fmt: skip


def lays_down(row: Disclosure) -> bool:
    """Whether a document lays something down; an interpretation explains, as does what has neither number nor validity."""
    return row.kind == DocumentKind.disclosure and (bool(row.document_number) or row.validity != Validity.unstated)


def validity_in_words(validity: str, labels: Labels) -> str:
    """The validity as a source line names it; "" when the document does not state any."""
    return "" if validity == Validity.unstated.value else labels("validity", validity)


def moved(marks: Sequence[tuple[int, int]], shift: int) -> list[tuple[int, int]]:
    """Spans of what was matched as spans of the text alone; those in the title are left out."""
    return [(start - shift, end - shift) for start, end in marks if start >= shift]


def chosen(found: Sequence[Found], number: int) -> list[int]:
    """Which quotations the draft uses for a question: the best of two documents that may stand side by side, without saying anything twice.

    Of documents that come near the best and contradict each other only the newer one in force stands.
    """
    best: dict[int, int] = {}
    for index, piece in enumerate(found):
        if piece.question == number:
            best.setdefault(piece.disclosure_id, index)
    valid = [index for index in best.values() if found[index].in_force]
    near = [index for index in valid if found[index].score >= CLOSE * found[valid[0]].score] if valid else []
    documents = [found[near[place]].disclosure_id for place in standing([found[index].statement for index in near])][:DOCUMENTS_QUOTED]
    of = [[k for k, piece in enumerate(found) if piece.question == number and piece.disclosure_id == document and piece.in_force and piece.words] for document in documents]
    wanted = [k for place, indices in enumerate(of) for k in indices[: QUOTES_EACH if place == 0 else 1]]
    kept = {wanted[k] for k in distinct([found[k].words for k in wanted])}
    said = [k for k in wanted if k in kept]
    return [k for k in wanted if k in kept or any(twins(found[k], found[other]) for other in said)]


def twins(one: Found, other: Found) -> bool:
    """Whether another document says nearly word for word the same: it is named beside the one that is quoted."""
    return one.disclosure_id != other.disclosure_id and repeats(one.words, other.words)
