"""The report as one HTML page to publish (its CSS inside, no script, no address elsewhere) and the same page as PDF."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from board.reports import charts
from board.reports.annual import Report
from board.reports.narrative import Section
from board.reports.tables import FINDINGS, annex_line, tables
from board.reports.wordfile import ROWS_ANYWHERE, ROWS_TOGETHER, SECOND, marks, shown, unplaced
from board.wording.printing import pdf_of

#: what several drawings on one page must not have twice, and do not need
NAMES = re.compile(r' (?:id|clip-path)="[^"]*"')
#: a drawing has no style sheet in a printed page
FONT = '<svg font-family="Noto Sans CJK SC, sans-serif" '
PAGES = Path(__file__).parent / "pages"


def rendered(name: str, **values: Any) -> str:
    """A page of this room; what comes from records is escaped."""
    known = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return known.get_template(name).render(css=Markup((PAGES / "paper.css").read_text("utf-8")), **values)  # noqa: S704  # a file of this program


def page(report: Report) -> str:
    """The page; the findings of the office's own check are no part of what is published."""
    shown_tables = [table for table in tables(report) if table.title != FINDINGS]
    annexes = [(table, [(chart, drawn(chart)) for chart in charts.of_table(report, table.title)]) for table in shown_tables]
    return rendered(
        "annual.html", report=report, marks=marks(report), unplaced=unplaced(report), annexes=annexes, annex_line=annex_line(report), shown=shown,
        most=ROWS_TOGETHER, lead_of=lead_of, tall=lambda section: tall(report.grids, section),
    )  # fmt: skip


def drawn(chart: charts.Chart) -> str:
    """The chart as SVG that can stand beside others and on paper."""
    return NAMES.sub("", charts.chart_svg(chart)).replace("<svg ", FONT, 1)


def lead_of(text: str) -> str:
    """The second-level heading with which a paragraph begins; "" without one."""
    found = SECOND.match(text)
    return found.group() if found else ""


def tall(grids: Mapping[str, Any], section: Section) -> bool:
    """Whether a table of the section needs a page of its own."""
    return any(grids[name].height > ROWS_ANYWHERE for name in section.grids)


def html(report: Report) -> bytes:
    """The page as a file."""
    return page(report).encode()


def pdf(report: Report) -> bytes:
    """The page on A4 paper with page numbers; NotConfigured where the libraries are missing."""
    return pdf_of(page(report))
