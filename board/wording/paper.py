"""Word documents in the shape of an official paper (GB/T 9704): page, fonts, paragraphs, tables; equal content gives equal bytes."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: font names of GB/T 9704: titles, headings of the first and the second level, text, page numbers
TITLE_FONT, HEAD_FONT, SECOND_FONT, BODY_FONT, FOOT_FONT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
#: 二号, 三号, 四号 in points; the fixed distance of lines
TITLE_POINTS, BODY_POINTS, FOOT_POINTS, LINE_POINTS = 22.0, 16.0, 14.0, 28.0
INK = RGBColor(0x17, 0x37, 0x5E)
QUIET = RGBColor(0x52, 0x60, 0x6D)
SAMPLE_MARK = "样例数据　机构和数字均为虚构"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def a4(paper: Any, title: str, author: str, at: datetime, mark: str = "") -> None:
    """An A4 page of GB/T 9704 (top 37, left 28 mm, core 156 by 225 mm), fonts, properties, page numbers outside, and a mark in the header of every page."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.footer_distance = Mm(35 - 7 - 5)
    styles(paper)
    known = paper.core_properties
    known.author = known.last_modified_by = author
    known.title, known.created, known.modified = title, at, at
    paper.settings.odd_and_even_pages_header_footer = True
    for odd, head, foot in ((True, section.header, section.footer), (False, section.even_page_header, section.even_page_footer)):
        if mark:
            run_of(head.paragraphs[0], mark, HEAD_FONT, 10.5, QUIET)
            head.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        numbered(foot.paragraphs[0], odd=odd)


def styles(paper: Any) -> None:
    """The styles by which a word processor shows and lists the levels, each with the font that the standard names."""
    for name, font, size, lines in (
        ("Normal", BODY_FONT, BODY_POINTS, LINE_POINTS), ("Title", TITLE_FONT, TITLE_POINTS, 35.0), ("Heading 1", HEAD_FONT, BODY_POINTS, LINE_POINTS),
        ("Heading 2", SECOND_FONT, BODY_POINTS, LINE_POINTS),
    ):  # fmt: skip
        style = paper.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = "Times New Roman", Pt(size), False, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)
        form = style.paragraph_format
        form.line_spacing_rule, form.line_spacing, form.space_before, form.space_after = WD_LINE_SPACING.EXACTLY, Pt(lines), Pt(0), Pt(0)
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)


def numbered(block: Any, *, odd: bool) -> None:
    """— 1 —, one character in from the right edge on odd pages, from the left edge on even ones."""
    block.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
    block.paragraph_format.right_indent, block.paragraph_format.left_indent = (Pt(FOOT_POINTS), None) if odd else (None, Pt(FOOT_POINTS))
    for piece in ("— ", "PAGE", " —"):
        run = run_of(block, "" if piece == "PAGE" else piece, FOOT_FONT, FOOT_POINTS)
        run.font.name = FOOT_FONT
        if piece == "PAGE":
            page_number(run)


def paragraph(
    paper: Any, text: str, font: str = BODY_FONT, size: float = BODY_POINTS, *, before: float = 0, indent: bool = False, keep: bool = False, style: str = "Normal"
) -> Any:
    """A paragraph of the text: 28 pt lines, first line set in by two characters."""
    block = paper.add_paragraph(style=style)
    form = block.paragraph_format
    form.line_spacing_rule, form.line_spacing, form.space_before, form.space_after = WD_LINE_SPACING.EXACTLY, Pt(LINE_POINTS), Pt(before), Pt(0)
    form.keep_with_next = keep
    if indent:
        form.first_line_indent = Pt(2 * size)
        block.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    run_of(block, text, font, size)
    return block


def run_of(block: Any, text: str, font: str, size: float, colour: Any = None, *, bold: bool = False) -> Any:
    """A run with a Chinese font; Latin letters and figures stand in Times New Roman."""
    run = block.add_run(CONTROL.sub("", text))
    run.font.name, run.font.size, run.bold = "Times New Roman", Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001  # python-docx has no call for it
    if colour is not None:
        run.font.color.rgb = colour
    return run


def page_number(run: Any) -> None:
    """The field of the page's number."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)  # noqa: SLF001  # python-docx has no call for fields


def together(grid: Any) -> None:
    """A short table is not broken over two pages."""
    for row in grid.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def edges(grid: Any, colour: str = "8A97A6") -> None:
    """Thin lines of one colour instead of the style's."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour)):
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
