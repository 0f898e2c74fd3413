"""A list of inquiries as a file: CSV for any program and Excel; titles masked, no names, no contacts, no texts."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter

from board.clock import local
from board.models import Inquiry
from board.reports.spreadsheet import clean
from board.wording.labels import Labels
from responder.privacy import mask

ROWS_MOST = 5000
HEADS = ("编号", "标题", "类型", "主题", "状态", "承办单位", "经办人", "渠道", "收到时间", "办理期限")
WIDTHS = (18, 48, 8, 14, 10, 16, 12, 8, 18, 12)
#: what a spreadsheet could take for a formula or a command, also in full width (RELIABILITY 5, row 59)
FORMULA = re.compile(r"^[\s;\"']*[=+\-@＝＋－＠]|^[\t\r\n\0]")


def row_of(inquiry: Inquiry, labels: Labels) -> tuple[str, ...]:
    """One line of the list."""
    return (
        inquiry.number, mask(inquiry.title), labels("kind", inquiry.kind.value), inquiry.subject, labels("state", inquiry.state.value),
        inquiry.unit.short_name, inquiry.claimed_by.display_name if inquiry.claimed_by else "", labels("channel", inquiry.channel.value),
        f"{local(inquiry.received_at):%Y-%m-%d %H:%M}", inquiry.due_on.isoformat() if inquiry.due_on else "",
    )  # fmt: skip


def harmless(text: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe stands before what could be a formula."""
    return f"'{text}" if FORMULA.search(text) else text


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark, as Excel needs it, lines ended by CR LF."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(HEADS)
    writer.writerows([harmless(clean(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def xlsx_file(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """A workbook of one sheet; every cell is a string."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet = book.add_worksheet("留言清单")
    head, text = book.add_format({"bold": True, "bg_color": "#17375E", "font_color": "#FFFFFF"}), book.add_format({"text_wrap": True, "valign": "top"})
    book.set_properties({"title": title})
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_row(0, 0, HEADS, head)
    for line, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, clean(cell), text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, 0, len(HEADS) - 1)
    book.close()
    return target.getvalue()


FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def list_file(inquiries: Iterable[Inquiry], labels: Labels, form: str, title: str) -> bytes:
    """The list in one of the formats."""
    rows = [row_of(inquiry, labels) for inquiry in inquiries]
    return csv_file(rows) if form == "csv" else xlsx_file(rows, title)
