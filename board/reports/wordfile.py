"""The report as a Word document by python-docx, in the shape of an official paper (GB/T 9704): A4, title, sections with the form's tables, annexes with charts."""

import io
import re
from typing import Any

import docx as word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from board.reports import charts
from board.reports.annual import Report
from board.reports.layout import Grid, GridCell
from board.reports.narrative import Section
from board.reports.tables import FINDINGS, Table, annex_line, tables
from board.wording.paper import (
    BODY_FONT,
    FOOT_FONT,
    HEAD_FONT,
    QUIET,
    SAMPLE_MARK,
    SECOND_FONT,
    TITLE_FONT,
    TITLE_POINTS,
    a4,
    edges,
    fixed,
    paragraph,
    repeat,
    run_of,
    together,
    whole,
)

#: Tables up to this length stay on one page; the width of a line in millimetres.
ROWS_TOGETHER, LINE = 32, 156.0
#: a taller table of the form begins on a new page, with its heading
ROWS_ANYWHERE = 18
#: 二级标题: the first sentence of a paragraph that begins （一）
SECOND = re.compile(r"（[一二三四五六七八九十]+）[^。]{1,30}。")
DRAFT_MARK = "草稿　未定稿，不得公布"


def docx(report: Report) -> bytes:
    """The document; without a font for Chinese charts the tables stand alone."""
    paper = word.Document()
    a4(paper, report.title, report.unit, report.counted_at, "　".join(marks(report)))
    heading(paper, report)
    for section in report.sections:
        section_block(paper, report, section)
    for grid in unplaced(report):
        paragraph(paper, f"附：{grid.title}（{report.year}年度）", HEAD_FONT, keep=True, style="Heading 1").paragraph_format.page_break_before = True
        grid_block(paper, grid, repeated=1)
    for number, table in enumerate(tables(report)):
        annex(paper, report, table, first=number == 0)
    target = io.BytesIO()
    paper.save(target)
    return fixed(target.getvalue())


def marks(report: Report) -> list[str]:
    """What must stand on every page."""
    return [DRAFT_MARK] * report.draft + [SAMPLE_MARK] * report.sample


def unplaced(report: Report) -> list[Grid]:
    """Tables of the form that no section names: they follow the words (统计表 up to 2018)."""
    placed = {name for section in report.sections for name in section.grids}
    return [grid for name, grid in report.grids.items() if name not in placed]


def heading(paper: Any, report: Report) -> None:
    """The title in 二号 小标宋, the office's name on a line of its own."""
    unit, rest = (report.unit, report.title.removeprefix(report.unit)) if report.title.startswith(report.unit) else ("", report.title)
    for text in (line for line in (unit, rest) if line):
        block = paper.add_paragraph(style="Title")
        block.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run_of(block, text, TITLE_FONT, TITLE_POINTS)
    paragraph(paper, "")


def section_block(paper: Any, report: Report, section: Section) -> None:
    """A heading of the first level, its paragraphs, its tables."""
    tall = any(report.grids[name].height > ROWS_ANYWHERE for name in section.grids)
    paragraph(paper, section.title, HEAD_FONT, indent=True, keep=True, style="Heading 1").paragraph_format.page_break_before = tall
    for part in section.paragraphs:
        block, lead = paragraph(paper, "", indent=True), SECOND.match(part.text)
        first = lead.group() if lead else ""
        for text, font in ((first, SECOND_FONT), (part.text[len(first) :], BODY_FONT)):
            if text:
                run_of(block, text, font, 16)
    for name in section.grids:
        grid_block(paper, report.grids[name])
        if not section.paragraphs and name == section.grids[-1]:
            paragraph(paper, "")


