"""Names by which a document is asked for exactly: its number in any bracket style, spacing and digits, its title in 《》."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from responder.corpus import Document
from responder.numerals import below_ten_thousand
from responder.text import plain

# 人社函〔2016〕123号: letters, a year, a number; between them brackets, blanks or nothing. Behind a year in brackets 号 may be missing.
_BETWEEN = r"[^\w\n。;!?]{0,4}"
_YEAR = r"(?:19|20)\d\d|[一二][九〇零○o][〇零○o一二三四五六七八九]{2}"
_NUMBER = r"\d{1,5}|[〇零○o一二三四五六七八九十百千]{1,7}"
_SIGNED = rf"(?P<year>{_YEAR}){_BETWEEN}年?{_BETWEEN}第?{_BETWEEN}(?P<number>{_NUMBER})\s{{0,2}}号(?![楼院门线井地厅车房])"
_BRACKETED = rf"(?<=[(\[【〔《〖『「<〈{{])(?P<in_brackets>{_YEAR})年?[)\]】〕》〗』」>〉}}]第?(?P<bare>{_NUMBER})(?![\d年月日条款项.])"
_PARTS = re.compile(rf"(?<![\d〇零○一二三四五六七八九])(?:{_SIGNED}|{_BRACKETED})")
_OPENED = tuple("([【〔《〖『「<〈{")
_LETTERS = re.compile(rf"([a-z\u3400-\u9fff]{{0,16}}){_BETWEEN}$")
_SIGN = re.compile("[号號]")
_TITLE = re.compile(r"[《〈]([^《》〈〉\n]{2,100})[》〉]")
# Blanks inside a number as it is typed: between single digits, and wherever not both neighbours are digits.
_SPACED_DIGITS = re.compile(r"(?<![^\W_])\d(?:[ \t]\d)+(?!\d)")
_BLANK = re.compile(r"(?<=\D)[ \t]+|[ \t]+(?=\D)")
# How the letters before a year end where they are an office's sign, and behind what words such a sign begins.
_CODE_ENDS = frozenset("发函字办令规通政党委厅知告电复报批公审监")
_BEFORE_CODE = frozenset("问据照依见和与及的在对由文件发到找看查是有了按为从号给下厅局委府部院会署")
_SPEAKERS = frozenset("你我他您贵们这那谁")
_MOST_NAMES = 8
_OPENING = 200
_SHORTEST_TITLE = 4
_LEAST_LETTERS = 2
_REACH = 24
_MOST_CITED = 200


@dataclass(frozen=True, slots=True)
class Number:
    """A document number in a folded text: the letters before the year (with whatever words run into them), year/number,
    where it begins and ends, and whether the year stands in brackets.
    """

    letters: str
    rest: str
    start: int
    end: int
    bracketed: bool

    @property
    def names(self) -> list[str]:
        """Names that a document meant by it may bear, the longest first; by the number alone where no office's sign is given."""
        names = [f"{self.letters[start:]}{self.rest}" for start in range(len(self.letters) - _LEAST_LETTERS + 1)]
        return names if self.coded else [*names, f"#{self.rest}"]

    @property
    def coded(self) -> bool:
        """Whether the letters are an office's sign (人社发), not the words of a sentence."""
        if len(self.letters) < _LEAST_LETTERS or _SPEAKERS.intersection(self.letters[-4:]):
            return False
        return self.letters[-1] in _CODE_ENDS or (self.bracketed and self.letters[-1] not in _BEFORE_CODE)

    def same(self, other: "Number") -> bool:
        """Whether both may be one number: what differs in their letters is only the words that run into them."""
        if self.rest != other.rest:
            return False
        pairs = zip(reversed(self.letters), reversed(other.letters), strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        ahead = (self.letters[: len(self.letters) - shared], other.letters[: len(other.letters) - shared])
        return shared >= _LEAST_LETTERS and all(not part or part[-1] in _BEFORE_CODE for part in ahead)


def _squeezed(folded: str) -> str:
    """Letters and digits only."""
    return "".join(character for character in folded if character.isalnum())


def numbers_in(folded: str, most: int = _MOST_NAMES) -> Iterator[Number]:
    """The document numbers in a folded text, at most so many."""
    for match in islice(_PARTS.finditer(folded), most):
        before = max(0, match.start() - _REACH)
        letters = _LETTERS.search(folded[before : match.start()])
        year, number = (below_ten_thousand(match[a] or match[b]) for a, b in (("year", "in_brackets"), ("number", "bare")))
        if letters is not None and year > 0 and number > 0:
            bracketed = folded.endswith(_OPENED, 0, match.start())
            yield Number(letters[1], f"{year}/{number}", before + letters.start(), match.end(), bracketed)


def _alone(folded: str, number: Number) -> bool:
    """Whether a document's own number stands there; what is cited stands inside a sentence or in brackets."""
    start, end = number.start, number.end
    return (start == 0 or folded[start - 1].isspace()) and (end == len(folded) or folded[end].isspace())


def names_of(document: Document) -> list[str]:
    """All names of a document: its number (from its field, its title, or the opening of its text), its title, the titles inside that."""
    title = plain(document.title)
    own = [number for number in numbers_in(f"{_tight(plain(document.number))}\n{title}") if len(number.letters) >= _LEAST_LETTERS]
    if not own and _SIGN.search(document.text, 0, _OPENING):
        opening = plain(document.text[:_OPENING])
        own = [number for number in numbers_in(opening) if len(number.letters) >= _LEAST_LETTERS and _alone(opening, number)][:1]
    numbers = [name for number in own for name in (f"{number.letters}{number.rest}", f"#{number.rest}")]
    inner = [f"〈{name}" for name in map(_squeezed, _TITLE.findall(title)) if len(name) >= _SHORTEST_TITLE]
    entitled = _squeezed(title)
    return list(dict.fromkeys([*numbers, *([f"《{entitled}"] if len(entitled) >= _SHORTEST_TITLE else []), *inner]))[:_MOST_NAMES]


def _tight(folded: str) -> str:
    """A text without the blanks that are typed inside numbers: 人社函 〔 2 0 1 6 〕 123 号."""
    joined = _SPACED_DIGITS.sub(lambda found: "".join(found.group().split()), folded)
    return _BLANK.sub("", joined)


def asked_numbers(folded: str) -> list[Number]:
    """The document numbers that a folded question names, however they are typed."""
    return list(numbers_in(_tight(folded)))


def asked_titles(folded: str) -> list[list[str]]:
    """For each title in its marks the names that a document meant by it may bear: its own title, or one inside its title."""
    return [[f"《{name}", f"〈{name}"] for name in map(_squeezed, _TITLE.findall(folded)[:_MOST_NAMES]) if len(name) >= _SHORTEST_TITLE]


def cites(folded: str, number: Number) -> bool:
    """Whether a folded text speaks of a document number."""
    return any(number.same(found) for found in numbers_in(folded, _MOST_CITED))
