"""Monthly returns: what a month was when it was submitted, and what became of it since, cell by cell with the items that cause it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.inquiries.deadlines import Calendar
from board.models import MonthlyReturn, ReturnAdjustment, ReturnKind
from board.reports.cell_items import Cells, Number, canonical, cells_now, forms_of, unpacked
from board.reports.forms import Form
from board.reports.joining import Join, join_of, parts_of_total
from board.reports.refs import ids_from
from board.reports.scope import months_scope


@dataclass(frozen=True, slots=True)
class Line:
    """A cell of a submitted month that reads otherwise now: ``added`` and ``removed`` are the ids of the items that cause it."""

    year: int
    month: int
    form: str
    path: str
    label: str
    before: Number
    after: Number
    kind: str
    added: tuple[int, ...]
    removed: tuple[int, ...]


@dataclass(slots=True)
class Known:
    """A month as the returns tell it up to now: its own figures with the adjustments that were submitted later."""

    row: MonthlyReturn
    values: dict[str, dict[str, Number]]
    ids: dict[str, dict[str, tuple[str, frozenset[int]]]]


@dataclass(frozen=True, slots=True)
class YearCell:
    """A cell of the year: by month as submitted, the sum of its adjustments, and what the two make together; None where it is worked out anew."""

    path: str
    label: str
    join: Join
    months: Mapping[int, Number]
    adjusted: Number
    total: Number | None


def returns_of(session: Session, year: int, until: datetime | None = None) -> list[MonthlyReturn]:
    """The returns of a year (submitted by then) in the order of the months; of an opening balance the newest revision."""
    query = select(MonthlyReturn).where(MonthlyReturn.year == year)
    if until is not None:
        query = query.where(MonthlyReturn.submitted_at <= until)
    rows = session.scalars(query.order_by(MonthlyReturn.month, MonthlyReturn.revision))
    newest = {row.month: row for row in rows}
    return [newest[month] for month in sorted(newest)]


def opening_of(session: Session, year: int, until: datetime | None = None) -> MonthlyReturn | None:
    """The opening balance of a year; None for an office that counts from January."""
    return next((row for row in returns_of(session, year, until) if row.kind is ReturnKind.opening), None)


def fingerprint_of(cells: Mapping[str, Any], packed_items: bytes) -> str:
    """SHA-256 over the figures and the references of a return."""
    return hashlib.sha256(canonical(cells) + b"\n" + canonical(unpacked(packed_items))).hexdigest()


def number_from(text: str) -> Number:
    """A number as adjustments and opening balances keep it."""
    return float(text) if "." in text else int(text)


def adjustments_of(session: Session, year: int) -> Sequence[ReturnAdjustment]:
    """The submitted adjustments of a year's months, oldest first."""
    return session.scalars(select(ReturnAdjustment).where(ReturnAdjustment.year == year).order_by(ReturnAdjustment.id)).all()


def known_months(session: Session, year: int) -> list[Known]:
    """Every return of the year with what was adjusted since."""
    found = {row.month: known(row) for row in returns_of(session, year)}
    for line in adjustments_of(session, year):
        if line.month in found and found[line.month].row.kind is ReturnKind.month:
            adjust(found[line.month], line)
    return [found[month] for month in sorted(found)]


def known(row: MonthlyReturn) -> Known:
    """A return as it was submitted."""
    items = unpacked(row.items)
    ids = {form: {path: (kind, frozenset(ids_from(steps))) for path, (kind, steps) in found.items()} for form, found in items.items()}
    return Known(row, {form: dict(found) for form, found in row.cells.items()}, ids)


def adjust(month: Known, line: ReturnAdjustment) -> None:
    """Puts a submitted adjustment on top of a month."""
    month.values.setdefault(line.form, {})[line.path] = number_from(line.after)
    kind, ids = month.ids.get(line.form, {}).get(line.path, ("", frozenset()))
    changed = (ids | {one[1] for one in line.added}) - {one[1] for one in line.removed}
    month.ids.setdefault(line.form, {})[line.path] = (kind or next((one[0] for one in [*line.added, *line.removed]), ""), changed)


