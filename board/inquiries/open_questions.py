"""What was asked on the public page and found no answer: masked, without whom, at most so many a day, forgotten after a time (个人信息保护法 Art. 6, 19)."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.inquiries.asking import Answer
from board.models import OpenQuestion
from board.settings import Settings
from responder.privacy import mask
from responder.text import plain

#: why nothing was found although a document might have answered; a personal case needs a person, and may say who asked
OPEN_REASONS = ("nothing_found", "low_confidence", "out_of_force", "too_close")
LEAST, MOST = 4, 200  # characters of a question that is kept


def open_parts(answer: Answer) -> list[tuple[str, str]]:
    """The questions of an answer for which nothing was found, masked, each with its reason."""
    parts = [(part.question, part.reason) for part in answer.parts if not part.evidence] if answer.parts else [] if answer.found else [(answer.understood or answer.question, answer.reason)]
    masked = [(" ".join(mask(text).split())[:MOST], reason) for text, reason in parts if reason in OPEN_REASONS]
    return [(text, reason) for text, reason in masked if len(text) >= LEAST]


def note_open(session: Session, settings: Settings, found: Sequence[tuple[str, str]], today: date) -> None:
    """Keeps questions without an answer; the same question of one day once, with how often; nothing more once the day has its fill."""
    forget(session, settings, today)
    for text, reason in found:
        row = OpenQuestion(asked_on=today, text=text, fingerprint=hashlib.sha256(plain(text).encode()).hexdigest(), reason=reason, times=1)
        same = (OpenQuestion.asked_on == today) & (OpenQuestion.fingerprint == row.fingerprint)
        if session.execute(update(OpenQuestion).where(same).values(times=OpenQuestion.times + 1).returning(OpenQuestion.id)).first() is None:
            add(session, settings, row)


def add(session: Session, settings: Settings, row: OpenQuestion) -> None:
    """One more question of its day, unless the day is full or another process was faster."""
    chosen = settings.section("asking")
    if int(chosen["keep_days"]) and (session.scalar(select(func.count()).where(OpenQuestion.asked_on == row.asked_on)) or 0) < int(chosen["each_day"]):
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            return


def forget(session: Session, settings: Settings, today: date) -> None:
    """Deletes what is older than ``asking.keep_days``."""
    session.execute(delete(OpenQuestion).where(OpenQuestion.asked_on <= today - timedelta(days=int(settings.section("asking")["keep_days"]))))


def open_questions(session: Session, first: date, most: int) -> Sequence[OpenQuestion]:
    """The newest questions since a day that are still to be kept, oldest first."""
    return session.scalars(select(OpenQuestion).where(OpenQuestion.asked_on >= first).order_by(OpenQuestion.asked_on.desc(), OpenQuestion.id.desc()).limit(most)).all()[::-1]
