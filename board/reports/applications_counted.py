"""What tables 三 and 四 of the annual report and section 三 to 五 of the form up to 2018 count, cell by cell, and the items behind each cell (DOMAIN 5).

One definition each: an application is new in the span when its day of receipt in law (条例 Art. 31) lies in it, concluded when its reply was signed
or it was withdrawn in it, and carried over when it was received before and not concluded before. So 一 + 二 = 三（七） + 四 for any data.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from board.applications.handbook import Handbook
from board.models import ApplicantKind, Application, ApplicationChannel, ApplicationState, Review, ReviewResult
from board.reports.listed_items import Item, item_of
from board.reports.registered import applied, applied_before, applied_done, applied_left, of_units, review_ended, review_pending
from board.reports.scope import Scope

NEW, CARRIED_IN, HANDLED, CARRIED_OUT, TOTAL = "new", "carried_in", "handled", "carried_out", "total"
#: 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他, then 总计
COLUMNS = (*(kind.value for kind in ApplicantKind), TOTAL)
#: 复议 | 未经复议直接起诉 | 复议后起诉
REVIEW_COLUMNS = ("reconsideration", "suit_direct", "suit_after_review")
REVIEW_ROWS = ("upheld", "corrected", "other", "pending")
#: channels of the form up to 2018
FORMER_CHANNELS: Mapping[str, tuple[ApplicationChannel, ...]] = {
    "当面": (ApplicationChannel.window, ApplicationChannel.oral), "传真": (ApplicationChannel.fax,), "网络": (ApplicationChannel.web,),
    "信函": (ApplicationChannel.registered_post, ApplicationChannel.ordinary_post),
}  # fmt: skip


def rows_of(book: Handbook, *, one_other_row: bool = False) -> tuple[str, ...]:
    """The rows of table 三 in order: new, carried_in, the rows of 三, handled, carried_out; ``one_other_row`` for 2019 and 2020, where （六） is one."""
    results = [row for row in book.rows if not (one_other_row and row.startswith("other."))]
    return (NEW, CARRIED_IN, *results, *(("other",) if one_other_row else ()), HANDLED, CARRIED_OUT)


def condition(book: Handbook, scope: Scope, row: str) -> ColumnElement[bool]:
    """Which applications a row of table 三 counts; KeyError for an unknown row."""
    named = {NEW: applied, CARRIED_IN: applied_before, CARRIED_OUT: applied_left, HANDLED: applied_done}
    return named[row](scope) if row in named else and_(applied_done(scope), Application.outcome.in_(outcomes_of(book, row)))


def outcomes_of(book: Handbook, row: str) -> list[str]:
    """The codes of outcomes that a row collects; ``other`` is all of （六）. KeyError for an unknown row."""
    found = [one.code for one in book.outcomes.values() if one.row == row or (row == "other" and one.row.startswith("other."))]
    if not found and row not in book.rows:
        raise KeyError(row)
    return found


def table_three(session: Session, book: Handbook, scope: Scope, *, one_other_row: bool = False) -> dict[str, dict[str, int]]:
    """Table 三: row -> column -> count, every cell filled, columns as COLUMNS."""
    return {row: columns(session, condition(book, scope, row)) for row in rows_of(book, one_other_row=one_other_row)}


def columns(session: Session, where: ColumnElement[bool]) -> dict[str, int]:
    """One row by kind of applicant, with its total."""
    grouped = select(Application.kind, func.count()).where(where).group_by(Application.kind)
    found: dict[str, int] = {row[0].value: row[1] for row in session.execute(grouped)}
    filled = {kind.value: found.get(kind.value, 0) for kind in ApplicantKind}
    return filled | {TOTAL: sum(filled.values())}


def items_three(session: Session, book: Handbook, scope: Scope, row: str, column: str = TOTAL) -> list[Item]:
    """The applications behind one cell of table 三, oldest first: as many as the cell says."""
    query = select(Application).where(condition(book, scope, row)).order_by(Application.received_on, Application.id)
    if column != TOTAL:
        query = query.where(Application.kind == ApplicantKind(column))
    return [item_of(found) for found in session.scalars(query)]


def review_condition(scope: Scope, row: str, column: str) -> ColumnElement[bool]:
    """Which cases a cell of table 四 counts: concluded in the span with the result, or received before its end and not concluded by then."""
    kinds = {
        "reconsideration": Review.kind == "行政复议", "suit_direct": and_(Review.kind == "行政诉讼", Review.after_review.is_(False)),
        "suit_after_review": and_(Review.kind == "行政诉讼", Review.after_review.is_(True)),
    }  # fmt: skip
    result = review_pending(scope) if row == "pending" else and_(review_ended(scope), Review.result == ReviewResult(row))
    return and_(kinds[column], result)


def table_four(session: Session, scope: Scope) -> dict[str, dict[str, int]]:
    """Table 四: column (REVIEW_COLUMNS) -> result -> count, with ``total``."""
    cells = {
        column: {row: session.scalar(select(func.count()).select_from(Review).where(review_condition(scope, row, column))) or 0 for row in REVIEW_ROWS}
        for column in REVIEW_COLUMNS
    }
    return {column: rows | {TOTAL: sum(rows.values())} for column, rows in cells.items()}


def items_four(session: Session, scope: Scope, column: str, row: str = TOTAL) -> list[Item]:
    """The cases behind one cell of table 四, oldest first."""
    rows = REVIEW_ROWS if row == TOTAL else (row,)
    where = or_(*(review_condition(scope, each, column) for each in rows))
    return [item_of(found) for found in session.scalars(select(Review).where(where).order_by(Review.received_on, Review.id))]


def former_condition(book: Handbook, scope: Scope, cell: str) -> ColumnElement[bool]:
    """A cell of section 三 of the form up to 2018: ``channel.当面``, ``closed.on_time``, ``closed.extended``, ``reply.<row of former_rows>``.

    按时办结 are those that needed no extension, 延期办结 those that did; together they are 申请办结数. KeyError for an unknown cell.
    """
    group, _, name = cell.partition(".")
    if group == "channel":
        return and_(condition(book, scope, NEW), Application.channel.in_(FORMER_CHANNELS[name]))
    handled = condition(book, scope, HANDLED)
    if group == "closed":
        return and_(handled, Application.extended.is_({"on_time": False, "extended": True}[name]))
    codes = [one.code for one in book.outcomes.values() if one.former == name]
    if group != "reply" or name not in book.former_rows:
        raise KeyError(cell)
    return and_(handled, Application.outcome.in_(codes))


def former_cells(book: Handbook) -> tuple[str, ...]:
    """The cells of section 三 of the form up to 2018, in order."""
    return (*(f"channel.{name}" for name in FORMER_CHANNELS), "closed.on_time", "closed.extended", *(f"reply.{row}" for row in book.former_rows))


def former_three(session: Session, book: Handbook, scope: Scope) -> dict[str, int]:
    """Section 三 of the form up to 2018: cell -> count."""
    return {cell: session.scalar(select(func.count()).select_from(Application).where(former_condition(book, scope, cell))) or 0 for cell in former_cells(book)}


def items_former(session: Session, book: Handbook, scope: Scope, cell: str) -> list[Item]:
    """The applications behind one cell of that section, oldest first."""
    query = select(Application).where(former_condition(book, scope, cell)).order_by(Application.received_on, Application.id)
    return [item_of(found) for found in session.scalars(query)]


def unconfirmed(session: Session, scope: Scope) -> Sequence[Application]:
    """What came but was not yet confirmed with its applicant: in no row of table 三, and to be looked at before a year is closed."""
    where = and_(of_units(Application, scope), Application.state == ApplicationState.submitted, Application.received_at < scope.end)
    return session.scalars(select(Application).where(where).order_by(Application.id)).all()
