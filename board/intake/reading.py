"""Rows of JSONL and CSV files, one by one, each with its line number; a damaged line spoils only itself."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from board.errors import Refused
from board.intake.columns import Columns, refuse_headings
from board.intake.sniffing import LINE_MOST, Format, Source

COLUMNS_MOST = 200
CELL_MOST = 500_000  # characters
HEADING_ROWS = 10  # a title and remarks may stand above the headings
UNNAMED = re.compile(r"第\d+列")  # a column without a heading counts where it holds something
KEYS_SEEN = 50  # JSON rows that are looked at for known keys


class BadRow(ValueError):
    """A row that cannot be imported; its message is the reason, in Chinese, for the rejects file."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line on which it begins, its values by heading and by field, and why it cannot be read ("" when it can)."""

    number: int
    raw: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


def read_lines(source: Source, columns: Columns) -> Iterator[Line]:
    """The rows of a file; Refused when the headings are not known (at the first row) or the container is broken."""
    if source.format == Format.jsonl:
        return read_jsonl(source, columns)
    if source.format == Format.xlsx:
        from board.intake.workbook import read_workbook  # openpyxl is heavy

        return read_workbook(source, columns)
    return read_csv(source, columns)


def read_jsonl(source: Source, columns: Columns) -> Iterator[Line]:
    """One JSON object a line; empty lines are passed over."""
    seen = list(islice((set(line.raw) for line in json_lines(source, columns) if not line.error), KEYS_SEEN))
    if seen and not any(columns.enough(keys) for keys in seen):
        raise refuse_headings(source.path, sorted(seen[0]), columns)
    yield from json_lines(source, columns)


def json_lines(source: Source, columns: Columns) -> Iterator[Line]:
    """The lines of a JSONL file as they come; one that is too long is read to its end and rejected."""
    with source.path.open("rb") as file:
        number = 0
        while data := file.readline(LINE_MOST):
            number += 1
            whole = data
            while len(data) == LINE_MOST and not data.endswith(b"\n"):
                data = file.readline(LINE_MOST)
            if whole is not data and data:
                yield Line(number, error=f"这一行超过 {LINE_MOST // 1_000_000} MB")
            elif whole.strip(b"\xef\xbb\xbf \t\r\n"):
                yield json_line(number, whole, source.encoding, columns)


def json_line(number: int, data: bytes, encoding: str, columns: Columns) -> Line:
    """One line as a row."""
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        return Line(number, raw={"": data.decode(encoding, "replace")[:200]}, error="这一行的文字编码损坏")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, raw={"": text[:200]}, error="这一行不是完整的 JSON")
    if not isinstance(raw, dict):
        return Line(number, raw={"": text[:200]}, error="这一行不是 JSON 对象")
    if len(raw) > COLUMNS_MOST:
        return Line(number, error=f"这一行超过 {COLUMNS_MOST} 列")
    return Line(number, raw, columns.values(raw))


def read_csv(source: Source, columns: Columns) -> Iterator[Line]:
    """Rows of a table in text form; commas, semicolons or tabs, quoted cells may hold line ends."""
    csv.field_size_limit(CELL_MOST)
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    with source.path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        delimiter = delimiter_of(file.read(LINE_MOST // 100))
        file.seek(0)
        rows = csv_rows(csv.reader((line.replace("\x00", "") for line in file), delimiter=delimiter, strict=True))
        yield from table_lines(source, rows, columns)


def delimiter_of(head: str) -> str:
    """The separator that is most frequent in the first line that holds any."""
    first = next((line for line in head.splitlines() if any(mark in line for mark in ",;\t，")), "")
    return max(",\t;", key=first.count)


def csv_rows(reader: Any) -> Iterator[tuple[int, Sequence[Any] | str]]:
    """(first line, cells) of each record; a record that the reader refuses comes as the reason."""
    while True:
        begins = reader.line_num + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield begins, f"引号不成对或单元格超过 {CELL_MOST} 字，第 {begins} 至 {reader.line_num} 行没有读入"


def table_lines(source: Source, rows: Iterator[tuple[int, Sequence[Any] | str]], columns: Columns) -> Iterator[Line]:
    """Rows of a table below its row of headings; Refused when the first rows hold none that is known."""
    above: list[list[Any]] = []
    headings: list[str] = []
    for _, cells in islice(rows, HEADING_ROWS):
        if isinstance(cells, str):
            continue
        if columns.enough(cell for cell in cells if cell not in (None, "")):
            headings = told_apart(cells)
            break
        above.append([cell for cell in cells if cell not in (None, "")])
    if not headings:
        raise refuse_headings(source.path, likely_headings(above), columns)
    if len(headings) > COLUMNS_MOST:
        raise Refused(f"列数超过 {COLUMNS_MOST}：{source.path}。")
    for number, cells in rows:
        if isinstance(cells, str):
            yield Line(number, error=cells)
        elif any(cell not in (None, "") for cell in cells):
            yield table_line(number, headings, cells, columns)


def likely_headings(rows: Sequence[list[Any]]) -> list[Any]:
    """The row that looks like the headings of a table: the first that is at least half as full as the fullest; a title above them is one cell."""
    fullest = max(map(len, rows), default=0)
    return next((row for row in rows if 2 * len(row) >= fullest), [])


def told_apart(cells: Sequence[Any]) -> list[str]:
    """The headings of a table: a column without one is named after its place, one that comes twice gets a number, so that no column hides another."""
    headings: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = ("" if cell is None else str(cell).strip()) or f"第{place}列"
        headings.append(f"{name}（第{place}列）" if name in headings else name)
    return headings


def table_line(number: int, headings: Sequence[str], cells: Sequence[Any], columns: Columns) -> Line:
    """One row of a table; cells beyond the headings make it bad unless they are empty."""
    raw = {heading: cell for heading, cell in zip(headings, cells, strict=False) if cell not in (None, "") or not UNNAMED.fullmatch(heading)}
    error = ""
    if any(cell not in (None, "") for cell in cells[len(headings) :]):
        error = "这一行的列数多于列名"
    elif any(isinstance(cell, str) and damaged(cell) for cell in cells):
        error = "这一行的文字编码损坏"
    elif any(isinstance(cell, str) and len(cell) > CELL_MOST for cell in cells):
        error = f"单元格超过 {CELL_MOST} 字"
    return Line(number, raw, columns.values(raw), error)


def damaged(text: str) -> bool:
    """Whether bytes were met that are no text in the file's encoding."""
    return not text.isascii() and any("\udc80" <= character <= "\udcff" for character in text)
