"""Which rows of the registers of 依申请公开 and of 复议、诉讼、申诉 a figure counts (table 三 and 四 of 国办公开办函〔2021〕30号)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from board.models import Application, Review
from board.reports.scope import Scope


def of_units(table: Any, scope: Scope) -> ColumnElement[bool]:
    """The rows of the units in scope."""
    found: ColumnElement[bool] = table.id.is_not(None) if scope.unit_ids is None else table.unit_id.in_(scope.unit_ids)
    return found


def applied(scope: Scope) -> ColumnElement[bool]:
    """依申请公开 whose day of receipt in law (条例 Art. 31) lies in the span."""
    first, behind = scope.days
    return and_(Application.received_on >= first, Application.received_on < behind, of_units(Application, scope))


def applied_cumulative(scope: Scope) -> ColumnElement[bool]:
    """依申请公开 from the first year on."""
    return applied(scope.since_first)


def applied_before(scope: Scope) -> ColumnElement[bool]:
    """上年结转: received before the span and not concluded when it began."""
    open_then = or_(Application.concluded_at.is_(None), Application.concluded_at >= scope.start)
    return and_(Application.received_on < scope.days[0], open_then, of_units(Application, scope))


def applied_done(scope: Scope) -> ColumnElement[bool]:
    """本年度办理结果: concluded in the span."""
    return and_(
        Application.received_on.is_not(None), Application.concluded_at >= scope.start, Application.concluded_at < scope.end, of_units(Application, scope)
    )


def applied_left(scope: Scope) -> ColumnElement[bool]:
    """结转下年度继续办理: received before the end of the span and not concluded by then."""
    open_then = or_(Application.concluded_at.is_(None), Application.concluded_at >= scope.end)
    return and_(Application.received_on < scope.days[1], open_then, of_units(Application, scope))


def reviewed(scope: Scope) -> ColumnElement[bool]:
    """复议、诉讼、申诉 registered for a day of the span."""
    first, behind = scope.days
    return and_(Review.received_on >= first, Review.received_on < behind, of_units(Review, scope))


def review_ended(scope: Scope) -> ColumnElement[bool]:
    """Cases that ended in the span, whenever they came."""
    first, behind = scope.days
    return and_(Review.concluded_on >= first, Review.concluded_on < behind, of_units(Review, scope))


def review_pending(scope: Scope) -> ColumnElement[bool]:
    """尚未审结: received before the end of the span and not ended by then."""
    behind = scope.days[1]
    return and_(Review.received_on < behind, or_(Review.concluded_on.is_(None), Review.concluded_on >= behind), of_units(Review, scope))


def review_counted(scope: Scope) -> ColumnElement[bool]:
    """总计 of table 四: ended in the span or pending at its end."""
    return or_(review_ended(scope), review_pending(scope))
