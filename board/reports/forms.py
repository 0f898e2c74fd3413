"""The statutory forms as data (config/report_forms/form_*.toml): every cell with its path, its label and the name of its one definition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotConfigured
from board.inquiries.deadlines import Calendar
from board.models import EnteredFigure
from board.reports.figures import FIGURES, count, grouped
from board.reports.handling import handling, share
from board.reports.scope import LAST_YEAR, Scope
from board.reports.written_tables import WrittenFinding
from board.settings import read_toml

ENTERED = "entered"
UNFILLED = "未填"
#: figures that are worked out of others
DERIVED = ("inquiries.answer_rate", "inquiries.mean_handling_days", "inquiries.median_handling_days", "inquiries.mean_working_days")
Sides = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ``definition`` is a figure ("key", "key:part" or "key:part|part"), a derived figure, or "entered"; ``text`` is filled with words."""

    path: str
    label: str
    definition: str
    text: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form with the years in which it is used; ``identities`` are (rule, sum of these paths, sum of those paths), ``titles`` the tables' by their path."""

    name: str
    title: str
    basis: str
    from_year: int
    to_year: int
    cells: tuple[Cell, ...]
    identities: tuple[tuple[str, Sides], ...]
    titles: Mapping[str, str] = field(default_factory=dict)


def load_forms(config_dir: Path) -> tuple[Form, ...]:
    """All forms, checked; NotConfigured with the file for a wrong one."""
    return tuple(read_form(path) for path in sorted((config_dir / "report_forms").glob("form_*.toml")))


def form_of(config_dir: Path, name: str) -> Form:
    """The form of this name; InvalidInput with the known ones."""
    forms = {form.name: form for form in load_forms(config_dir)}
    if name not in forms:
        raise InvalidInput(f"没有名为“{name[:20]}”的表，可以用：{'、'.join(forms)}。", "form")
    return forms[name]


def read_form(path: Path) -> Form:
    """One file; a missing entry, a double path, an unknown definition or an unknown path in an identity is refused."""
    data = read_toml(path)
    try:
        cells = tuple(cell for table in data["tables"] for cell in cells_of(table))
        identities = tuple(pair for table in data["tables"] for pair in identities_of(table))
        titles = {table["path"]: table["title"] for table in data["tables"]}
        form = Form(data["name"], data["title"], data["basis"], int(data["from_year"]), int(data.get("to_year", LAST_YEAR)), cells, identities, titles)
    except (KeyError, TypeError, ValueError) as error:
        raise NotConfigured(f"表的格式不完整：{path.name}（{error}）。") from error
    paths = [cell.path for cell in cells]
    wrong = {one for one in paths if paths.count(one) > 1} | {one for _, sides in identities for side in sides for one in side if one not in paths}
    wrong |= {cell.definition for cell in cells if not is_defined(cell.definition)}
    wrong |= {f"{table['path']}.{one}" for table in data["tables"] for one in table.get("counted", {}) if f"{table['path']}.{one}" not in paths}
    if wrong:
        raise NotConfigured(f"表中有重复的路径、不存在的格或不认识的统计项：{path.name}（{'、'.join(sorted(wrong))}）。")
    return form


def is_defined(definition: str) -> bool:
    """Whether this names a figure, a part of a split figure, a derived figure, or an entry by hand."""
    key, _, part = definition.partition(":")
    return definition == ENTERED or definition in DERIVED or (key in FIGURES and bool(part) == bool(FIGURES[key].by))


def cells_of(table: Mapping[str, Any]) -> Iterator[Cell]:
    """Rows by columns; a list has one cell for each row."""
    counted, text = table.get("counted", {}), table.get("text", ())
    for row, label in table["rows"]:
        for column, head in table.get("columns", [["", ""]]):
            place = f"{row}.{column}".rstrip(".")
            yield Cell(f"{table['path']}.{place}", f"{label}：{head}".rstrip("："), counted.get(place, ENTERED), row in text)


def identities_of(table: Mapping[str, Any]) -> Iterator[tuple[str, Sides]]:
    """``row_sums`` for every row, ``column_sums`` for every column."""
    rows, columns = [row for row, _ in table["rows"]], [column for column, _ in table.get("columns", [["", ""]])]
    for left, right in table.get("row_sums", ()):
        for row in rows:
            yield "row_sum", (paths(table, [row], left), paths(table, [row], right))
    for left, right in table.get("column_sums", ()):
        for column in columns:
            yield "column_sum", (paths(table, left, [column]), paths(table, right, [column]))


def paths(table: Mapping[str, Any], rows: list[str], columns: list[str]) -> tuple[str, ...]:
    """Full paths of cells."""
    return tuple(f"{table['path']}.{row}.{column}".rstrip(".") for row in rows for column in columns)


