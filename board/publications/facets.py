"""What the library can be narrowed by."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.models import Disclosure, PublicationState, Unit


def units_in_use(session: Session) -> Sequence[tuple[str, str, int]]:
    """Units with published items: code, name, number of items, the most first."""
    number = func.count()
    counted = select(Unit.code, Unit.name, number).join(Disclosure, Disclosure.unit_id == Unit.id).where(Disclosure.state == PublicationState.published)
    return session.execute(counted.group_by(Unit.code, Unit.name).order_by(number.desc(), Unit.code)).all()
