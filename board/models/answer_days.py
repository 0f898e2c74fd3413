"""What became of the answers of the page for asking, by day: numbers alone, never a question or who asked it."""

from datetime import date

from sqlalchemy import CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from board.models.base import Base


class AnswerDay(Base):
    """A Shanghai day: questions asked, answers shown, and of these those whose source was opened, that solved it, that did not, that were followed by a post.

    Everything is counted to the day on which the answer was shown, so that no day has more posts than answers.
    """

    __tablename__ = "answer_days"
    __table_args__ = (
        CheckConstraint("asked >= 0 and shown >= 0 and opened >= 0 and solved >= 0 and unsolved >= 0 and posted >= 0", name="counts"),
        CheckConstraint("shown <= asked and opened <= shown and solved <= shown and unsolved <= shown and posted <= shown", name="order"),
    )

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    solved: Mapped[int] = mapped_column(default=0)
    unsolved: Mapped[int] = mapped_column(default=0)
    posted: Mapped[int] = mapped_column(default=0)
