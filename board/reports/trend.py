"""The last five years side by side, each number by the one definition of its figure."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from board.clock import year_span
from board.reports.figures import count
from board.reports.scope import FIRST_YEAR, Scope

YEARS = 5
#: figure -> its name in the table
TREND: Mapping[str, str] = {
    "inquiries.received": "收到留言（件）",
    "inquiries.closed": "办结留言（件）",
    "proactive_disclosures.total": "主动公开政府信息（条）",
    "applications.received": "收到政府信息公开申请（件）",
}


def five_years(session: Session, scope: Scope) -> dict[int, dict[str, int]]:
    """The numbers: year -> figure -> number, oldest first, ending with the scope's year."""
    spans = {year: Scope(*year_span(year), scope.unit_ids, scope.at) for year in range(max(FIRST_YEAR, scope.year - YEARS + 1), scope.year + 1)}
    return {year: {key: count(session, span, key) for key in TREND} for year, span in spans.items()}
