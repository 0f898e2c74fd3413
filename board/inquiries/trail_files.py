"""The trail as a file: CSV for a spreadsheet program (with its byte order mark, no cell is a formula) or JSONL."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from board.clock import local
from board.inquiries.trail import Line
from board.wording.labels import Labels

HEADS = ("编号", "时间", "操作人", "账号", "操作", "对象", "理由", "附加信息", "校验值")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}


def file_of(lines: Iterable[Line], labels: Labels, form: str) -> Iterator[str]:
    """The file in pieces; ``form`` is csv or jsonl."""
    return csv_file(lines, labels) if form == "csv" else json_lines(lines, labels)


def csv_file(lines: Iterable[Line], labels: Labels) -> Iterator[str]:
    """RFC 4180 with a byte order mark."""
    yield "\ufeff" + row_of(HEADS)
    for one in lines:
        data = json.dumps(one.data, ensure_ascii=False, sort_keys=True) if one.data else ""
        yield row_of((str(one.event_id), moment(one), one.who, one.actor, action_words(one, labels), one.number or one.target, one.reason, data, one.hash))


def row_of(cells: Iterable[str]) -> str:
    """One line of CSV."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return buffer.getvalue()


def json_lines(lines: Iterable[Line], labels: Labels) -> Iterator[str]:
    """One object a line."""
    for one in lines:
        row = {
            "id": one.event_id, "at": one.at.isoformat(), "actor": one.actor, "who": one.who, "action": one.action, "action_words": action_words(one, labels),
            "inquiry": one.number, "about": one.target, "reason": one.reason, "data": one.data, "hash": one.hash,
        }  # fmt: skip
        yield json.dumps(row, ensure_ascii=False) + "\n"


def action_words(one: Line, labels: Labels) -> str:
    """The action as the page calls it; an application has moves of its own."""
    return labels("application_action" if one.chain.startswith("application:") else "action", one.action)


def moment(one: Line) -> str:
    """The time as a clock in Shanghai shows it."""
    return local(one.at).strftime("%Y-%m-%d %H:%M:%S")