def listed_by(definition: str) -> str:
    """The figure whose items are behind a counted cell: a rate lists its part, a time what was closed."""
    return definition if definition not in DERIVED else "inquiries.answered" if definition == DERIVED[0] else "inquiries.closed"


def entered_values(session: Session, scope: Scope, form: Form) -> dict[str, str]:
    """What people entered, the newest version of each cell; it speaks of the whole office only."""
    if scope.unit_ids is not None:
        return {}
    query = select(EnteredFigure.path, EnteredFigure.value).where(EnteredFigure.form == form.name, EnteredFigure.year == scope.year)
    return {row.path: row.value for row in session.execute(query.order_by(EnteredFigure.revision))}


def filled_form(session: Session, scope: Scope, calendar: Calendar, form: Form) -> dict[str, Any]:
    """The year in this form as plain values: every cell by its path, 0 and never blank, with where it comes from."""
    if not form.from_year <= scope.year <= form.to_year:
        raise InvalidInput(f"{form.name} 适用于 {form.from_year} 至 {form.to_year} 年，不适用于 {scope.year} 年。", "form")
    known: dict[str, dict[str, int]] = {}
    entered = entered_values(session, scope, form)
    cells = {cell.path: entered_cell(cell, entered) if cell.definition == ENTERED else cell_value(session, scope, calendar, cell, known) for cell in form.cells}
    found = value_findings(form, {path: cell["value"] for path, cell in cells.items()})
    return {
        "form": form.name, "title": form.title, "basis": form.basis, "year": scope.year, "counted_at": scope.at.isoformat(timespec="seconds"),
        "provisional": scope.provisional, "cells": cells, "findings": [{"rule": one.rule, "message": one.message, "where": one.where} for one in found],
    }  # fmt: skip


def entered_cell(cell: Cell, entered: Mapping[str, str]) -> dict[str, Any]:
    """A cell that people fill: what they entered, else 0 (or 未填 where words belong)."""
    given = entered.get(cell.path)
    value: int | float | str = UNFILLED if cell.text else 0
    if given is not None:
        value = given if cell.text else float(given) if "." in given else int(given)
    return {"label": cell.label, "value": value, "source": "not entered" if given is None else "entered", "definition": ENTERED}


def cell_value(session: Session, scope: Scope, calendar: Calendar, cell: Cell, known: dict[str, dict[str, int]]) -> dict[str, Any]:
    """One cell; split figures are counted once for all their cells (``known``)."""
    key, _, part = cell.definition.partition(":")
    value: int | float | str
    if key in DERIVED:
        value = derived(session, scope, calendar, key)
    elif part:
        known[key] = known.get(key) or grouped(session, scope, key)
        value = sum(known[key].get(one, 0) for one in part.split("|"))
    else:
        value = count(session, scope, key)
    return {"label": cell.label, "value": value, "source": "counted", "definition": cell.definition}


def derived(session: Session, scope: Scope, calendar: Calendar, key: str) -> float:
    """A rate or a time, from the same counts as the annual report."""
    if key == "inquiries.answer_rate":
        return share(count(session, scope, "inquiries.answered"), count(session, scope, "inquiries.valid"))
    times = handling(session, scope, calendar)
    return {DERIVED[1]: times.mean_days, DERIVED[2]: times.median_days, DERIVED[3]: times.mean_working_days}[key]


def value_findings(form: Form, values: Mapping[str, Any]) -> list[WrittenFinding]:
    """Missing, unknown and unreadable cells of a form, and identities that do not hold."""
    known, found, numbers = {cell.path: cell for cell in form.cells}, [], {}
    found += [WrittenFinding("unknown_cell", f"表中没有这一格：{path[:80]}。", path[:80]) for path in values if path not in known]
    for path, cell in known.items():
        value = values.get(path)
        if value is None or value == "":
            found.append(WrittenFinding("blank", f"“{cell.label}”没有填，没有的应填0。", path))
        elif not cell.text:
            numbers[path] = as_number(value)
            if numbers[path] is None:
                found.append(WrittenFinding("not_a_number", f"“{cell.label}”不是数字：{str(value)[:30]}。", path, (str(value)[:30],)))
    for rule, (left, right) in form.identities:
        sums = [sum((numbers.get(path) or Decimal(0) for path in side), Decimal(0)) for side in (left, right)]
        if sums[0] != sums[1]:
            text = f"{' + '.join(known[path].label for path in left)} = {sums[0]}，与{' + '.join(known[path].label for path in right)} = {sums[1]}不符。"
            found.append(WrittenFinding(rule, text, "、".join(right), (str(sums[0]), str(sums[1]))))
    return found


def as_number(value: Any) -> Decimal | None:
    """A finite number; None for anything else."""
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
