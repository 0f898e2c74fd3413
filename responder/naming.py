"""Names by which a document is asked for exactly: its number in any bracket style and spacing, its title in 《》."""

import re
from collections.abc import Iterator
from itertools import islice

from responder.corpus import Document
from responder.text import plain

# 人社函〔2016〕123号: letters, a year, a number; between them brackets, blanks or nothing.
_BETWEEN = r"[^\w\n。;!?]{0,4}"
_PARTS = re.compile(rf"(?<!\d)((?:19|20)\d\d){_BETWEEN}年?{_BETWEEN}第?{_BETWEEN}(\d{{1,5}})\s{{0,2}}号")
_LETTERS = re.compile(rf"([a-z\u3400-\u9fff]{{0,16}}){_BETWEEN}$")
_SIGN = re.compile("[号號]")
_TITLE = re.compile(r"[《〈]([^《》〈〉\n]{2,100})[》〉]")
_MOST_NAMES = 8
_OPENING = 200
_SHORTEST_TITLE = 4
_LEAST_LETTERS = 2
_REACH = 24


def _squeezed(folded: str) -> str:
    """Letters and digits only."""
    return "".join(character for character in folded if character.isalnum())


def _numbers(folded: str) -> Iterator[tuple[str, str, int, int]]:
    """Numbers in a folded text: the letters before the year, year and number, where it begins and ends."""
    for match in islice(_PARTS.finditer(folded), _MOST_NAMES):
        before = max(0, match.start() - _REACH)
        letters = _LETTERS.search(folded[before : match.start()])
        if letters is not None:
            yield letters[1], f"{match[1]}/{int(match[2])}", before + letters.start(), match.end()


def _alone(folded: str, start: int, end: int) -> bool:
    """Whether a document's own number stands there; what is cited stands inside a sentence or in brackets."""
    return (start == 0 or folded[start - 1].isspace()) and (end == len(folded) or folded[end].isspace())


def names_of(document: Document) -> list[str]:
    """All names of a document: its number (from its field, its title, or the opening of its text), its title, the titles inside that."""
    title = plain(document.title)
    names = [f"{letters}{rest}" for letters, rest, _, _ in _numbers(f"{plain(document.number)}\n{title}") if len(letters) >= _LEAST_LETTERS]
    if not names and _SIGN.search(document.text, 0, _OPENING):
        opening = plain(document.text[:_OPENING])
        names = [f"{letters}{rest}" for letters, rest, *span in _numbers(opening) if len(letters) >= _LEAST_LETTERS and _alone(opening, *span)][:1]
    inner = [f"〈{name}" for name in map(_squeezed, _TITLE.findall(title)) if len(name) >= _SHORTEST_TITLE]
    own = _squeezed(title)
    return list(dict.fromkeys([*names, *([f"《{own}"] if len(own) >= _SHORTEST_TITLE else []), *inner]))[:_MOST_NAMES]


def names_in(folded: str) -> list[list[str]]:
    """What a folded question names: for each number or title the names that a document meant by it may bear, the longest first."""
    numbers = [[f"{letters[start:]}{rest}" for start in range(len(letters) - _LEAST_LETTERS + 1)] for letters, rest, _, _ in _numbers(folded)]
    titles = [[f"《{name}", f"〈{name}"] for name in map(_squeezed, _TITLE.findall(folded)[:_MOST_NAMES]) if len(name) >= _SHORTEST_TITLE]
    return [names for names in (*numbers, *titles) if names]
