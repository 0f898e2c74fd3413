"""The report as a Word document by python-docx, in the shape of an official paper (GB/T 9704): A4, title, seven sections, tables, chart."""

import io
from typing import Any

import docx as word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from board.reports import charts
from board.reports.annual import Report
from board.reports.tables import Table, finding_table, sign_line, tables
from board.wording.paper import BODY_FONT, HEAD_FONT, INK, QUIET, SAMPLE_MARK, TITLE_FONT, a4, edges, fixed, paragraph, repeat, run_of, tint, together, whole

#: Tables up to this length stay on one page.
ROWS_TOGETHER = 25


def docx(report: Report) -> bytes:
    """The document; without a font for Chinese charts the tables stand alone."""
    paper = word.Document()
    prepare(paper, report)
    heading(paper, report)
    for section in report.sections:
        paragraph(paper, section.title, HEAD_FONT, 15, before=10, keep=True)
        for part in section.paragraphs:
            paragraph(paper, part.text, BODY_FONT, 14, indent=True)
    for number, table in enumerate(tables(report)):
        table_block(paper, report, table, first=number == 0)
    target = io.BytesIO()
    paper.save(target)
    return fixed(target.getvalue())


def prepare(paper: Any, report: Report) -> None:
    """Page, fonts and properties of an official paper; the sample's mark on every page."""
    a4(paper, report.title, report.unit, report.counted_at, SAMPLE_MARK if report.sample else "")


def heading(paper: Any, report: Report) -> None:
    """Title and sign line."""
    unit, rest = (report.unit, report.title.removeprefix(report.unit)) if report.title.startswith(report.unit) else ("", report.title)
    lines = ((unit, TITLE_FONT, 20, INK, 2), (rest, TITLE_FONT, 22, INK, 10), (sign_line(report), BODY_FONT, 11, QUIET, 16))
    for text, font, size, colour, after in (line for line in lines if line[0]):
        block = paper.add_paragraph()
        block.alignment = WD_ALIGN_PARAGRAPH.CENTER
        block.paragraph_format.space_after = Pt(after)
        run_of(block, text, font, size, colour, bold=font == TITLE_FONT)


def table_block(paper: Any, report: Report, table: Table, *, first: bool) -> None:
    """Heading, chart where there is one, and the table; the tables begin on a page of their own, an empty one is said in words."""
    paragraph(paper, table.title, HEAD_FONT, 14, before=14, keep=True)
    paper.paragraphs[-1].paragraph_format.page_break_before = first
    chart_of(paper, report, table)
    if not table.rows:
        paragraph(paper, "本次自查未发现不一致事项。" if table.title == finding_table(report).title else "无。", BODY_FONT, 12)
        return
    grid = paper.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths(table), strict=True):
        column.width = Cm(width)
    edges(grid)
    fill(grid.rows[0], table.heads, table, head=True)
    repeat(grid.rows[0])
    for row in table.rows:
        fill(grid.add_row(), row, table, head=False)
    if len(table.rows) <= ROWS_TOGETHER:
        together(grid)


def chart_of(paper: Any, report: Report, table: Table) -> None:
    """The picture of the categories or the months above its table."""
    picture = None
    if table.title.startswith("附表二") and table.rows[:-1]:
        picture = charts.png(report.figures["proactive_disclosures"]["by_category"], lying=True)
    if table.title.startswith("附表四"):
        picture = charts.png(charts.months(report))
    if picture is not None:
        paper.add_picture(io.BytesIO(picture), width=Cm(15))
        paper.paragraphs[-1].paragraph_format.keep_with_next = True


def fill(row: Any, cells: Any, table: Table, *, head: bool) -> None:
    """One row: heads centred on a tint, text left, numbers right."""
    for cell, text, kind, width in zip(row.cells, cells, table.kinds, widths(table), strict=True):
        cell.width = Cm(width)
        block = cell.paragraphs[0]
        block.paragraph_format.space_before = block.paragraph_format.space_after = Pt(2)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        block.alignment = WD_ALIGN_PARAGRAPH.CENTER if head else WD_ALIGN_PARAGRAPH.RIGHT if kind == "number" else WD_ALIGN_PARAGRAPH.LEFT
        run_of(block, shown(text), HEAD_FONT if head else BODY_FONT, 10.5 if len(table.heads) > 3 else 12)
        if head:
            tint(cell)
    if not head:
        whole(row)


def shown(cell: Any) -> str:
    """A cell as text; derived numbers keep their one decimal."""
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def widths(table: Table) -> list[float]:
    """Column widths in centimetres, 15.6 together: numbers narrow, the rest by the longest cell."""
    narrow = 3.2 if len(table.heads) <= 3 else 1.2
    wanted = [narrow if kind == "number" else min(24, 4 + max((len(str(row[k])) for row in table.rows), default=4)) for k, kind in enumerate(table.kinds)]
    rest = 15.6 - sum(width for width, kind in zip(wanted, table.kinds, strict=True) if kind == "number")
    texts = sum(width for width, kind in zip(wanted, table.kinds, strict=True) if kind != "number")
    return [width if kind == "number" else rest * width / texts for width, kind in zip(wanted, table.kinds, strict=True)]
