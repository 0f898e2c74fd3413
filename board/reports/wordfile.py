"""The report as a Word document by python-docx, in the shape of an official paper (GB/T 9704): A4, title, seven sections, tables, chart."""

import io
import re
import zipfile
from typing import Any

import docx as word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from board.reports import charts
from board.reports.annual import Report
from board.reports.tables import Table, finding_table, sign_line, tables

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TITLE_FONT, HEAD_FONT, BODY_FONT = "宋体", "黑体", "仿宋"
INK = RGBColor(0x17, 0x37, 0x5E)
QUIET = RGBColor(0x52, 0x60, 0x6D)
#: Tables up to this length stay on one page.
ROWS_TOGETHER = 25
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


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
    """Page, fonts, properties, header with the sample's mark, footer with page numbers."""
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Cm(2.7), Cm(2.6), Cm(3.2), Cm(2.8)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    known = paper.core_properties
    known.author = known.last_modified_by = report.unit
    known.title, known.created, known.modified = report.title, report.counted_at, report.counted_at
    if report.sample:  # the mark stands on every page
        run_of(section.header.paragraphs[0], "样例数据　机构和数字均为虚构", HEAD_FONT, 10.5, QUIET)
        section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in ("— ", "PAGE", " —"):
        run = run_of(foot, "" if piece == "PAGE" else piece, TITLE_FONT, 12)
        if piece == "PAGE":
            page_number(run)


def page_number(run: Any) -> None:
    """The field of the page's number."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)  # noqa: SLF001  # python-docx has no call for fields


def heading(paper: Any, report: Report) -> None:
    """Title and sign line."""
    unit, rest = (report.unit, report.title.removeprefix(report.unit)) if report.title.startswith(report.unit) else ("", report.title)
    lines = ((unit, TITLE_FONT, 20, INK, 2), (rest, TITLE_FONT, 22, INK, 10), (sign_line(report), BODY_FONT, 11, QUIET, 16))
    for text, font, size, colour, after in (line for line in lines if line[0]):
        block = paper.add_paragraph()
        block.alignment = WD_ALIGN_PARAGRAPH.CENTER
        block.paragraph_format.space_after = Pt(after)
        run_of(block, text, font, size, colour, bold=font == TITLE_FONT)


def paragraph(paper: Any, text: str, font: str, size: float, *, before: float = 0, indent: bool = False, keep: bool = False) -> None:
    """A paragraph of the text: 28 pt lines, first line set in by two characters."""
    block = paper.add_paragraph()
    form = block.paragraph_format
    form.line_spacing, form.space_before, form.space_after, form.keep_with_next = Pt(26), Pt(before), Pt(0), keep
    if indent:
        form.first_line_indent = Pt(2 * size)
        block.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    run_of(block, text, font, size)


def run_of(block: Any, text: str, font: str, size: float, colour: Any = None, *, bold: bool = False) -> Any:
    """A run with a Chinese font; Latin letters and figures stand in Times New Roman."""
    run = block.add_run(CONTROL.sub("", text))
    run.font.name, run.font.size, run.bold = "Times New Roman", Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001  # python-docx has no call for it
    if colour is not None:
        run.font.color.rgb = colour
    return run


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


def together(grid: Any) -> None:
    """A short table is not broken over two pages."""
    for row in grid.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def edges(grid: Any) -> None:
    """Thin grey lines instead of the style's black ones."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "8A97A6")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    grid._tbl.tblPr.append(borders)  # noqa: SLF001  # python-docx has no call for it


def tint(cell: Any) -> None:
    """A quiet ground for the heads."""
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "E4ECF5")
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  # python-docx has no call for it


def repeat(row: Any) -> None:
    """The heads stand again on each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # python-docx has no call for it
    whole(row)


def whole(row: Any) -> None:
    """The row is not broken over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  # python-docx has no call for it


def fixed(content: bytes) -> bytes:
    """The same archive with fixed times of its members, so that equal reports are equal files."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(member, source.read(name))
    return target.getvalue()
