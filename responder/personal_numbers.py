"""Find personal numbers in folded text: identity numbers, bank cards, mobile and landline numbers.

A run is a chain of digit groups with short separators between them. Candidates are looked for in the run's joined
digits and must begin and end at group borders, so a number inside a longer number is never taken, and Chinese
characters on either side never matter. Every pass is linear in the length of the text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

# GB/T 2260 provinces; 81-83 are residence permits for Hong Kong, Macao and Taiwan, 91 foreigners.
_PROVINCES = frozenset(
    f"{code}" for code in (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83, 91)
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_ID_CHECKS = "10x98765432"
_USCC_ALPHABET = "0123456789abcdefghjklmnpqrtuwxy"  # GB 32100-2015
_SEPARATOR = r"(?:[ \t\n\-._·•—–~|()+#\u0300-\u036f\u20d0-\u20ff]|<[^<>\n]{1,40}>){1,4}"
# The x of a check character belongs to a group only where an identity number can end.
_GROUP = r"(?:(?:[0-9]{17,}+|[0-9]{3}|(?<=[0-9]{6}[ \-])[0-9]{11})x(?![a-z0-9])|[0-9]++|(?<=[0-9][ \-])x(?![a-z0-9]))"
_RUN = re.compile(rf"{_GROUP}(?:{_SEPARATOR}{_GROUP})*+")
_GROUPS = re.compile(_GROUP)

_MOBILE = re.compile(r"(?=(1[3-9][0-9]{9}))")
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ID18 = re.compile(rf"(?=([1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}}[0-9x]))")
_ID15 = re.compile(rf"(?=([1-9][0-9]{{7}}{_MONTH_DAY}[0-9]{{3}}))")
_LANDLINE = re.compile(r"(?=((?:010|02[0-9]|0[3-9][0-9]{2})[1-9][0-9]{6,7}))")
_USCC = re.compile(rf"(?<![0-9a-z])[159y][1239](?:1[0-5]|[2-8][0-9])[0-9]{{4}}[{_USCC_ALPHABET}]{{10}}(?![0-9a-z])")
_ACCOUNT_WORDS = re.compile("银行|卡号|账号|帐号|账户|帐户|开户行|[工农中建交]行卡?")
_ACCOUNT_REACH = 25

_ID_SHAPES = frozenset({(18,), (6, 8, 4), (6, 12), (14, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4)})
_MOBILE_SHAPES = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (4, 7)})
_CARD_SHAPES = frozenset({(4, 4, 4, 4), *((4, 4, 4, 4, rest) for rest in (1, 2, 3))})
_GLUED_MAX = 80  # digits; two or three numbers written without a gap

_NUMERALS = str.maketrans("零〇○o一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖", "000011122233445566778899")


class Hit(NamedTuple):
    """A place in folded text: start, end, kind and whether a rule proves it."""

    start: int
    end: int
    kind: str
    certain: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Joined digits of a run, the text place of each digit, and the sorted borders between groups."""

    digits: str
    places: list[int]
    borders: list[int]

    def aligned(self, start: int, end: int) -> bool:
        """Say whether both ends of a candidate lie on group borders."""
        return self._border(start) and self._border(end)

    def _border(self, index: int) -> bool:
        found = bisect_left(self.borders, index)
        return found < len(self.borders) and self.borders[found] == index

    def shape(self, start: int, end: int) -> tuple[int, ...]:
        """Return the lengths of the groups between two borders."""
        inner = self.borders[bisect_left(self.borders, start) : bisect_left(self.borders, end) + 1]
        return tuple(after - before for before, after in pairwise(inner))

    def whole(self, start: int, end: int) -> bool:
        """Say whether the candidate is all there is in the run."""
        return start == 0 and end == len(self.digits)

    def hit(self, start: int, end: int, kind: str, *, certain: bool) -> Hit:
        """Make a hit in text coordinates from places in the digits."""
        return Hit(self.places[start], self.places[end - 1] + 1, kind, certain)


