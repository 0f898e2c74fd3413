"""The final report of a year in a statutory form: cells, findings, and which findings a person lets stand; of a frozen year what was frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput, Refused
from board.inquiries.deadlines import Calendar
from board.models import FindingOverruling, MonthlyReturn
from board.reports.annual import annual_report
from board.reports.cell_items import CellNow, Cells, Number, cells_now, forms_of
from board.reports.forms import DERIVED, ENTERED, Form, form_of, load_forms
from board.reports.frozen_years import Frozen, frozen
from board.reports.handling import share
from board.reports.joining import Join, join_of, parts_of_total
from board.reports.returns import opening_of
from board.reports.scope import MONTHS, Scope, months_scope, year_scope
from board.reports.year_findings import YearFinding, all_findings
from board.settings import Settings

SHOWN_MOST = 5


@dataclass(frozen=True, slots=True)
class FinalCell:
    """A cell of the year: ``opening`` is the part that came with an opening balance and has no items here; value = opening + items when it is plain."""

    cell: CellNow
    opening: Number = 0


@dataclass(frozen=True, slots=True)
class Overruled:
    """Who lets a finding stand, when, and the reason that is printed."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FinalReport:
    """One year in one form; ``findings`` come with their overruling or None. ``version`` is the frozen one, 0 while the year lives."""

    year: int
    form: str
    title: str
    basis: str
    counted_at: datetime
    provisional: bool
    cells: Mapping[str, FinalCell]
    findings: tuple[tuple[YearFinding, Overruled | None], ...]
    version: int = 0
    sha256: str = ""

    @property
    def open(self) -> tuple[YearFinding, ...]:
        """The findings that nobody solved or overruled."""
        return tuple(finding for finding, overruled in self.findings if overruled is None)

    @property
    def printed(self) -> tuple[str, ...]:
        """One sentence for each overruled finding, as it is printed in the report."""
        return tuple(f"{finding.message}说明：{overruled.reason}" for finding, overruled in self.findings if overruled is not None)


@dataclass(frozen=True, slots=True)
class FinalYear:
    """The year in all forms in force, its plain figures (board.reports.annual) and all findings."""

    year: int
    at: datetime
    provisional: bool
    forms: Mapping[str, Mapping[str, FinalCell]]
    figures: Mapping[str, Any]
    inquiries: Mapping[str, Any]
    findings: tuple[YearFinding, ...]
    overruled: Mapping[str, Overruled]

    @property
    def open(self) -> tuple[YearFinding, ...]:
        """The findings that nobody solved or overruled."""
        return tuple(finding for finding in self.findings if finding.fingerprint not in self.overruled)


def final_report(session: Session, settings: Settings, taxonomy: Mapping[str, Any], calendar: Calendar, year: int, form: str, at: datetime) -> FinalReport:
    """THE report of a year and form for every export: the newest frozen version, else the year as it stands at ``at``; InvalidInput for a wrong form."""
    chosen = form_of(settings.config_dir, form)
    if not chosen.from_year <= year <= chosen.to_year:
        raise InvalidInput(f"{chosen.name} 适用于 {chosen.from_year} 至 {chosen.to_year} 年，不适用于 {year} 年。", "form")
    kept = frozen(session, year)
    if kept is not None and form in kept.content["forms"]:
        return from_frozen(kept, chosen)
    whole = final_year(session, settings, taxonomy, calendar, year, at)
    found = tuple((one, whole.overruled.get(one.fingerprint)) for one in whole.findings if one.form in ("", form))
    return FinalReport(year, form, chosen.title, chosen.basis, at, whole.provisional, whole.forms[form], found)


def require_final(report: FinalReport) -> FinalReport:
    """The report itself when it may go out as final; Refused with the findings that wait, or while the year has not ended."""
    if report.provisional:
        raise Refused(f"{report.year}年度还没有结束，只能输出阶段性数字。")
    if report.open:
        told = "；".join(finding.message for finding in report.open[:SHOWN_MOST])
        raise Refused(f"还有{len(report.open)}项校验没有处理，不能作为正式报告输出：{told}")
    return report


def final_year(
    session: Session, settings: Settings, taxonomy: Mapping[str, Any], calendar: Calendar, year: int, at: datetime, entered_until: datetime | None = None
) -> FinalYear:
    """The whole year as it stands at ``at`` (with what was entered until then, or until ``entered_until``)."""
    scope = year_scope(session, year, None, at)
    forms = forms_of(load_forms(settings.config_dir), year)
    cells = with_opening(session, scope, calendar, forms, entered_until or at)
    report = annual_report(session, settings, taxonomy, calendar, year, at=at)
    before = frozen(session, year - 1, until=entered_until or at)
    found = all_findings(session, report, forms, {name: {path: one.cell for path, one in kept.items()} for name, kept in cells.items()}, before, entered_until or at)
    known = overrulings(session, year, entered_until or at)
    return FinalYear(year, at, scope.provisional, cells, report.figures, report.inquiries, tuple(found), known)


def overrulings(session: Session, year: int, until: datetime) -> dict[str, Overruled]:
    """Fingerprint -> the newest overruling of a finding of the year."""
    rows = session.scalars(select(FindingOverruling).where(FindingOverruling.year == year, FindingOverruling.at <= until).order_by(FindingOverruling.id))
    return {row.fingerprint: Overruled(row.reason, row.overruled_by, row.at) for row in rows}


