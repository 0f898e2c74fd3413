"""办理反馈单: what goes back to the body that sent a referral slip, as DOCX for one item and as XLSX for a list."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import docx as word
import xlsxwriter
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from board.clock import local
from board.errors import Conflict, NotFound
from board.inquiries.delicate import not_against
from board.inquiries.lifecycle import TRANSITIONS, move
from board.models import Event, Inquiry, Referral, Reply
from board.replies.marked_texts import covered_title
from board.staff.roles import Actor, Right, require
from board.staff.units import root_unit
from board.wording.labels import Labels
from board.wording.paper import BODY_FONT, HEAD_FONT, SAMPLE_MARK, TITLE_FONT, a4, edges, fixed, run_of
from responder.composing import parse_reply

ANSWERED = TRANSITIONS["feedback"].sources
SLIPS_MOST = 2_000
#: cells of a workbook hold no more
CELL_MOST = 32_000
WIDTHS = (10, 15, 16, 11, 11, 34, 12, 44, 11, 11)
HEADINGS = ("转办来源", "转办单编号", "留言编号", "收到时间", "转办期限", "诉求内容", "承办单位", "办理情况", "答复时间", "反馈时间")
LINE_POINTS, LINES_MOST = 15, 26


@dataclass(frozen=True, slots=True)
class Feedback:
    """One slip with what became of it; ``outcome`` is the reply or the reason for declining, "" while it is open."""

    source: str
    slip_number: str
    number: str
    received: str
    due: str
    title: str
    text: str
    unit: str
    outcome: str
    answered: str
    sent: str
    state: str

    @property
    def demand(self) -> str:
        """Title and text; the text alone when the title is only its beginning."""
        return self.text if self.text.startswith(self.title.rstrip("…")) else f"{self.title}\n{self.text}"

    @property
    def cells(self) -> tuple[str, ...]:
        """The values below the headings."""
        return (
            self.source, self.slip_number, self.number, self.received, self.due, self.demand, self.unit, self.outcome, self.answered, self.sent
        )  # fmt: skip


def slips(session: Session, actor: Actor, source: str = "", *, only_open: bool = False) -> Sequence[Referral]:
    """The slips by deadline (those without one last), of one source or of all, at most 2,000; ``only_open``: whose feedback has not gone back."""
    require(actor, Right.read_inquiry)
    statement = select(Referral).join(Referral.inquiry).where(not_against(actor)).options(joinedload(Referral.inquiry).joinedload(Inquiry.unit))
    if source:
        statement = statement.where(Referral.source == source)
    if only_open:
        statement = statement.where(Referral.feedback_at.is_(None))
    return session.scalars(statement.order_by(Referral.due_on.is_(None), Referral.due_on, Referral.id).limit(SLIPS_MOST)).all()


def feedback_of(session: Session, slip: Referral, labels: Labels) -> Feedback:
    """What stands on the feedback slip; what is personal in the demand is covered, the sender knows it by its own number."""
    inquiry = slip.inquiry
    return Feedback(
        slip.source, slip.slip_number, inquiry.number, moment(inquiry.received_at), slip.due_on.isoformat() if slip.due_on else "", covered_title(inquiry.title),
        covered_title(inquiry.text), inquiry.unit.name, outcome(session, inquiry), moment(inquiry.answered_at), moment(slip.feedback_at), labels("state", inquiry.state.value),
    )  # fmt: skip


def outcome(session: Session, inquiry: Inquiry) -> str:
    """The reply as plain text, or why the inquiry was declined; "" while it is open."""
    if inquiry.state not in ANSWERED:
        return ""
    if inquiry.answered_at is None:
        declined = select(Event.reason).where(Event.inquiry_id == inquiry.id, Event.action == "decline").order_by(Event.id.desc()).limit(1)
        return f"不予受理：{session.scalar(declined) or ''}"
    text = session.scalar(select(Reply.text).where(Reply.inquiry_id == inquiry.id, Reply.in_force)) or ""
    return "\n".join(plain_block(block.kind, block.text, block.source.title if block.source else "") for block in parse_reply(text))


def plain_block(kind: str, text: str, title: str) -> str:
    """A block of a reply without signs of the format."""
    return f"“{text}”（《{title}》）" if kind == "quotation" and title else text


def moment(at: datetime | None) -> str:
    """A time in Shanghai, to the minute; "" for none."""
    return local(at).strftime("%Y-%m-%d %H:%M") if at else ""


def slip_of(session: Session, inquiry: Inquiry) -> Referral:
    """The slip of an inquiry; NotFound for one that came without."""
    slip = session.scalar(select(Referral).where(Referral.inquiry_id == inquiry.id))
    if slip is None:
        raise NotFound("这条留言不是转办件。")
    return slip


def note_sent(session: Session, actor: Actor, inquiry: Inquiry, at: datetime) -> None:
    """Records, once, that the feedback went back; Conflict when it had gone already or the inquiry is not answered."""
    slip = slip_of(session, inquiry)
    if slip.feedback_at is not None:
        raise Conflict("反馈已经登记过。")
    move(session, inquiry, "feedback", actor, at, data={"source": slip.source})
    slip.feedback_at, slip.feedback_by_id = at, actor.account_id


def feedback_docx(session: Session, slip: Referral, labels: Labels, at: datetime, *, sample: bool) -> bytes:
    """The feedback slip of one item: an A4 page with a table of eight rows and a place for the seal."""
    found, office = feedback_of(session, slip, labels), root_unit(session).name
    paper = word.Document()
    a4(paper, f"办理反馈单 {found.slip_number}", office, at, SAMPLE_MARK if sample else "")
    head = paper.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run_of(head, f"{office}\n办理反馈单", TITLE_FONT, 20, bold=True)
    grid = paper.add_table(rows=0, cols=2, style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    edges(grid)
    for column, width in zip(grid.columns, (3.2, 12.4), strict=True):
        column.width = Cm(width)
    rows = (
        ("转办来源", found.source), ("转办单编号", found.slip_number), ("留言编号", found.number), ("收到时间", found.received),
        ("转办期限", found.due or "未注明"), ("诉求", found.demand), ("承办单位", found.unit), ("办理情况", found.outcome or f"尚在办理（{found.state}）"),
        ("答复时间", found.answered or "—"),
    )  # fmt: skip
    for name, value in rows:
        row = grid.add_row()
        for cell, text, font, width in zip(row.cells, (name, value), (HEAD_FONT, BODY_FONT), (3.2, 12.4), strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].paragraph_format.space_before = cell.paragraphs[0].paragraph_format.space_after = Pt(4)
            run_of(cell.paragraphs[0], text, font, 12)
    foot = paper.add_paragraph()
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run_of(foot, f"\n{office}（盖章）\n{local(at):%Y年%m月%d日}", BODY_FONT, 14)
    target = io.BytesIO()
    paper.save(target)
    return fixed(target.getvalue())


def lines(value: str, width: int) -> int:
    """How many lines a text takes in a column of this width (Chinese characters are two wide)."""
    return sum(1 + (2 * len(line) - 1) // width for line in value.split("\n") or [""])


def feedback_xlsx(found: Sequence[Feedback], at: datetime) -> bytes:
    """The list of slips with what became of them; texts stay texts, whatever sign they begin with."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": at.replace(tzinfo=None), "title": "办理反馈单"})
    sheet = book.add_worksheet("办理反馈单")
    strong = book.add_format({"bold": True, "bg_color": "#E4ECF5", "border": 1, "valign": "vcenter"})
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, strong)
    for number, row in enumerate(found, 1):
        for column, value in enumerate(row.cells):
            sheet.write_string(number, column, value[:CELL_MOST], plain)
        sheet.set_row(number, LINE_POINTS * min(LINES_MOST, max(lines(value, width) for value, width in zip(row.cells, WIDTHS, strict=True))))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(1, len(found)), len(HEADINGS) - 1)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return target.getvalue()