def id_check_digit(first17: str) -> str:
    """Return the check character of the first 17 digits of an identity number (ISO 7064 MOD 11-2)."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def _real_date(year: str, month: str, day: str) -> bool:
    """Say whether three strings of digits name a day that exists."""
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def plausible_id(number: str) -> bool:
    """Say whether 15 or 18 characters have a province and a birthday of an identity number."""
    if number[:2] not in _PROVINCES:
        return False
    birth = number[6:14] if len(number) == 18 else "19" + number[6:12]
    return _real_date(birth[:4], birth[4:6], birth[6:])


def luhn(digits: str) -> bool:
    """Say whether digits pass the Luhn check of bank cards."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def valid_uscc(code: str) -> bool:
    """Say whether a lower-case code is a unified social credit code with a right check character (GB 32100-2015)."""
    if len(code) != 18 or any(character not in _USCC_ALPHABET for character in code):
        return False
    total = sum(_USCC_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _USCC_ALPHABET[-total % 31] == code[17]


def _runs(text: str) -> Iterator[_Run]:
    """Cut folded text into runs of digit groups."""
    for match in _RUN.finditer(text):
        digits: list[str] = []
        places: list[int] = []
        borders = [0]
        for group in _GROUPS.finditer(text, match.start(), match.end()):
            digits.append(group[0])
            places.extend(range(group.start(), group.end()))
            borders.append(len(places))
        yield _Run("".join(digits), places, borders)


def _identity(run: _Run) -> Iterator[Hit]:
    """Find identity numbers of 18 and 15 characters."""
    for match in _ID18.finditer(run.digits):
        start, end = match.span(1)
        if run.aligned(start, end) and plausible_id(match[1]):
            certain = id_check_digit(match[1][:17]) == match[1][17]
            shape = run.shape(start, end)
            if shape in _ID_SHAPES or (certain and (run.whole(start, end) or len(set(shape)) == 1 or max(shape[:-1]) == 4)):
                yield run.hit(start, end, "id_card", certain=certain)
    for match in _ID15.finditer(run.digits):
        start, end = match.span(1)
        if run.shape(start, end) in {(15,), (6, 6, 3)} and run.aligned(start, end) and plausible_id(match[1]):
            yield run.hit(start, end, "id_card", certain=False)


_UNION_PAY = re.compile(r"62\d{14,17}")


def _card_like(digits: str) -> bool:
    """Say whether digits have the length and the first digits of a bank card and pass Luhn."""
    return 15 < len(digits) < 20 and digits[0] in "34569" and digits.isdigit() and luhn(digits)


def _cards(run: _Run, text: str) -> Iterator[Hit]:
    """Find bank cards: by check digit and usual grouping, or by a word for account before any long number."""
    sizes = [end - start for start, end in pairwise(run.borders)]
    for index, start in enumerate(run.borders[:-1]):
        if sizes[index] < 4:
            continue
        end = start
        for count in range(1, 6):
            end += sizes[index + count - 1] if index + count <= len(sizes) else 22
            if end - start > 21:
                break
            if end - start > 14 and (count == 1 or tuple(sizes[index : index + count]) in _CARD_SHAPES):
                yield from _judge_card(run, text, start, end)


def _judge_card(run: _Run, text: str, start: int, end: int) -> Iterator[Hit]:
    """Yield a long number as a card when its check digit or a word before it says so."""
    place = run.places[start]
    if end - start == 18 and plausible_id(run.digits[start:end]):
        return
    if _card_like(run.digits[start:end]):
        yield run.hit(start, end, "bank_card", certain=True)
    elif _UNION_PAY.fullmatch(run.digits[start:end]):
        yield run.hit(start, end, "bank_card", certain=False)  # a typing error in it does not make it less personal
    elif _ACCOUNT_WORDS.search(text, max(0, place - _ACCOUNT_REACH), place):
        yield run.hit(start, end, "bank_card", certain=False)


def _mobile_start(run: _Run, start: int) -> bool:
    """Say whether a mobile number may begin here: at a border, or behind 86, 0086 or an old leading 0."""
    return any(run.digits.endswith(prefix, 0, start) and run.aligned(start - len(prefix), start - len(prefix)) for prefix in ("", "86", "0086", "0"))


def _mobiles(run: _Run) -> Iterator[Hit]:
    """Find mobile numbers in their usual groupings, in single digits, or in any grouping that stands alone."""
    for match in _MOBILE.finditer(run.digits):
        start, end = match.span(1)
        if not (_mobile_start(run, start) and run.aligned(end, end)):
            continue
        shape = (11,) if not run.aligned(start, start) else run.shape(start, end)
        if shape in _MOBILE_SHAPES or len(shape) == 11 or run.whole(start, end):
            yield run.hit(start, end, "mobile", certain=True)


def _landlines(run: _Run, text: str) -> Iterator[Hit]:
    """Find landline numbers with area code, and an extension behind a hyphen."""
    for match in _LANDLINE.finditer(run.digits):
        start = match.start(1)
        for end in (match.end(1), match.end(1) - 1):
            shape = run.shape(start, end) if end - start > 9 and run.aligned(start, end) else ()
            if len(shape) == 1 or (1 < len(shape) < 4 and shape[0] in (3, 4)):
                hit = run.hit(start, _with_extension(run, text, end), "landline", certain=True)
                opened = ")" in text[hit.start : hit.end] and text[hit.start - 1 : hit.start] == "("
                yield hit._replace(start=hit.start - opened)
                break


def _with_extension(run: _Run, text: str, end: int) -> int:
    """Return the end of a landline number with the extension of up to five digits behind a hyphen, if any."""
    after = bisect_left(run.borders, end) + 1
    if after < len(run.borders) and run.borders[after] - end < 6 and text[run.places[end - 1] + 1 : run.places[end]].strip() == "-":
        return run.borders[after]
    return end


def _glued(run: _Run) -> Iterator[Hit]:
    """Split one long group into identity numbers, cards and mobiles written without a gap between them."""
    for start, end in pairwise(run.borders):
        if not 21 < end - start <= _GLUED_MAX:
            continue
        place = start
        for kind, length in _split(run.digits[start:end]):
            yield run.hit(place, place + length, kind, certain=kind == "id_card")
            place += length


def _split(digits: str) -> list[tuple[str, int]]:
    """Return kinds and lengths that cover all digits, or nothing (dynamic programme over at most 80 places)."""
    best: dict[int, list[tuple[str, int]]] = {0: []}
    for place in range(len(digits)):
        if place not in best:
            continue
        for kind, length in (("id_card", 18), ("mobile", 11), ("bank_card", 19), ("bank_card", 16)):
            piece = digits[place : place + length]
            if place + length not in best and len(piece) == length and _is_kind(kind, piece):
                best[place + length] = [*best[place], (kind, length)]
    return best.get(len(digits), [])


def _is_kind(kind: str, piece: str) -> bool:
    """Say whether a piece of a glued number is of a kind."""
    if kind == "mobile":
        return piece.isdigit() and piece[0] == "1" and piece[1] in "3456789"
    if kind == "bank_card":
        return _card_like(piece)
    return piece[:17].isdigit() and plausible_id(piece) and id_check_digit(piece[:17]) == piece[17]


def _spelled(text: str) -> Iterator[Hit]:
    """Find mobile and identity numbers that are wholly or partly written in Chinese numerals or with the letter o."""
    digits = text.translate(_NUMERALS)
    if digits == text:
        return
    for run in _runs(digits):
        if len(run.digits) > 10:
            for hit in (*_mobiles(run), *_identity(run)):
                if digits[hit.start : hit.end] != text[hit.start : hit.end]:
                    yield hit._replace(certain=False)


def find_numbers(text: str) -> Iterator[Hit]:
    """Yield personal numbers of folded text; hits may overlap, the most telling kind comes first within a run."""
    companies = [match.span() for match in _USCC.finditer(text) if valid_uscc(match[0])]
    for run in _runs(text):
        if len(run.digits) < 10:
            continue
        for hit in (*_identity(run), *_glued(run), *_cards(run, text), *_mobiles(run), *_landlines(run, text)):
            inside = any(start <= hit.start and hit.end <= end for start, end in companies)
            if not inside or (hit.kind == "id_card" and hit.certain):
                yield hit
    yield from _spelled(text)
