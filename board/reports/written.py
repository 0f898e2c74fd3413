"""A report that somebody wrote (DOCX, saved page, text), read within bounds as lines and as rows of cells, each with its place."""

import html.parser
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from board.errors import Refused
from responder.repair import repair

FILE_MOST = 20_000_000  # bytes of the file
PART_MOST = 60_000_000  # bytes of the unpacked document
TEXT_MOST = 2_000_000  # characters
DEPTH_MOST = 256
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BLOCKS = frozenset(["p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "ul", "ol", "title", "tr", "table", "body"])
SILENT = frozenset({"script", "style", "noscript", "template"})
#: a row typed as text: a label and at least six numbers
TYPED_ROW = re.compile(r"\s*(\D[^\s]*)((?:\s+-?[\d,.]+){6,})\s*")

Rows = list[tuple[str, ...]]


@dataclass(slots=True)
class Written:
    """``lines`` are (place, text), cells included; ``tables`` are rows of cell texts, merged cells counted once."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Rows] = field(default_factory=list)

    def add_line(self, text: str) -> None:
        """A line outside tables; blank ones are left out."""
        if text.strip():
            self.lines.append((f"第{len(self.lines) + 1}段", text.strip()))

    def add_row(self, table: int, cells: list[str]) -> None:
        """A row of the table with this index."""
        while len(self.tables) <= table:
            self.tables.append([])
        self.tables[table].append(tuple(cells))
        text = " ".join(cell for cell in cells if cell)
        if text:
            self.lines.append((f"表{table + 1}第{len(self.tables[table])}行", text))


def read_written(path: Path) -> Written:
    """The report in the file; Refused when it is missing, too large, of no known format, damaged or without text."""
    content = bytes_of(path)
    if content.startswith(b"PK\x03\x04"):
        found = from_docx(content)
    else:
        text = decoded(content)
        found = from_page(text) if re.match(r"\s*<", text) else from_text(text)
    if not found.lines:
        raise Refused(f"文件里没有文字：{path}。")
    return found


def bytes_of(path: Path) -> bytes:
    """The bytes of a file of bounded size; Refused otherwise."""
    try:
        if not path.is_file():
            raise Refused(f"没有这个文件：{path}。")
        size = path.stat().st_size
        if not 0 < size <= FILE_MOST:
            raise Refused(f"文件是空的：{path}。" if not size else f"文件超过 {FILE_MOST // 1_000_000} MB：{path}。")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"文件无法读取：{path}（{error.strerror}）。") from error


def decoded(content: bytes) -> str:
    """Text in UTF-8 (with or without mark) or GB18030, of bounded length; Refused for anything else."""
    if b"\x00" in content:
        raise Refused("不认识的文件格式。可以检查 DOCX、网页（HTML）、文本和本系统导出的 JSON。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(text) > TEXT_MOST:
            raise Refused(f"文字超过 {TEXT_MOST} 字。")
        return text
    raise Refused("文字的编码不是 UTF-8 或 GB18030。")


def from_text(text: str) -> Written:
    """Plain text; lines with bars or tabs, and labels with many numbers, are rows of tables."""
    found, table, inside = Written(), -1, False
    for line in repair(text).text.splitlines():
        cells = row_of(line)
        table += bool(cells) and not inside
        inside = bool(cells)
        if cells:
            found.add_row(table, cells)
        else:
            found.add_line(line)
    return found


def row_of(line: str) -> list[str]:
    """The cells of a line of text that is a row; none when it is not."""
    typed = TYPED_ROW.fullmatch(unicodedata.normalize("NFKC", line))
    if typed:
        return [typed[1], *typed[2].split()]
    cells = [cell.strip() for cell in re.split(r"[|\t]", line.strip().strip("|"))]
    return cells if len(cells) > 1 and any(cells) else []


class Page(html.parser.HTMLParser):
    """Lines and rows of a page; a table inside a table is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found, self.words, self.silent = Written(), [""], 0
        self.tables: list[int] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens tables, rows and cells; a block ends the line before it."""
        self.silent += tag in SILENT
        if tag == "table":
            if len(self.tables) >= DEPTH_MOST:
                raise Refused("网页嵌套过深。")
            self.flush()
            self.found.tables.append([])
            self.tables.append(len(self.found.tables) - 1)
            self.rows.append([])
        elif tag == "tr":
            self.end_row()
        elif tag in ("td", "th") and self.tables:
            self.rows[-1].append("")
        elif tag in BLOCKS and not self.cell_open():
            self.flush()

    def handle_endtag(self, tag: str) -> None:
        """Closes what was opened."""
        self.silent -= tag in SILENT and self.silent > 0
        if tag == "table" and self.tables:
            self.end_row()
            self.tables.pop()
            self.rows.pop()
        elif tag == "tr":
            self.end_row()
        elif tag in BLOCKS and not self.cell_open():
            self.flush()

    def handle_data(self, data: str) -> None:
        """Text of a cell or of a line."""
        if self.silent:
            return
        if self.cell_open():
            self.rows[-1][-1] += data
        else:
            self.words.append(data)

    def cell_open(self) -> bool:
        """Whether a cell takes the text."""
        return bool(self.rows and self.rows[-1])

    def end_row(self) -> None:
        """Keeps the row that is open."""
        if self.cell_open():
            self.found.add_row(self.tables[-1], [" ".join(cell.split()) for cell in self.rows[-1]])
            self.rows[-1] = []

    def flush(self) -> None:
        """Keeps the line that is open."""
        for line in repair("".join(self.words)).text.splitlines():
            self.found.add_line(line)
        self.words = []


def from_page(text: str) -> Written:
    """A saved page."""
    page = Page()
    page.feed(text)
    page.close()
    page.end_row()
    page.flush()
    return page.found


def from_docx(content: bytes) -> Written:
    """The body of a Word file: paragraphs and tables; Refused when it is no Word file, a bomb or damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            part = packed.getinfo("word/document.xml")
            if part.file_size > PART_MOST:
                raise Refused("文件解开后过大。")
            with packed.open(part) as file:
                body = file.read(PART_MOST + 1)
        return body_of(io.BytesIO(body)) if len(body) <= PART_MOST else Written()
    except KeyError as error:
        raise Refused("压缩包里不是 Word 文件（DOCX）。") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, NotImplementedError, ParseError, DefusedXmlException, EOFError) as error:
        raise Refused("Word 文件已损坏或含有不允许的内容。") from error


def body_of(file: io.BytesIO) -> Written:
    """Paragraphs and rows in the order of the document."""
    found, table = Written(), -1
    for element, depth in closed_elements(file):
        if element.tag == f"{W}tbl":
            table = len(found.tables)
            for row in element.iter(f"{W}tr"):
                found.add_row(table, [text_of(cell) for cell in row.iter(f"{W}tc") if not continues(cell)])
        elif element.tag == f"{W}p" and depth == 0:
            found.add_line(text_of(element))
    return found


def closed_elements(file: io.BytesIO) -> Iterator[tuple[Any, int]]:
    """Each element as it ends, with the number of tables around it; Refused when nesting is too deep."""
    depth = around = 0
    for event, element in iterparse(file, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH_MOST:
            raise Refused("Word 文件嵌套过深。")
        if element.tag == f"{W}tbl":
            around += 1 if event == "start" else -1
        if event == "end" and (around == 0):
            yield element, around


def continues(cell: Any) -> bool:
    """Whether the cell is only the lower part of a merged one."""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(f"{W}val") != "restart"


def text_of(element: Any) -> str:
    """The text runs of an element."""
    return "".join(part.text or "" for part in element.iter(f"{W}t"))
