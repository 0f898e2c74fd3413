"""Word documents in the shape of an official paper (GB/T 9704): page, fonts, paragraphs, tables; equal content gives equal bytes."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TITLE_FONT, HEAD_FONT, BODY_FONT = "宋体", "黑体", "仿宋"
INK = RGBColor(0x17, 0x37, 0x5E)
QUIET = RGBColor(0x52, 0x60, 0x6D)
SAMPLE_MARK = "样例数据　机构和数字均为虚构"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def a4(paper: Any, title: str, author: str, at: datetime, mark: str = "") -> None:
    """An A4 page with the margins of GB/T 9704, fonts, properties, page numbers, and a mark in the header of every page."""
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Cm(2.7), Cm(2.6), Cm(3.2), Cm(2.8)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    known = paper.core_properties
    known.author = known.last_modified_by = author
    known.title, known.created, known.modified = title, at, at
    if mark:
        run_of(section.header.paragraphs[0], mark, HEAD_FONT, 10.5, QUIET)
        section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in ("— ", "PAGE", " —"):
        run = run_of(foot, "" if piece == "PAGE" else piece, TITLE_FONT, 12)
        if piece == "PAGE":
            page_number(run)


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
