"""What the desk shows of each question of a message: its words, what was decided, its evidence, and rules that contradict each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import Disclosure, Evidence, Inquiry, Reply, ReplyQuestion
from board.replies.desk_view import Piece, ShownEvidence
from responder.contradictions import Statement, contradict, differ, figures, goes_before
from responder.privacy import mask

#: Questions under which evidence is shown; the others are listed in one line each.
SHOWN_IN_FULL = 20
MOST_CONTRADICTIONS = 3


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two documents of one matter that say different things. ``first`` is the one to quote where that is known (``why``: "in_force"
    or "newer"), else ("undated") a person decides; ``days`` are their days of issue, ``told`` their figures, side by side.
    """

    first: ShownEvidence
    second: ShownEvidence
    why: str
    days: tuple[date | None, date | None]
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question: its number, words (the title's when it stands there), decision and reason, evidence by document, contradictions."""

    number: int
    words: str
    type: str
    decision: str
    reason: str
    confidence: float
    office: str
    groups: Sequence[Sequence[ShownEvidence]]
    contradictions: Sequence[Contradiction]


def question_rows(session: Session, inquiry: Inquiry) -> Sequence[ReplyQuestion]:
    """The questions of the newest version that the system drafted; none for replies written before questions were told apart."""
    newest = select(Reply.id).join(ReplyQuestion, ReplyQuestion.reply_id == Reply.id).where(Reply.inquiry_id == inquiry.id).order_by(Reply.revision.desc()).limit(1)
    return session.scalars(select(ReplyQuestion).where(ReplyQuestion.reply_id == newest.scalar_subquery()).order_by(ReplyQuestion.number)).all()


def shown_questions(
    session: Session, inquiry: Inquiry, rows: Sequence[ReplyQuestion], evidence: Sequence[Evidence], shown: Sequence[ShownEvidence]
) -> list[ShownQuestion]:
    """The questions with their evidence; ``shown`` goes with ``evidence``. Without rows all evidence is that of one question."""
    issued = issue_days(session, evidence)
    numbered = list(zip((row.question_number for row in evidence), shown, strict=True))
    if not rows:
        pieces = [piece for _, piece in numbered]
        return [ShownQuestion(1, "", "", "", "", 0.0, "", by_document(pieces), contradictions(pieces, issued))] if pieces else []
    result = []
    for row in rows:
        pieces = [piece for number, piece in numbered if number == row.number]
        result.append(ShownQuestion(
            row.number, words_of(inquiry, row), row.type, row.decision, row.reason, row.confidence, row.office, by_document(pieces), contradictions(pieces, issued),
        ))  # fmt: skip
    return result


def words_of(inquiry: Inquiry, row: ReplyQuestion) -> str:
    """The words of a question on one line."""
    words = mask(inquiry.title if row.start < 0 else inquiry.text[row.start : row.end])
    return " ".join(words.split())


def by_document(pieces: Sequence[ShownEvidence]) -> list[list[ShownEvidence]]:
    """Quotations by document, in order of rank."""
    groups: dict[int, list[ShownEvidence]] = {}
    for piece in pieces:
        groups.setdefault(piece.disclosure_id, []).append(piece)
    return list(groups.values())


def issue_days(session: Session, evidence: Sequence[Evidence]) -> dict[int, date | None]:
    """The day of issue of each document: when it was made, else when it was published."""
    made = select(Disclosure.id, Disclosure.made_on).where(Disclosure.id.in_({row.disclosure_id for row in evidence}))
    return {row.disclosure_id: row.published_on for row in evidence} | {key: day for key, day in session.execute(made) if day}


def contradictions(pieces: Sequence[ShownEvidence], issued: Mapping[int, date | None]) -> list[Contradiction]:
    """Pairs of documents whose quotations cannot both hold, each pair once, the first of the pieces first."""
    found: dict[tuple[int, int], Contradiction] = {}
    said = {piece.id: Statement(words(piece), piece.title, issued.get(piece.disclosure_id), piece.quotable) for piece in pieces}
    for one, other in combinations(pieces, 2):
        key = (one.disclosure_id, other.disclosure_id)
        if one.disclosure_id == other.disclosure_id or key in found or not contradict(said[one.id], said[other.id]):
            continue
        first, second = (other, one) if goes_before(said[other.id], said[one.id]) else (one, other)
        found[key] = Contradiction(first, second, why(said[first.id], said[second.id]), (said[first.id].issued, said[second.id].issued), told(words(first), words(second)))
    return list(found.values())[:MOST_CONTRADICTIONS]


def words(piece: ShownEvidence) -> str:
    """The quotation itself."""
    return "".join(part.text for part in piece.pieces)


def why(first: Statement, second: Statement) -> str:
    """Why the first goes before the second."""
    if first.in_force != second.in_force:
        return "in_force"
    return "newer" if goes_before(first, second) else "undated"


def told(first: str, second: str) -> tuple[tuple[str, str], ...]:
    """The figures that differ, of both sides."""
    ours, theirs = figures(first), figures(second)
    return tuple(("、".join(f"{n}{unit}" for n in sorted(ours[unit])), "、".join(f"{n}{unit}" for n in sorted(theirs[unit]))) for unit in differ(first, second))


def numbered(pieces: Sequence[Piece], rows: Sequence[ReplyQuestion]) -> tuple[Piece, ...]:
    """The citizen's words with the number of each question before it; one question alone needs none."""
    starts = {row.start: row.number for row in rows[:SHOWN_IN_FULL] if row.start >= 0} if len(rows) > 1 else {}
    return tuple(part for piece in with_starts(pieces, starts) for part in piece)


def with_starts(pieces: Sequence[Piece], starts: dict[int, int]) -> Iterator[list[Piece]]:
    """Each piece cut where a question begins."""
    place = 0
    for piece in pieces:
        inside = sorted(start for start in starts if place <= start < place + len(piece.text))
        cuts = [place, *(start for start in inside if start > place), place + len(piece.text)]
        parts: list[Piece] = []
        for begin, end in pairwise(cuts):
            if begin in starts:
                parts.append(Piece(str(starts[begin]), "number"))
            parts.append(replace(piece, text=piece.text[begin - place : end - place]))
        yield parts
        place += len(piece.text)
