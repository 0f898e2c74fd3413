"""What a file is, told by its content and not by its name; its encoding, its hash, and the bounds within which it is read."""

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from board.errors import Refused

FILE_MOST = 500_000_000  # bytes
PAGE_MOST = 20_000_000
LINE_MOST = 2_000_000  # bytes of one line
HEAD = 65_536
DAMAGED_SHARE = 0.2  # more damaged lines than this: the file is not UTF-8 at all
ACCEPTED = "可以导入 JSONL、CSV（UTF-8 或 GB18030）、XLSX，政府信息还可以是保存下来的网页（.txt、.html）。"


class Format(StrEnum):
    """The formats that are read."""

    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"
    page = "page"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: ``digest`` is the SHA-256 of its bytes, ``lines`` the number of line ends (for the progress bar)."""

    path: Path
    format: Format
    encoding: str
    digest: str
    lines: int


def sniff(path: Path, is_page: Callable[[str], bool]) -> Source:
    """Opens and judges a file; Refused with the reason when it is missing, unreadable, too large or of no known format."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Refused(f"不是文件：{path}。")
        if not 0 < size <= FILE_MOST:
            raise Refused(f"文件是空的：{path}。" if not size else f"文件超过 {FILE_MOST // 1_000_000} MB：{path}。请分成几个文件。")
        head, counts = scan(path)
    except FileNotFoundError as error:
        raise Refused(f"没有这个文件：{path}。") from error
    except OSError as error:
        raise Refused(f"文件无法读取：{path}（{error.strerror}）。") from error
    encoding = "utf-8" if counts.damaged <= DAMAGED_SHARE * counts.beyond_ascii else "gb18030"
    found = format_of(path, head, encoding, is_page)
    if found == Format.csv and counts.overlong:
        raise Refused(f"文件中有一行超过 {LINE_MOST // 1_000_000} MB：{path}。{ACCEPTED}")
    if found == Format.page and size > PAGE_MOST:
        raise Refused(f"网页超过 {PAGE_MOST // 1_000_000} MB：{path}。")
    return Source(path, found, encoding, counts.digest, counts.lines)


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines in all, whole lines beyond ASCII, those of them that are no UTF-8, whether a line is too long, and the hash."""

    lines: int
    beyond_ascii: int
    damaged: int
    overlong: bool
    digest: str


def scan(path: Path) -> tuple[bytes, Counts]:
    """One pass over the bytes, bounded by the length of a line."""
    digest, lines, beyond, damaged, overlong, head, whole = hashlib.sha256(), 0, 0, 0, False, b"", True
    with path.open("rb") as file:
        while line := file.readline(LINE_MOST):
            digest.update(line)
            head += line[: HEAD - len(head)]
            cut = len(line) == LINE_MOST and not line.endswith(b"\n")
            if whole and not cut and not line.isascii():
                beyond += 1
                damaged += not is_utf8(line)
            overlong, whole, lines = overlong or cut, not cut, lines + (not cut)
    return head, Counts(lines, beyond, damaged, overlong, digest.hexdigest())


def is_utf8(line: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def format_of(path: Path, head: bytes, encoding: str, is_page: Callable[[str], bool]) -> Format:
    """The format behind the first bytes; Refused, with what to do, when there is none."""
    if head.startswith(b"PK\x03\x04"):
        return Format.xlsx
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(f"旧版 Excel 文件（.xls）不能导入：{path}。请另存为 .xlsx。")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused(f"文件是 UTF-16 编码：{path}。请另存为 UTF-8。")
    if b"\x00" in head:
        raise Refused(f"不认识的文件格式：{path}。{ACCEPTED}")
    text = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return Format.jsonl
    if text.startswith("["):
        raise Refused(f"JSON 数组不能导入：{path}。请每行写一个 JSON 对象（JSONL）。")
    if text.startswith("<") or is_page(text):
        return Format.page
    return Format.csv