def grid_block(paper: Any, grid: Grid, repeated: int = 0) -> None:
    """A table of the form with its cells merged; the first ``repeated`` rows stand again on each page."""
    table = paper.add_table(rows=grid.height, cols=len(grid.widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Mm(LINE * width / sum(grid.widths)) for width in grid.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    edges(table, "000000")
    rows = [list(row.cells) for row in table.rows]
    for row, places in zip(table.rows, rows, strict=True):
        whole(row)
        for cell, width in zip(places, widths, strict=True):
            cell.width = width
    for cell in grid.cells:
        place = rows[cell.row][cell.column]
        if cell.rows > 1 or cell.columns > 1:
            place = place.merge(rows[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
        grid_cell(place, cell, small=grid.small)
    for row in table.rows[:repeated]:
        repeat(row)
    if grid.height <= ROWS_TOGETHER:
        together(table)


def grid_cell(place: Any, cell: GridCell, *, small: bool) -> None:
    """The text of a cell, centred unless it is a long label."""
    block = place.paragraphs[0]
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    block.alignment = WD_ALIGN_PARAGRAPH.LEFT if cell.left else WD_ALIGN_PARAGRAPH.CENTER
    tight(block, 12 if small else 18, 2 if small else 4)
    head = not cell.path and cell.row == 0
    run_of(block, cell.text, HEAD_FONT if head else FOOT_FONT if small else BODY_FONT, 9 if small else 12)


def tight(block: Any, line: float, around: float) -> None:
    """Lines of a table's cell in points."""
    form = block.paragraph_format
    form.line_spacing, form.space_before, form.space_after = Pt(line), Pt(around), Pt(around)


def annex(paper: Any, report: Report, table: Table, *, first: bool) -> None:
    """Heading, chart where there is one, and the table; the annexes begin on a page of their own, an empty one is said in words."""
    if first:
        paragraph(paper, "附件：统计表和统计图", HEAD_FONT, style="Heading 1").paragraph_format.page_break_before = True
        tight(paragraph(paper, annex_line(report), SECOND_FONT, 12), 20, 4)
    paragraph(paper, table.title, HEAD_FONT, 14, before=10, keep=True)
    drawn(paper, report, table)
    if not table.rows:
        paragraph(paper, "本次自查没有发现不一致事项。" if table.title == FINDINGS else "无。", BODY_FONT, 12)
        return
    grid = paper.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths(table), strict=True):
        column.width = Mm(width)
    edges(grid)
    fill(grid.rows[0], table.heads, table, head=True)
    repeat(grid.rows[0])
    for row in table.rows:
        fill(grid.add_row(), row, table, head=False)
    if len(table.rows) <= ROWS_TOGETHER:
        together(grid)


def drawn(paper: Any, report: Report, table: Table) -> None:
    """The pictures that belong to the table."""
    for chart in charts.of_table(report, table.title):
        picture = charts.chart_png(chart)
        if picture is not None:
            paper.add_picture(io.BytesIO(picture), width=Mm(LINE - 6))
            form = paper.paragraphs[-1].paragraph_format
            form.keep_with_next, form.line_spacing = True, 1.0


def fill(row: Any, cells: Any, table: Table, *, head: bool) -> None:
    """One row: heads centred, text left, numbers right."""
    for cell, text, kind, width in zip(row.cells, cells, table.kinds, widths(table), strict=True):
        cell.width = Mm(width)
        block = cell.paragraphs[0]
        tight(block, 15, 1.5)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        block.alignment = WD_ALIGN_PARAGRAPH.CENTER if head else WD_ALIGN_PARAGRAPH.RIGHT if kind == "number" else WD_ALIGN_PARAGRAPH.LEFT
        run_of(block, shown(text), HEAD_FONT if head else BODY_FONT, 10.5, QUIET if kind == "quiet" else None)
    if not head:
        whole(row)


def shown(cell: Any) -> str:
    """A cell as text; derived numbers keep their one decimal."""
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def widths(table: Table) -> list[float]:
    """Column widths in millimetres, 156 together: numbers narrow, the rest by the longest cell."""
    narrow = 32.0 if len(table.heads) <= 3 else 20.0 if all(kind == "number" for kind in table.kinds[1:]) else 12.0
    wanted = [narrow if kind == "number" else min(24, 4 + max((len(str(row[k])) for row in table.rows), default=4)) for k, kind in enumerate(table.kinds)]
    rest = LINE - sum(width for width, kind in zip(wanted, table.kinds, strict=True) if kind == "number")
    texts = sum(width for width, kind in zip(wanted, table.kinds, strict=True) if kind != "number")
    return [width if kind == "number" else rest * width / texts for width, kind in zip(wanted, table.kinds, strict=True)]
