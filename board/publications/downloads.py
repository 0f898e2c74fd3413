"""A document as a file to take along (条例 Art. 24): plain text, or Word in the layout of GB/T 9704; head fields first, an end of validity said at the top."""

import io
from collections.abc import Callable, Mapping

import docx as word

from board.clock import local_day
from board.models import Disclosure
from board.publications.validity import ENDED
from board.wording.labels import Labels
from board.wording.paper import SAMPLE_MARK, TITLE_FONT, TITLE_POINTS, a4, fixed, paragraph


def head_lines(row: Disclosure, labels: Labels) -> list[str]:
    """The head fields that the document has, one a line."""
    published = local_day(row.published_at).isoformat() if row.published_at else ""
    fields = {
        "索引号": row.index_number, "文号": row.document_number, "发布机构": row.publisher or row.issuer, "所属机构": row.unit.name,
        "发布时间": published, "有效性": labels("validity", row.validity),
    }  # fmt: skip
    return [f"{name}：{value}" for name, value in fields.items() if value]


def warning(row: Disclosure, labels: Labels) -> str:
    """What stands above a document that is not in force any more; "" for others."""
    return f"【本文件{labels('validity', row.validity)}，不能作为办事依据】" if row.validity in ENDED else ""


def as_text(row: Disclosure, labels: Labels, *, sample: bool) -> bytes:
    """UTF-8 with a mark at its beginning, so that old programs read it, and line ends of Windows."""
    parts = [SAMPLE_MARK if sample else "", warning(row, labels), row.title, "\n".join(head_lines(row, labels)), row.text]
    return b"\xef\xbb\xbf" + "\n\n".join(part for part in parts if part).replace("\n", "\r\n").encode()


def as_docx(row: Disclosure, labels: Labels, *, sample: bool) -> bytes:
    """The Word document."""
    paper = word.Document()
    a4(paper, row.title, row.publisher or row.issuer or row.unit.name, row.published_at or row.created_at, SAMPLE_MARK if sample else "")
    if above := warning(row, labels):
        paragraph(paper, above)
    paragraph(paper, row.title, TITLE_FONT, TITLE_POINTS, style="Title")
    for line in head_lines(row, labels):
        paragraph(paper, line)
    for line in row.text.splitlines():
        if line.strip():
            paragraph(paper, line.strip(), indent=True)
    target = io.BytesIO()
    paper.save(target)
    return fixed(target.getvalue())


#: form -> how it is made, and its media type
FORMS: Mapping[str, tuple[Callable[..., bytes], str]] = {
    "txt": (as_text, "text/plain; charset=utf-8"),
    "docx": (as_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