def with_opening(session: Session, scope: Scope, calendar: Calendar, forms: tuple[Form, ...], until: datetime) -> dict[str, dict[str, FinalCell]]:
    """The year's cells; where an opening balance stands, it and what came after it."""
    opening = opening_of(session, scope.year, until)
    span = months_scope(scope.year, opening.month + 1, MONTHS, scope.at) if opening is not None else scope
    now: Cells = cells_now(session, span, calendar, forms, until)
    if opening is None:
        return {form: {path: FinalCell(cell) for path, cell in cells.items()} for form, cells in now.items()}
    return {form.name: opened(form, now[form.name], opening) for form in forms}


def opened(form: Form, now: Mapping[str, CellNow], opening: MonthlyReturn) -> dict[str, FinalCell]:
    """The cells of a form on top of the balance."""
    typed = opening.cells.get(form.name, {})
    found: dict[str, FinalCell] = {}
    for path, cell in now.items():
        join = join_of(cell.definition) if cell.definition != ENTERED else Join.last
        more = sum(typed.get(one, 0) for one in parts_of_total(form, path)) if join is Join.once else typed.get(path, 0)
        if join is Join.first:
            found[path] = FinalCell(replace(cell, value=more, ids=()), more)
        else:
            found[path] = FinalCell(replace(cell, value=cell.value + more), more) if more and not isinstance(cell.value, str) else FinalCell(cell)
    return with_rate(found)


def with_rate(cells: dict[str, FinalCell]) -> dict[str, FinalCell]:
    """The rate of the whole year, opening balance included; times speak of the system's own records."""
    at = {one.cell.definition: one.cell.value for one in cells.values()}
    for path, one in cells.items():
        if one.cell.definition == DERIVED[0]:
            answered, valid = at.get("inquiries.answered", 0), at.get("inquiries.valid", 0)
            cells[path] = FinalCell(replace(one.cell, value=share(int(answered), int(valid))))
    return cells


def from_frozen(kept: Frozen, form: Form) -> FinalReport:
    """The report as the snapshot has it."""
    cells = {path: frozen_cell(path, found) for path, found in kept.content["forms"][form.name].items()}
    found = tuple(frozen_finding(one) for one in kept.content["findings"] if one["form"] in ("", form.name))
    return FinalReport(kept.row.year, form.name, form.title, form.basis, kept.row.counted_at, provisional=False, cells=cells, findings=found, version=kept.row.version, sha256=kept.row.sha256)


def frozen_cell(path: str, found: Mapping[str, Any]) -> FinalCell:
    """A cell of a snapshot."""
    return FinalCell(CellNow(path, found["label"], found["definition"], found["source"], found["value"], found["kind"], tuple(found["ids"])), found["opening"])


def frozen_finding(found: Mapping[str, Any]) -> tuple[YearFinding, Overruled | None]:
    """A finding of a snapshot with its overruling."""
    given = found["overruled"]
    overruled = Overruled(given["reason"], given["by"], datetime.fromisoformat(given["at"])) if given else None
    items = tuple((kind, key) for kind, key in found["items"])
    return YearFinding(found["rule"], found["message"], found["where"], tuple(found["values"]), found["form"], items), overruled


def cell_document(one: FinalCell) -> dict[str, Any]:
    """A cell as a snapshot keeps it."""
    cell = one.cell
    return {
        "label": cell.label, "definition": cell.definition, "source": cell.source, "value": cell.value, "opening": one.opening, "kind": cell.kind, "ids": list(cell.ids),
    }  # fmt: skip


def year_document(whole: FinalYear, office: str) -> dict[str, Any]:
    """The whole year as plain values: what is frozen, byte for byte (see board.reports.cell_items.canonical)."""
    return {
        "schema": 1, "office": office, "year": whole.year, "counted_at": whole.at.isoformat(), "figures": whole.figures, "inquiries": whole.inquiries,
        "forms": {form: {path: cell_document(one) for path, one in cells.items()} for form, cells in whole.forms.items()},
        "findings": [finding_document(one, whole.overruled.get(one.fingerprint)) for one in whole.findings],
    }  # fmt: skip


def finding_document(one: YearFinding, overruled: Overruled | None) -> dict[str, Any]:
    """A finding as a snapshot keeps it."""
    said = {"reason": overruled.reason, "by": overruled.by, "at": overruled.at.isoformat()} if overruled else None
    return {"rule": one.rule, "message": one.message, "where": one.where, "values": list(one.values), "form": one.form, "items": [list(ref) for ref in one.items], "overruled": said}


def form_document(report: FinalReport) -> dict[str, Any]:
    """The report as the JSON contract has it: every cell by its path, findings with the printed reason of those that stand."""
    cells = {
        path: {"label": one.cell.label, "value": one.cell.value, "source": one.cell.source, "definition": one.cell.definition} | ({"opening": one.opening} if one.opening else {})
        for path, one in report.cells.items()
    }
    found = [
        {"rule": one.rule, "message": one.message, "where": one.where, "values": list(one.values), "overruled": overruled.reason if overruled else None}
        for one, overruled in report.findings
    ]
    return {
        "form": report.form, "title": report.title, "basis": report.basis, "year": report.year, "counted_at": report.counted_at.isoformat(timespec="seconds"),
        "provisional": report.provisional, "version": report.version, "sha256": report.sha256, "cells": cells, "findings": found,
    }  # fmt: skip
