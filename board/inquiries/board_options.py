"""What the public board holds: the choices of its filters, and its addresses for search engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.inquiries.public_board import standing
from board.models import Inquiry, Publication, Unit


@dataclass(frozen=True, slots=True)
class Options:
    """What the board can be narrowed by, pairs of (value, words): units, subjects, years of answers (Shanghai, the newest first)."""

    units: Sequence[tuple[str, str]]
    subjects: Sequence[tuple[str, str]]
    years: Sequence[tuple[int, str]]


def board_options(session: Session) -> Options:
    """The options as they are now; one pass over what is public."""
    shown = standing().join(Inquiry, Inquiry.id == Publication.inquiry_id)
    pairs = session.execute(shown.with_only_columns(Inquiry.unit_id, Inquiry.subject).distinct()).all()
    units = session.execute(select(Unit.code, Unit.short_name).where(Unit.id.in_({unit for unit, _ in pairs})).order_by(Unit.id)).all()
    first, last = session.execute(standing().with_only_columns(func.min(Publication.published_at), func.max(Publication.published_at))).one()
    years = range(local_day(last).year, local_day(first).year - 1, -1) if first and last else ()
    subjects = sorted({subject for _, subject in pairs if subject})
    return Options([(code, name) for code, name in units], [(name, name) for name in subjects], [(year, f"{year}年") for year in years])


def board_stamp(session: Session) -> tuple[int, int]:
    """(newest id, number of those taken down): another one as soon as an answer came to the board or left it."""
    withdrawn = session.scalar(select(func.count()).select_from(Publication).where(Publication.withdrawn_at.is_not(None))) or 0
    return last_publication(session), withdrawn


def last_publication(session: Session) -> int:
    """The largest id of an answer; 0 when there is none."""
    return session.scalar(select(func.max(Publication.id))) or 0


def cards_between(session: Session, first: int, end: int) -> Sequence[tuple[str, datetime]]:
    """(number, time of the answer) of what is public with ids from first up to end."""
    rows = standing().join(Inquiry, Inquiry.id == Publication.inquiry_id).with_only_columns(Inquiry.number, Publication.published_at)
    return [(number, at) for number, at in session.execute(rows.where(Publication.id >= first, Publication.id < end).order_by(Publication.id))]
