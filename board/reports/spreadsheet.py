"""The report as an Excel workbook by xlsxwriter: strings stay strings, numbers stay numbers, charts are Excel's own."""

import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from board.clock import local
from board.reports.annual import Report
from board.reports.tables import Cell, Table, sign_line, tables

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BLUE = "#17375E"
CHARTED = {"附表二　主动公开政府信息类别": ("bar", "主动公开政府信息类别"), "附表四　各月收到和办结留言": ("column", "各月收到和办结留言")}
CELL_MOST = 32_000


def xlsx(report: Report) -> bytes:
    """The workbook: one sheet of words, one for each table."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": report.title, "author": report.unit, "created": local(report.counted_at).replace(tzinfo=None, microsecond=0)})
    look = looks(book)
    words_sheet(book, look, report)
    for table in tables(report):
        table_sheet(book, look, report, table)
    book.close()
    return target.getvalue()


def looks(book: Any) -> dict[str, Any]:
    """The formats of cells."""
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    edge = {**base, "border": 1, "border_color": "#9AA5B1"}
    return {
        "title": book.add_format({**base, "font_name": "黑体", "font_size": 16, "bold": True, "font_color": BLUE}),
        "sign": book.add_format({**base, "font_size": 10, "font_color": "#52606D"}),
        "head": book.add_format({**edge, "bold": True, "bg_color": BLUE, "font_color": "#FFFFFF", "align": "center", "text_wrap": True}),
        "text": book.add_format({**edge, "text_wrap": True}),
        "whole": book.add_format({**edge, "align": "right", "num_format": "#,##0"}),
        "part": book.add_format({**edge, "align": "right", "num_format": "#,##0.0"}),
        "right": book.add_format({**edge, "align": "right"}),
        "heading": book.add_format({**base, "bold": True, "font_size": 12}),
        "prose": book.add_format({**base, "text_wrap": True, "valign": "top"}),
    }


def clean(text: str) -> str:
    """Text without what a workbook cannot hold."""
    return CONTROL.sub("", text)[:CELL_MOST]


def prepared(book: Any, look: dict[str, Any], report: Report, name: str, title: str) -> Any:
    """A sheet for A4 paper with title and sign line; the mark of the sample stands in the page header."""
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, clean(title), look["title"])
    sheet.write_string(1, 0, clean(sign_line(report)), look["sign"])
    if report.sample:
        sheet.set_header("&R样例数据")
    sheet.set_footer("&C第 &P 页，共 &N 页")
    return sheet


def words_sheet(book: Any, look: dict[str, Any], report: Report) -> None:
    """报告正文."""
    sheet = prepared(book, look, report, "报告正文", report.title)
    sheet.set_column(0, 0, 76)
    row = 3
    for section in report.sections:
        sheet.write_string(row, 0, clean(section.title), look["heading"])
        for number, paragraph in enumerate(section.paragraphs, row + 1):
            sheet.write_string(number, 0, clean(paragraph.text), look["prose"])
            sheet.set_row(number, 18 * (1 + len(paragraph.text) // 44))
        row += len(section.paragraphs) + 2


def table_sheet(book: Any, look: dict[str, Any], report: Report, table: Table) -> None:
    """One table, with its chart where it has one."""
    number, _, name = table.title.partition("　")
    sheet = prepared(book, look, report, f"{number} {name}"[:31], table.title)
    if len(table.heads) > 3:
        sheet.set_landscape()
    for column, head in enumerate(table.heads):
        sheet.set_column(column, column, width(table, column))
        sheet.write_string(3, column, head, look["head"])
    for index, row in enumerate(table.rows, 4):
        for column, (cell, kind) in enumerate(zip(row, table.kinds, strict=True)):
            write(sheet, look, index, column, cell, kind)
        sheet.set_row(index, row_height(table, row))
    sheet.freeze_panes(4, 0)
    if table.title in CHARTED and len(table.rows) > 1:
        add_chart(book, sheet, table)


def width(table: Table, column: int) -> float:
    """A column's width in characters: as its longest cell, within bounds (a Chinese character takes two)."""
    longest = max((len(str(row[column])) for row in table.rows), default=0)
    return min(52, max(12, 2 * len(table.heads[column]) + 4, 2 * longest + 2 if table.kinds[column] == "text" else 12))


def row_height(table: Table, row: Sequence[Cell]) -> float:
    """Points for a row of which the fullest cell is wrapped."""
    lines = max(-(-2 * len(str(cell)) // (width(table, column) - 2)) for column, cell in enumerate(row))
    return 19 * max(1, lines)


def write(sheet: Any, look: dict[str, Any], row: int, column: int, cell: Cell, kind: str) -> None:
    """A number as a number, everything else as a string, whatever it looks like."""
    if isinstance(cell, str):
        sheet.write_string(row, column, clean(cell), look["right" if kind == "number" else "text"])
    else:
        sheet.write_number(row, column, cell, look["whole" if isinstance(cell, int) else "part"])


def add_chart(book: Any, sheet: Any, table: Table) -> None:
    """A native chart over the rows of the table without its sum."""
    form, title = CHARTED[table.title]
    chart = book.add_chart({"type": form})
    last = 2 + len(table.rows)
    for column in range(1, len(table.heads)):
        chart.add_series({
            "name": [sheet.name, 3, column], "categories": [sheet.name, 4, 0, last, 0], "values": [sheet.name, 4, column, last, column],
            "fill": {"color": ("#2F6FB3", "#9DB7D5")[column - 1]}, "data_labels": {"value": True}, "gap": 60,
        })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"position": "bottom"} if len(table.heads) > 2 else {"none": True})
    chart.set_y_axis({"reverse": True} if form == "bar" else {"major_gridlines": {"visible": False}, "visible": False})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}} if form == "bar" else {})
    chart.set_size({"width": 560, "height": 320})
    sheet.insert_chart(5 + len(table.rows), 0, chart)
