"""The checker over a live year: the records, every form's identities and entries, last year's figures, labels over all forms; each with its items."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from board.models import Disclosure
from board.reports.annual import Report
from board.reports.applications_counted import unconfirmed
from board.reports.cell_items import CellNow, canonical
from board.reports.checking import INDEX_YEAR_LEAST
from board.reports.figures import chosen, figure_of
from board.reports.forms import ENTERED, Form, value_findings
from board.reports.frozen_years import Frozen
from board.reports.returns import returns_of
from board.reports.scope import MONTHS, Scope
from board.reports.written_words import EPOCH, PLACEHOLDER, plain

LABEL_LEAST = 5
Ref = tuple[str, int]
FormCells = Mapping[str, Mapping[str, CellNow]]
#: table 三 of this year and of the last: 二 = last year's 四 (国办公开办函〔2021〕30号)
APPLICANTS = ("person", "business", "research", "welfare", "legal", "other", "total")


@dataclass(frozen=True, slots=True)
class YearFinding:
    """What does not fit in a year: rule, words, where (a cell's path, "" for the records), values, form ("" for the year), the items that cause it."""

    rule: str
    message: str
    where: str
    values: tuple[str, ...] = ()
    form: str = ""
    items: tuple[Ref, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all of it: an overruling holds for this finding as it reads, and for no other."""
        content = [self.rule, self.form, self.message, self.where, list(self.values), [list(ref) for ref in self.items]]
        return hashlib.sha256(canonical(content)).hexdigest()


def all_findings(session: Session, report: Report, forms: Sequence[Form], cells: FormCells, before: Frozen | None, until: datetime) -> list[YearFinding]:
    """All rules over a year, those of the records first."""
    found = [YearFinding(one.code, one.message, "", (), "", tuple((item.kind, item.id) for item in one.items)) for one in report.findings]
    found += [*epoch_dates(session, report.scope), *waiting_applications(session, report.scope), *missing_months(session, report.year, until)]
    for form in forms:
        found += [*identities(form, cells[form.name]), *entries(form, cells[form.name]), *unset_texts(form, cells[form.name])]
    found += [*same_labels(cells), *carried_in(cells, before), *cumulative(session, report, before)]
    return list({one.fingerprint: one for one in found}.values())


def epoch_dates(session: Session, scope: Scope) -> Iterator[YearFinding]:
    """Disclosures whose day of making, changing or validity is the first day of computers' time or lies before all catalogues."""
    rows = session.scalars(chosen(figure_of("proactive_disclosures.total"), scope, Disclosure).order_by(Disclosure.id))
    odd = [row for row in rows if any(day is not None and day.year < INDEX_YEAR_LEAST for day in (row.made_on, row.changed_on, row.valid_from))]
    if odd:
        yield YearFinding("epoch_date", f"生成、变更或者生效日期早于{INDEX_YEAR_LEAST}年（多为系统默认日期）：{len(odd)}条。", "", items=tuple(("disclosure", row.id) for row in odd))


def waiting_applications(session: Session, scope: Scope) -> Iterator[YearFinding]:
    """Applications that came and were not confirmed with the applicant: they stand in no row of table 三."""
    rows = unconfirmed(session, scope)
    if rows:
        yield YearFinding("application_unconfirmed", f"尚未与申请人确认收到日的依申请公开：{len(rows)}件，没有计入任何一行。", "", items=tuple(("application", row.id) for row in rows))


def missing_months(session: Session, year: int, until: datetime) -> Iterator[YearFinding]:
    """An office that submits months submits all of them."""
    rows = returns_of(session, year, until)
    last = max((row.month for row in rows), default=MONTHS)
    if last < MONTHS:
        yield YearFinding("month_missing", f"月报只报送到{last}月，全年应报送到{MONTHS}月。", "", (str(last),))


def identities(form: Form, cells: Mapping[str, CellNow]) -> Iterator[YearFinding]:
    """Sums of the form that do not hold; the items that stand on one side only are named."""
    sides = {"、".join(right): (left, right) for _, (left, right) in form.identities}
    for one in value_findings(form, {path: cell.value for path, cell in cells.items()}):
        left, right = sides.get(one.where, ((), ()))
        yield YearFinding(one.rule, one.message, one.where, one.values, form.name, one_sided(cells, left, right))


def one_sided(cells: Mapping[str, CellNow], left: Iterable[str], right: Iterable[str]) -> tuple[Ref, ...]:
    """The items that one side counts more often than the other."""
    counts = [Counter((cells[path].kind, one) for path in side if path in cells for one in cells[path].ids) for side in (left, right)]
    return tuple(sorted(ref for ref in counts[0].keys() | counts[1].keys() if counts[0][ref] != counts[1][ref]))


def entries(form: Form, cells: Mapping[str, CellNow]) -> Iterator[YearFinding]:
    """Cells that people fill and nobody filled: they would go out as 0."""
    missing = [cell for cell in cells.values() if cell.source == "not entered"]
    if missing:
        names = "、".join(cell.label for cell in missing[:3])
        yield YearFinding("blank", f"{form.title}有{len(missing)}格没有填报（{names}{'等' if len(missing) > 3 else ''}），没有的应填0。", "、".join(cell.path for cell in missing), (str(len(missing)),), form.name)


def unset_texts(form: Form, cells: Mapping[str, CellNow]) -> Iterator[YearFinding]:
    """Entries that are only a place holder, or the first day of computers' time."""
    for cell in cells.values():
        if cell.source == "entered" and isinstance(cell.value, str):
            if PLACEHOLDER.search(cell.value):
                yield YearFinding("placeholder", f"“{cell.label}”没有填写真实内容：{cell.value[:40]}。", cell.path, (cell.value[:40],), form.name)
            if EPOCH.search(cell.value):
                yield YearFinding("epoch_date", f"“{cell.label}”出现1970年，是系统默认的起始时间：{cell.value[:40]}。", cell.path, (cell.value[:40],), form.name)


def same_labels(cells: FormCells) -> Iterator[YearFinding]:
    """The same label, or the same definition, has one number in all forms of the year."""
    groups: dict[str, list[tuple[str, CellNow]]] = {}
    for form, found in cells.items():
        for cell in found.values():
            if not isinstance(cell.value, str) and cell.source != "not entered":
                label = plain(cell.label)
                keys = [f"说法“{label}”"] if len(label) >= LABEL_LEAST else []
                for key in keys if cell.definition == ENTERED else [*keys, f"统计项“{cell.definition}”"]:
                    groups.setdefault(key, []).append((form, cell))
    for key, group in groups.items():
        if len({float(cell.value) for _, cell in group}) > 1 and len({form for form, _ in group}) > 1:
            told = "；".join(f"{form}“{cell.label}”{cell.value}" for form, cell in group)
            sets: list[set[Ref]] = [{(cell.kind, one) for one in cell.ids} for _, cell in group]
            causes = sets[0].union(*sets) - sets[0].intersection(*sets)
            yield YearFinding("same_label", f"{key}在各表中不一致：{told}。", "、".join(cell.path for _, cell in group), tuple(str(cell.value) for _, cell in group), items=tuple(sorted(causes)))


def carried_in(cells: FormCells, before: Frozen | None) -> Iterator[YearFinding]:
    """二 of this year = 四 of last year's frozen report, in every column, with the applications that stand in one of the two."""
    last = next((found for found in before.content["forms"].values() if "applications.carried_out.total" in found), None) if before is not None else None
    for form, found in cells.items():
        for column in APPLICANTS:
            here = found.get(f"applications.carried_in.{column}")
            then = (last or {}).get(f"applications.carried_out.{column}")
            if here is not None and then is not None and here.value != then["value"]:
                causes = {("application", one) for one in set(here.ids) ^ set(then["ids"])}
                text = f"“{here.label}”{here.value}，与上年报告的结转下年度{then['value']}不符。"
                yield YearFinding("carry_over", text, here.path, (str(then["value"]), str(here.value)), form, tuple(sorted(causes)))


def cumulative(session: Session, report: Report, before: Frozen | None) -> Iterator[YearFinding]:
    """Last year's frozen cumulative figure + this year = this year's cumulative figure; named are the items that were entered for earlier years since."""
    if before is None:
        return
    for words, kind, group, this in (("主动公开政府信息", "disclosure", "proactive_disclosures", "total"), ("依申请公开", "application", "applications", "received")):
        last, here, now = figures_of(before, report, group, this)
        if last + here != now:
            text = f"{words}：上年报告累计{last} + 本年{here} ≠ 累计{now}，有{now - last - here:+d}条是上年关账以后变动的。"
            causes = entered_since(session, report.scope, before.row.counted_at) if kind == "disclosure" else ()
            yield YearFinding("cumulative", text, "", (str(last), str(here), str(now)), items=causes)


def entered_since(session: Session, scope: Scope, frozen_at: datetime) -> tuple[Ref, ...]:
    """Disclosures of earlier years that were entered after the last year was closed."""
    query = chosen(figure_of("proactive_disclosures.cumulative"), scope, Disclosure.id).where(Disclosure.published_at < scope.start, Disclosure.created_at > frozen_at)
    return tuple(("disclosure", one) for one in session.scalars(query.order_by(Disclosure.id)))


def figures_of(before: Frozen, report: Report, group: str, this: str) -> tuple[int, int, int]:
    """Last year's cumulative figure, this year's figure, this year's cumulative figure."""
    values = [figures[group]["cumulative"] for figures in (before.content["figures"], report.figures)]
    last, now = (value["count"] if isinstance(value, Mapping) else value for value in values)
    return last, report.figures[group][this], now
