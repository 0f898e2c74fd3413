"""Documents as the responder sees them, and their passages: pieces between sentence borders that a quotation is made of."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from responder.text import plain

LONGEST_QUOTE = 240
_LONGEST_TITLE = 80
_BORDER = re.compile(r"[。!?;…\n\r]+[\"'”’」』)】》]*|(?<=[^\x00-\x7f])\s+|(?<=[^\w\s])\s+")
_SOFT_BORDER = re.compile(r"[,，、:：)）]")


@dataclass(frozen=True, slots=True)
class Document:
    """A published document; `text` is what is quoted, the rest helps to find it and to judge its validity: valid from
    and until (inclusive) a day, if any; `in_force` is false when it was repealed.
    """

    id: str
    title: str
    text: str
    number: str = ""
    issued: date | None = None
    authority: str = ""
    region: str = ""
    kind: str = "disclosure"
    in_force: bool = True
    valid_from: date | None = None
    valid_until: date | None = None

    def on(self, day: date | None) -> "Document":
        """The document as it stands on a day: in force only within its dates; without a day dates do not matter."""
        if day is None or not self.in_force:
            return self
        begun = self.valid_from is None or self.valid_from <= day
        return self if begun and (self.valid_until is None or day <= self.valid_until) else replace(self, in_force=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a folded text, characters start to end (exclusive), at most 240 long."""

    start: int
    end: int


def document_from_plain(id: str, text: str) -> Document:
    """Make a document of an id and a text that starts with its title (up to the first white space)."""
    head = text.lstrip()[: _LONGEST_TITLE + 1]
    first = re.split(r"\s", head, maxsplit=1)[0]
    return Document(id=id, title=first[:_LONGEST_TITLE], text=text)


def fingerprint(document: Document) -> str:
    """Hash of title and text without white space, width and script: equal for copies of one document."""
    text = "\n".join("".join(plain(part).split()) for part in (document.title, document.text))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def passages(folded: str) -> list[Passage]:
    """Cut a folded text at sentence borders, long sentences at commas, the rest by length; nothing but white space is lost."""
    found: list[Passage] = []
    start = 0
    for border in _BORDER.finditer(folded):
        found.extend(_pieces(folded, start, border.end()))
        start = border.end()
    found.extend(_pieces(folded, start, len(folded)))
    return found


def _pieces(folded: str, start: int, end: int) -> Iterator[Passage]:
    """Cut one sentence into pieces of at most 240 characters, leaving white space at both ends out."""
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    while end - start > LONGEST_QUOTE:
        soft = [m.end() for m in _SOFT_BORDER.finditer(folded, start + 1, start + LONGEST_QUOTE)]
        middle = soft[-1] if soft else start + LONGEST_QUOTE
        yield Passage(start, middle)
        start = middle
    if end > start:
        yield Passage(start, end)
