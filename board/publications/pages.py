"""Saved pages of disclosures: HTML to text, head fields and findings to the fields of an import."""

import re
from html.parser import HTMLParser
from typing import Any

from responder.headings import Head, parse_head

HEAD_MOST = 20_000
LINES = frozenset({"p", "div", "tr", "br", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "title", "ul", "dd", "dt"})
CELLS = frozenset({"td", "th"})
SILENT = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "select", "button"})
MARKS = ("index_number", "document_number", "generated_on", "published_at", "publisher", "organisation")


class PageText(HTMLParser):
    """Collects what a page shows: blocks become lines, cells are parted by bars, scripts are passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.title = ""
        self._silent = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a line, a cell or a silent part."""
        self._silent += tag in SILENT
        self._in_title = tag == "title"
        self.pieces.append("\n" if tag in LINES else " | " if tag in CELLS else "")

    def handle_endtag(self, tag: str) -> None:
        """Ends a line or a silent part."""
        self._silent = max(0, self._silent - (tag in SILENT))
        self._in_title = False
        self.pieces.append("\n" if tag in LINES else "")

    def handle_data(self, data: str) -> None:
        """Keeps visible text; the page's own title is kept apart."""
        if self._in_title:
            self.title += data
        elif not self._silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def page_text(content: str) -> tuple[str, str]:
    """(visible text, title of the page) of an HTML page; any other text as it is, without title."""
    if not content.lstrip("\ufeff \t\r\n").startswith("<"):
        return content, ""
    parser = PageText()
    parser.feed(content)
    parser.close()
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(parser.pieces))
    return re.sub(r"\n{3,}", "\n\n", text).strip(), " ".join(parser.title.split())


def is_page(text: str) -> bool:
    """Whether a text begins with the head of a disclosure page: at least two of its labelled fields."""
    head = parse_head(text[:HEAD_MOST])
    return sum(bool(getattr(head, mark)) for mark in MARKS) >= 2


def page_values(content: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """(fields as of an import row, findings) of a saved page; what the page leaves out is not among the fields."""
    text, title = page_text(content)
    head = parse_head(text)
    return {name: value for name, value in fields_of(head, title, text).items() if value not in (None, "")}, head.findings


def fields_of(head: Head, title: str, text: str) -> dict[str, Any]:
    """The head's fields under the names of the import."""
    return {
        "title": head.title or title, "text": head.body, "original_text": text, "index_number": head.index_number,
        "document_number": head.document_number, "keywords": "，".join(head.keywords), "made_on": head.generated_on,
        "issuer": head.organisation, "publisher": head.publisher, "source_text": head.source, "published_at": head.published_at, "views": head.views,
    }  # fmt: skip
