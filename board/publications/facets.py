"""What the library can be narrowed by."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.models import Disclosure, PublicationState, Unit, Validity


def units_in_use(session: Session) -> Sequence[tuple[str, str, int]]:
    """Units with published items: code, name, number of items, the most first."""
    number = func.count()
    counted = select(Unit.code, Unit.name, number).join(Disclosure, Disclosure.unit_id == Unit.id).where(Disclosure.state == PublicationState.published)
    return session.execute(counted.group_by(Unit.code, Unit.name).order_by(number.desc(), Unit.code)).all()


def five_open_in_use(session: Session) -> Sequence[str]:
    """Which of 五公开 published items bear."""
    used = select(Disclosure.five_open).where(Disclosure.state == PublicationState.published, Disclosure.five_open != "").distinct()
    return session.scalars(used.order_by(Disclosure.five_open)).all()


def validities_in_use(session: Session) -> Sequence[str]:
    """Which validities published items have, as names."""
    used = set(session.scalars(select(Disclosure.validity).where(Disclosure.state == PublicationState.published).distinct()))
    return [one.value for one in Validity if one in used]
