"""A month is submitted by a person, once and in order; what changed in earlier months goes with it as adjustment lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput
from board.inquiries.deadlines import Calendar
from board.models import MonthlyReturn, ReturnAdjustment, ReturnKind
from board.reports.cell_items import Number, cells_now, forms_of, packed
from board.reports.entered_figures import checked
from board.reports.forms import ENTERED, Form, load_forms
from board.reports.frozen_years import is_frozen
from board.reports.joining import Join, join_of
from board.reports.refs import as_stored, refs_of
from board.reports.returns import Line, fingerprint_of, number_from, open_lines, returns_of
from board.reports.scope import FIRST_YEAR, MONTHS, checked_year, months_scope
from board.staff.roles import Actor, Right, require
from board.storage.chains import note

NOTE_MOST = 300


def next_month(rows: Sequence[MonthlyReturn]) -> int:
    """The month that is to be submitted next; 13 when all are there."""
    return max((row.month for row in rows), default=0) + 1


def submit_month(session: Session, actor: Actor, config_dir: Path, calendar: Calendar, year: int, month: int, at: datetime) -> MonthlyReturn:
    """Freezes the month's cells as they are now and tells what changed in the months before; Refused out of order, too early, or for a frozen year."""
    require(actor, Right.submit_return)
    scope, rows = months_scope(year, month, month, at), returns_of(session, year)
    if scope.provisional:
        raise InvalidInput(f"{year}年{month}月还没有结束，不能报送。", "month")
    if is_frozen(session, year):
        raise InvalidInput(f"{year}年度已经关账，不能再报送月报。", "year")
    if month != next_month(rows):
        told = f"应先报送{next_month(rows)}月" if next_month(rows) <= month else f"{month}月已经报送"
        raise InvalidInput(f"{told}。年中启用的单位请先登记期初数。", "month")
    forms = load_forms(config_dir)
    lines = [line for one in (year - 1, year) if one >= FIRST_YEAR and not is_frozen(session, one) for line in open_lines(session, calendar, forms, one, at)]
    values, items = as_stored(cells_now(session, scope, calendar, forms_of(forms, year)))
    content = packed(items)
    row = MonthlyReturn(
        kind=ReturnKind.month, year=year, month=month, revision=1, cells=values, items=content, sha256=fingerprint_of(values, content), submitted_at=at,
        submitted_by=actor.name,
    )  # fmt: skip
    kept(session, row)
    keep_lines(session, row, lines)
    note(session, "submit_return", actor.name, at, data={"year": year, "month": month, "sha256": row.sha256, "adjustments": len(lines)}, chain="report")
    return row


def kept(session: Session, row: MonthlyReturn) -> None:
    """Writes a return; Conflict when another person was faster."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("他人刚报送了这个月，请刷新后核对。") from error


def keep_lines(session: Session, row: MonthlyReturn, lines: Sequence[Line]) -> None:
    """Writes the adjustments with the numbers of the items that cause them."""
    for line in lines:
        causes = {"added": refs_of(session, line.kind, line.added), "removed": refs_of(session, line.kind, line.removed)}
        place = {"year": line.year, "month": line.month, "form": line.form, "path": line.path}
        session.add(ReturnAdjustment(return_id=row.id, before=str(line.before), after=str(line.after), **place, **causes))
    session.flush()


def opening_cells(form: Form) -> list[str]:
    """The cells of a form that an opening balance can hold: those that add up over the year, and the carry-over from last year."""
    return [cell.path for cell in form.cells if cell.definition != ENTERED and join_of(cell.definition) in (Join.adds, Join.first)]


def submit_opening(
    session: Session, actor: Actor, config_dir: Path, year: int, month: int, typed: Mapping[tuple[str, str], str], reason: str, at: datetime
) -> MonthlyReturn:
    """The balance of the months up to ``month`` from the books before; it can be put right as a new revision until the year is frozen."""
    require(actor, Right.submit_return)
    rows, reason = returns_of(session, checked_year(year)), " ".join(reason.split())
    if not 1 <= month < MONTHS or months_scope(year, month, month, at).provisional:
        raise InvalidInput("期初数应截至1至11月中已经结束的一个月。", "month")
    if not reason or len(reason) > NOTE_MOST:
        raise InvalidInput(f"请写明期初数的依据（最多{NOTE_MOST}字）。", "reason")
    if is_frozen(session, year) or any(row.kind is ReturnKind.month and row.month <= month for row in rows):
        raise InvalidInput("已经报送了这些月份或者年度已经关账，不能再登记期初数。", "month")
    if any(row.kind is ReturnKind.opening and row.month != month for row in rows):
        raise InvalidInput("本年度的期初数已经登记到另一个月份，只能更正同一月份的期初数。", "month")
    values = {form.name: opening_values(form, typed) for form in forms_of(load_forms(config_dir), year)}
    revision = session.scalar(select(func.max(MonthlyReturn.revision)).where(MonthlyReturn.year == year, MonthlyReturn.month == month)) or 0
    content = packed({})
    row = MonthlyReturn(
        kind=ReturnKind.opening, year=year, month=month, revision=revision + 1, cells=values, items=content, sha256=fingerprint_of(values, content),
        note=reason, submitted_at=at, submitted_by=actor.name,
    )  # fmt: skip
    kept(session, row)
    note(session, "submit_opening", actor.name, at, data={"year": year, "month": month, "revision": row.revision, "sha256": row.sha256}, chain="report")
    return row


def opening_values(form: Form, typed: Mapping[tuple[str, str], str]) -> dict[str, Number]:
    """The typed cells of a form, bounded; what was not typed is 0."""
    cells = {cell.path: cell for cell in form.cells}
    return {path: number_from(checked(cells[path], typed.get((form.name, path), ""), blank_counts=True) or "0") for path in opening_cells(form)}