def open_lines(session: Session, calendar: Calendar, forms: Iterable[Form], year: int, at: datetime) -> list[Line]:
    """What changed in the submitted months of a year and was told with no return yet."""
    in_force, found = forms_of(forms, year), []
    for month in known_months(session, year):
        if month.row.kind is ReturnKind.month:
            now = cells_now(session, months_scope(year, month.row.month, month.row.month, at), calendar, in_force)
            found += changes(month, now)
    return found


def changes(month: Known, now: Cells) -> list[Line]:
    """The cells of a month that read otherwise now; a form that is new since is left out."""
    found = []
    for form, cells in now.items():
        for path, cell in cells.items():
            before, (_, ids) = month.values.get(form, {}).get(path), month.ids.get(form, {}).get(path, ("", frozenset()))
            here = frozenset(cell.ids)
            if before is None or (before == cell.value and ids == here):
                continue
            after = cell.value if not isinstance(cell.value, str) else 0
            found.append(Line(month.row.year, month.row.month, form, path, cell.label, before, after, cell.kind, tuple(sorted(here - ids)), tuple(sorted(ids - here))))
    return found


def year_cells(forms: Iterable[Form], months: Sequence[Known], lines: Iterable[ReturnAdjustment | Line]) -> dict[str, dict[str, YearCell]]:
    """The year as the sum of its submitted months and all adjustments (submitted ones and those that wait)."""
    differences: dict[tuple[str, str, int], Number] = {}
    sets = {(month.row.month, form, path): ids for month in months for form, found in month.ids.items() for path, (_, ids) in found.items()}
    for line in lines:
        key = (line.form, line.path, line.month)
        before, after = (number_from(str(value)) for value in (line.before, line.after))
        differences[key] = differences.get(key, 0) + after - before
        if isinstance(line, Line):
            sets[line.month, line.form, line.path] = (sets.get((line.month, line.form, line.path), frozenset()) | set(line.added)) - set(line.removed)
    result: dict[str, dict[str, YearCell]] = {}
    for form in forms:
        result[form.name] = {}
        for cell in form.cells:
            submitted = {month.row.month: month.row.cells[form.name][cell.path] for month in months if cell.path in month.row.cells.get(form.name, {})}
            if submitted:
                moved = {month: differences.get((form.name, cell.path, month), 0) for month in submitted}
                union = frozenset().union(*(sets.get((month, form.name, cell.path), frozenset()) for month in submitted))
                result[form.name][cell.path] = joined(cell.path, cell.label, join_of(cell.definition), submitted, moved, len(union))
    for form in forms:
        add_opening_totals(form, months, result[form.name])
    return result


def joined(path: str, label: str, join: Join, submitted: Mapping[int, Number], moved: Mapping[int, Number], once: int) -> YearCell:
    """One cell over its months."""
    each = {month: submitted[month] + moved[month] for month in submitted}
    total = {
        Join.adds: sum(each.values()), Join.first: each[min(each)], Join.last: each[max(each)], Join.once: once, Join.anew: None,
    }[join]  # fmt: skip
    return YearCell(path, label, join, submitted, sum(moved.values()), total)


def add_opening_totals(form: Form, months: Sequence[Known], cells: dict[str, YearCell]) -> None:
    """A total that counts items once takes the typed parts of the opening balance, which has no items."""
    opening = next((month for month in months if month.row.kind is ReturnKind.opening), None)
    for path, cell in list(cells.items()):
        if opening is not None and cell.join is Join.once and cell.total is not None:
            more = sum(opening.row.cells.get(form.name, {}).get(one, 0) for one in parts_of_total(form, path))
            cells[path] = YearCell(path, cell.label, cell.join, cell.months, cell.adjusted, cell.total + more)
