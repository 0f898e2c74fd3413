"""评价: five grades and three aspects of an answer, once each; after a poor one the citizen may have the matter taken up again, once (DOMAIN 4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput
from board.inquiries.lifecycle import ANSWERED, move
from board.inquiries.posting import bounded
from board.inquiries.queries import answer_of
from board.inquiries.term_clock import Rules
from board.inquiries.working_again import reopen
from board.models import Grade, Inquiry, Rating
from board.settings import Settings
from board.staff.roles import CITIZEN

ASPECTS = ("attitude", "speed", "quality")
POOR = frozenset({Grade.poor, Grade.very_poor})
ONCE = "您已经评价过这份答复。"


def rate(session: Session, settings: Settings, inquiry: Inquiry, grades: Mapping[str, str], words: str, at: datetime) -> Rating:
    """Stores the rating of the answer that stands; ``grades`` holds "grade" and the aspects by name. Conflict when it is rated or none stands."""
    grade = graded(grades.get("grade", ""))
    if grade is None:
        raise InvalidInput("请选择总体评价。", "grade")
    clean = bounded(settings, words, "reason", "评价的说明")
    answer = answer_of(session, inquiry) if inquiry.state in ANSWERED and not inquiry.imported else None
    if answer is None:
        raise Conflict("现在没有可以评价的答复。")
    row = Rating(
        inquiry_id=inquiry.id, publication_id=answer.id, grade=grade, words=clean, at=at, **{name: graded(grades.get(name, "")) for name in ASPECTS}
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(ONCE) from error
    move(session, inquiry, "rate", CITIZEN, at, data={"rating": row.id, "grade": grade})
    return row


def graded(given: str) -> Grade | None:
    """A grade by name; None for anything else."""
    return Grade(given) if given in set(Grade) else None


def ratings_of(session: Session, inquiry: Inquiry) -> Sequence[Rating]:
    """All ratings of an inquiry's answers, oldest first."""
    return session.scalars(select(Rating).where(Rating.inquiry_id == inquiry.id).order_by(Rating.id)).all()


def standing_rating(session: Session, inquiry: Inquiry) -> Rating | None:
    """The rating of the answer that stands."""
    answer = answer_of(session, inquiry)
    return session.scalar(select(Rating).where(Rating.publication_id == answer.id, Rating.inquiry_id == inquiry.id)) if answer else None


def may_reopen(inquiry: Inquiry, rating: Rating | None) -> bool:
    """Whether the citizen can have the matter taken up again."""
    return rating is not None and rating.grade in POOR and inquiry.state in ANSWERED and not inquiry.reopened


def ask_again(session: Session, rules: Rules, inquiry: Inquiry, words: str, at: datetime) -> None:
    """重新办理 after a poor rating, with what is wanted of it (kept with the rating, not in the event); once."""
    rating = standing_rating(session, inquiry)
    if rating is None or rating.grade not in POOR:
        raise Conflict("评价为“不满意”或“非常不满意”以后，可以要求重新办理一次。")
    clean = bounded(rules.settings, words, "reason", "说明")
    if not (clean or rating.words):
        raise InvalidInput("请写明哪里没有解决，便于承办单位重新办理。", "words")
    reopen(session, rules, inquiry, "网民评价不满意，要求重新办理", at)
    if clean and clean != rating.words:
        rating.words = "\n".join(filter(None, (rating.words, clean)))
