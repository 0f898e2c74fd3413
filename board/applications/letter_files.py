"""A letter of an application as a Word document in the layout of GB/T 9704: head, number, title, addressee, text, place of the seal and date."""

import io
from datetime import datetime
from typing import Any

import docx as word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from sqlalchemy.orm import Session

from board.applications.handbook import Handbook
from board.clock import local_day
from board.inquiries.term_clock import words
from board.models import Application, ApplicationLetter, LetterKind
from board.staff.units import root_unit
from board.wording.paper import SAMPLE_MARK, a4, fixed, paragraph, run_of

#: font names of GB/T 9704: title, text, head
TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "方正小标宋简体"
RED = RGBColor(0xC0, 0x00, 0x00)
BODY_POINTS, TITLE_POINTS, HEAD_POINTS = 16.0, 22.0, 26.0


def letter_docx(session: Session, book: Handbook, application: Application, letter: ApplicationLetter, *, sample: bool) -> bytes:
    """The file; an unsigned reply letter says so in its number line and has no date."""
    office, title = root_unit(session).name, book.letters[letter.kind.value]["title"]
    paper = word.Document()
    a4(paper, title, office, letter.made_at, SAMPLE_MARK if sample else "")
    centred(paper, office, HEAD, HEAD_POINTS, RED, after=10)
    if letter.kind == LetterKind.decision:
        centred(paper, letter.number or "（未签发）", BODY, BODY_POINTS, None, after=2)
    rule(paper.paragraphs[-1])
    centred(paper, title, TITLE, TITLE_POINTS, None, before=24, after=18)
    paragraph(paper, f"{addressee(application, letter)}：", BODY, BODY_POINTS)
    for line in letter.body.splitlines():
        paragraph(paper, line, BODY, BODY_POINTS, indent=True)
    seal(paper, office, letter)
    target = io.BytesIO()
    paper.save(target)
    return fixed(target.getvalue())


def addressee(application: Application, letter: ApplicationLetter) -> str:
    """To whom: the third party, else the applicant."""
    return letter.addressee or application.applicant


def centred(paper: Any, text: str, font: str, size: float, colour: Any, *, before: float = 0, after: float = 0) -> None:
    """A line in the middle."""
    block = paper.add_paragraph()
    block.alignment = WD_ALIGN_PARAGRAPH.CENTER
    block.paragraph_format.space_before, block.paragraph_format.space_after = Pt(before), Pt(after)
    run_of(block, text, font, size, colour)


def rule(block: Any) -> None:
    """The red line (版头分隔线) below a paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    block._p.get_or_add_pPr().append(borders)  # noqa: SLF001  # python-docx has no call for borders


def seal(paper: Any, office: str, letter: ApplicationLetter) -> None:
    """Signature line with the place of the seal above it, and the date below, kept together on one page."""
    paragraph(paper, "", BODY, BODY_POINTS, keep=True)
    for text in ("（印　章）", office, dated(letter)):
        block = paper.add_paragraph()
        block.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        form = block.paragraph_format
        form.right_indent, form.space_after, form.keep_with_next, form.line_spacing = Pt(4 * BODY_POINTS), Pt(0), text != dated(letter), Pt(28)
        run_of(block, text, BODY, BODY_POINTS, RGBColor(0x8A, 0x97, 0xA6) if text == "（印　章）" else None)


def dated(letter: ApplicationLetter) -> str:
    """The date of the letter: of a reply the day of its signature, which a draft has not."""
    at: datetime | None = letter.signed_at if letter.kind == LetterKind.decision else letter.made_at
    return words(local_day(at)) if at else "　　年　　月　　日"
