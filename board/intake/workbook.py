"""Rows of XLSX files: read-only, values as last calculated, within bounds that a zip bomb or an entity bomb does not pass."""

import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import load_workbook

from board.errors import Refused
from board.intake.columns import Columns
from board.intake.reading import COLUMNS_MOST, Line, table_lines
from board.intake.sniffing import Source

MEMBERS_MOST = 2000
UNPACKED_MOST = 600_000_000  # bytes
RATIO_MOST = 200  # unpacked to packed, of large members
LARGE = 5_000_000
ROWS_MOST = 1_048_576


def read_workbook(source: Source, columns: Columns) -> Iterator[Line]:
    """Rows of the first sheet whose headings are known; a text that looks like a formula stays text, a formula gives its stored value."""
    refuse_bombs(source)
    with source.path.open("rb") as file:  # a file object: openpyxl would judge a path by its ending
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # whatever openpyxl meets in a damaged file
            raise Refused(f"XLSX 文件已损坏或不是电子表格：{source.path}。") from error
        yield from first_known(source, book.worksheets, columns)


def first_known(source: Source, sheets: Sequence[Any], columns: Columns) -> Iterator[Line]:
    """Rows of the first sheet with known headings; Refused, by what the first sheet says, when there is none."""
    refusal: Refused | None = None
    for sheet in sheets:
        lines = table_lines(source, sheet_rows(sheet), columns)
        try:
            first = next(lines, None)
        except Refused as error:
            refusal = refusal or error
            continue
        if first is not None:
            yield first
            yield from lines
        return
    raise refusal or Refused(f"电子表格里没有工作表：{source.path}。")


def sheet_rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any] | str]]:
    """(row, cells) of a sheet; the stored dimensions are not believed."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMNS_MOST + 1), 1):
        if number > ROWS_MOST:
            return
        filled = next((place for place in range(len(cells), 0, -1) if cells[place - 1] not in (None, "")), 0)
        yield number, cells[:filled]


def refuse_bombs(source: Source) -> None:
    """Refused for too many or too large members, a suspicious ratio, or XML that declares entities."""
    try:
        with zipfile.ZipFile(source.path) as packed:
            members = packed.infolist()
            sizes = sum(member.file_size for member in members)
            dense = any(member.file_size > LARGE and member.file_size > RATIO_MOST * max(member.compress_size, 1) for member in members)
            if len(members) > MEMBERS_MOST or sizes > UNPACKED_MOST or dense:
                raise Refused(f"XLSX 文件解压后过大，没有导入：{source.path}。")
            for member in members:
                if member.filename.endswith((".xml", ".rels")) and declares_entities(packed, member):
                    raise Refused(f"XLSX 文件里有不允许的 XML 声明，没有导入：{source.path}。")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise Refused(f"XLSX 文件已损坏或加了密码：{source.path}。") from error


def declares_entities(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a member begins with a document type; no spreadsheet needs one."""
    with packed.open(member) as file:
        return b"<!DOCTYPE" in file.read(4096)
