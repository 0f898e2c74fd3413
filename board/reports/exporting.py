"""The report as a file: JSON and Markdown as text, Word and Excel as bytes; identical reports give identical bytes."""

import csv
import errno
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from board.errors import InvalidInput
from board.reports.annual import Report, document
from board.reports.published import html, pdf
from board.reports.queue_list import harmless
from board.reports.spreadsheet import clean, xlsx
from board.reports.tables import Table, sign_line, tables
from board.reports.wordfile import docx

MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|#])")


def as_json(report: Report) -> str:
    """The JSON contract: figures, inquiries, findings."""
    return json.dumps(document(report), ensure_ascii=False, indent=2)


def markdown(report: Report) -> str:
    """The report in words with its tables, as Markdown; what comes from records is escaped."""
    lines = [f"# {escaped(report.title)}", "", escaped(sign_line(report)), ""]
    for section in report.sections:
        lines += [f"## {escaped(section.title)}", ""]
        for paragraph in section.paragraphs:
            lines += [escaped(paragraph.text), ""]
    for table in tables(report):
        lines += markdown_table(table)
    return "\n".join(lines).rstrip() + "\n"


def markdown_table(table: Table) -> list[str]:
    """A table with its heading; numbers stand on the right."""
    marks = ["---:" if kind == "number" else "---" for kind in table.kinds]
    rows = [table.heads, marks, *([escaped(str(cell)) for cell in row] for row in table.rows)]
    return [f"## {table.title}", "", *(f"| {' | '.join(row)} |" for row in rows), ""]


def escaped(text: str) -> str:
    """Text that Markdown and HTML show as it is, on one line."""
    return MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


def csv_tables(report: Report) -> bytes:
    """All tables one below the other: UTF-8 with a byte order mark for Excel, no cell that a spreadsheet would compute."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    for table in tables(report):
        writer.writerows([[table.title], table.heads, *([harmless(clean(str(cell))) for cell in row] for row in table.rows), []])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def encoded(make: Callable[[Report], str]) -> Callable[[Report], bytes]:
    """A text format as UTF-8 bytes with a line end."""
    return lambda report: (make(report).rstrip("\n") + "\n").encode()


#: format -> the file's bytes
FORMATS: Mapping[str, Callable[[Report], bytes]] = {"json": encoded(as_json), "md": encoded(markdown), "docx": docx, "xlsx": xlsx, "html": html, "pdf": pdf, "csv": csv_tables}
MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exported(report: Report, form: str) -> bytes:
    """The report in one of the formats; InvalidInput for another."""
    if form not in FORMATS:
        raise InvalidInput(f"格式应为 {'、'.join(FORMATS)} 之一。", "format")
    return FORMATS[form](report)


def file_name(report: Report, form: str) -> str:
    """The name under which a report is saved."""
    return f"huiying-annual-{report.year}.{form}"


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file without a name and names it when it is whole: a kill leaves nothing; InvalidInput when the place cannot be written."""
    try:
        if not (hasattr(os, "O_TMPFILE") and write_nameless(path, content)):
            write_named(path, content)
    except OSError as error:
        raise InvalidInput(f"文件无法写入：{path}（{error.strerror}）。", "output") from error


def write_nameless(path: Path, content: bytes) -> bool:
    """By a file that the kernel forgets when its writer dies (O_TMPFILE); False where the file system has none."""
    try:
        handle = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o644)
    except OSError as error:
        if error.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
            return False
        raise
    with os.fdopen(handle, "wb") as file:
        flushed(file, content)
        os.fchmod(file.fileno(), 0o644)
        whole = path.parent / f".{path.name}.{os.getpid()}"
        try:
            os.link(f"/proc/self/fd/{file.fileno()}", whole, src_dir_fd=file.fileno(), follow_symlinks=True)  # a place to start makes it linkat, which follows
        except (FileNotFoundError, PermissionError):
            return False
        try:
            whole.replace(path)
        except BaseException:
            whole.unlink(missing_ok=True)
            raise
    return True


def write_named(path: Path, content: bytes) -> None:
    """By a named file beside the target, renamed when it is whole."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            flushed(file, content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def flushed(file: IO[bytes], content: bytes) -> None:
    """All bytes on the disk."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())
