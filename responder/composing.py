"""The reply as text: paragraphs, headings, quotations with their sources, and gaps that a person must fill.

Format, line by line, so that it can be edited in a plain text field and read anywhere:
paragraphs are separated by blank lines; ``## `` begins a heading; lines that begin with ``> `` are a quotation whose last line
``> ——《title》（number），date，validity，link`` names the source; 【请补充：…】 is a gap.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SAME = 0.5
_INNER = str.maketrans("《》", "〈〉")
GAP = re.compile(r"【请补充[：:][^】]*】")
SOURCE = re.compile(r"^——《(?P<title>.+)》(?:（(?P<number>[^（）]*)）)?(?:，(?P<rest>[^《》]*))?$")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a quotation stands; ``published`` ISO date or "", ``validity`` a label or "", ``link`` a path or address or ""."""

    title: str
    number: str = ""
    published: str = ""
    validity: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a reply: kind "paragraph", "heading" or "quotation" (then with its source when it names one)."""

    kind: str
    text: str
    source: Source | None = None


def parse_reply(text: str) -> list[Block]:
    """The blocks of a reply; every line of the text is in exactly one of them."""
    return [block_of(part.strip("\n")) for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if part.strip()]


def block_of(part: str) -> Block:
    """One paragraph of the format as a block."""
    lines = part.split("\n")
    if all(line.startswith(">") for line in lines):
        said = [line.removeprefix(">").removeprefix(" ") for line in lines]
        found = SOURCE.match(said[-1].strip()) if len(said) > 1 else None
        return Block("quotation", "\n".join(said[:-1]), source_of(found)) if found else Block("quotation", "\n".join(said))
    if part.startswith("## ") and len(lines) == 1:
        return Block("heading", part.removeprefix("## ").strip())
    return Block("paragraph", part)


def source_of(found: re.Match[str]) -> Source:
    """The parts of a source line."""
    parts = [piece.strip() for piece in (found["rest"] or "").split("，") if piece.strip()]
    published = next((piece for piece in parts if re.fullmatch(r"\d{4}-\d{2}-\d{2}", piece)), "")
    link = next((piece for piece in parts if piece.startswith(("/", "http://", "https://"))), "")
    validity = next((piece for piece in parts if piece not in {published, link}), "")
    return Source(found["title"], found["number"] or "", published, validity, link)


def quotation(quote: str, source: Source) -> str:
    """A quotation in the format."""
    named = f"——{titled(source.title)}" + (f"（{source.number}）" if source.number else "")
    line = "，".join(piece for piece in (named, source.published, source.validity, source.link) if piece)
    return "\n".join(f"> {part}" for part in [*quote.strip().split("\n"), line] if part.strip())


def titled(title: str) -> str:
    """A title in 《》; titles inside it stand in 〈〉, as is usual in print."""
    return f"《{title.translate(_INNER)}》"


def compose(blocks: Iterable[str]) -> str:
    """Blocks joined to one reply text."""
    return "\n\n".join(block.strip("\n") for block in blocks if block.strip())


def gaps(text: str) -> list[str]:
    """The gaps that a person has still to fill."""
    return GAP.findall(text)


def distinct(quotes: Sequence[str]) -> list[int]:
    """Indices of the quotations that say something not said by an earlier one."""
    kept: list[int] = []
    for index, quote in enumerate(quotes):
        if pairs(quote) and not any(len(pairs(quote) & pairs(quotes[k])) > SAME * min(len(pairs(quote)), len(pairs(quotes[k]))) for k in kept):
            kept.append(index)
    return kept


def pairs(quote: str) -> set[str]:
    """The pairs of neighbouring characters of a quotation, without punctuation."""
    bare = re.sub(r"\W+", "", quote)
    return {bare[at : at + 2] for at in range(max(1, len(bare) - 1)) if bare}
