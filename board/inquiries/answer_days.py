"""What became of the answers of the page for asking: counted by day, deflected = shown and not followed by a post (DOMAIN 5.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.models import AnswerDay

STEPS = ("asked", "shown", "opened", "solved", "unsolved", "posted")


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Sums over a span of days, under a name."""

    name: str
    asked: int = 0
    shown: int = 0
    opened: int = 0
    solved: int = 0
    unsolved: int = 0
    posted: int = 0

    @property
    def deflected(self) -> int:
        """Answers that no post followed."""
        return self.shown - self.posted

    @property
    def unanswered(self) -> int:
        """Questions to which nothing could be shown."""
        return self.asked - self.shown


def count_steps(session: Session, day: date, steps: Sequence[str]) -> None:
    """Adds one to each of the steps (of ``STEPS``) of a day."""
    values = {step: getattr(AnswerDay, step) + 1 for step in STEPS if step in steps}
    changed = update(AnswerDay).where(AnswerDay.day == day).values(values).returning(AnswerDay.day)
    if not values or session.execute(changed).first() is not None:
        return
    try:
        with session.begin_nested():
            session.add(AnswerDay(day=day, **dict.fromkeys(STEPS, 0)))
    except IntegrityError:
        pass  # another process began the day
    session.execute(changed)


def answer_figures(session: Session, first: date, end: date, name: str = "") -> AnswerFigures:
    """The sums from a day up to, without, another."""
    sums = select(*(func.coalesce(func.sum(getattr(AnswerDay, step)), 0) for step in STEPS))
    return AnswerFigures(name, *(int(value) for value in session.execute(sums.where(AnswerDay.day >= first, AnswerDay.day < end)).one()))


def answer_months(session: Session, year: int) -> list[AnswerFigures]:
    """The sums of each month of a year, the months without questions left out."""
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    found = [answer_figures(session, first, end, f"{first.month}月") for first, end in pairwise(starts)]
    return [row for row in found if row.asked]
