"""Pages of a list, and texts for LIKE."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Item = TypeVar("Item")
PER_PAGE = 20
PAGE_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A page of a list; ``page`` and ``pages`` count from 1."""

    items: Sequence[Item]
    total: int
    page: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


def paged(session: Session, statement: Select[Item], page: int, per_page: int = PER_PAGE) -> Page[Item]:
    """One page of the rows of a statement that is already ordered; pages out of range are empty."""
    page = min(max(1, page), PAGE_MOST)
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).options().subquery())) or 0
    return Page(session.scalars(statement.limit(per_page).offset((page - 1) * per_page)).unique().all(), total, page, per_page)


def escaped(text: str) -> str:
    r"""A text for LIKE with ``\\`` as the escape sign."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
