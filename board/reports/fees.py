"""信息处理费: what applicants paid in the span, from the events of their applications (条例 Art. 42)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.applications.life import chain
from board.models import Application, Event
from board.reports.registered import of_units
from board.reports.scope import Scope


def fees_paid(session: Session, scope: Scope) -> int:
    """Yuan paid in the span: for each payment the amount of the notice before it."""
    paid = select(Event).where(Event.action == "fee_paid", Event.at >= scope.start, Event.at < scope.end)
    chains = {event.chain: event for event in session.scalars(paid)}
    if not chains:
        return 0
    ours = {chain(application) for application in session.scalars(select(Application).where(of_units(Application, scope)))}
    asked = select(Event).where(Event.action == "ask_fee", Event.chain.in_(sorted(chains.keys() & ours))).order_by(Event.sequence)
    amounts = {event.chain: int(event.data["amount"]) for event in session.scalars(asked)}
    return sum(amounts.values())
