"""Fold text for matching: NFKC, lower case, simplified script, nothing invisible, with the way back."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import opencc

# Marks and letters that show nothing and only hide words: joiners, fillers, variation selectors.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code) for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for code in range(first, last + 1)
)
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs"})
# A syllable with or without its tone, in brackets behind a Chinese character (an abbreviation has no vowel or stands in capitals elsewhere).
_SOUND = re.compile(r"(?<=[\u4e00-\u9fff])\((?=[a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ])[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}\)")
# A carriage return becomes a blank so that CR LF stays one line end and a lone CR glues nothing.
_KEPT_CONTROLS = {"\n": "\n", "\t": "\t", "\r": " ", "\v": "\n", "\f": "\n", "\x85": "\n"}


def invisible(character: str) -> bool:
    """Say whether one character shows nothing: controls, zero width, private use, surrogates, fillers."""
    return character in _BLANKS or unicodedata.category(character) in _DROPPED_CATEGORIES


class _FoldTable(dict[int, str]):
    """Translation table for str.translate that learns each code point when it first meets it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _KEPT_CONTROLS:
            folded = _KEPT_CONTROLS[character]
        elif invisible(character):
            folded = ""
        else:
            folded = unicodedata.normalize("NFKC", character).lower()
        self[code] = folded
        return folded


_TABLE = _FoldTable()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text with, for each of its characters, where its original begins (offsets) and ends (ends)."""

    text: str
    offsets: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original (start, end) behind folded characters start..end; an empty span stays empty."""
        if start >= end:
            place = self.offsets[start] if start < len(self.offsets) else (self.ends[-1] if self.ends else 0)
            return place, place
        return self.offsets[start], self.ends[end - 1]

    def part(self, start: int, end: int) -> "Folded":
        """Cut out folded characters start..end, which keep their places in the original."""
        return Folded(self.text[start:end], self.offsets[start:end], self.ends[start:end])


@cache
def _converter() -> opencc.OpenCC:
    """Return the traditional-to-simplified converter, loaded once per process (3 ms)."""
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Turn traditional script into simplified (OpenCC t2s), one character for one character."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    # A phrase rule that changes the length would break every offset behind it.
    return "".join(single if len(single := _converter().convert(character)) == 1 else character for character in text)


def _joins_before(character: str) -> bool:
    """Say whether a character may melt into the one before it under NFKC (marks, Hangul vowels and finals)."""
    return unicodedata.combining(character) != 0 or "\u1161" <= character <= "\u11ff" or unicodedata.category(character)[0] == "M"


def _fold_cluster(cluster: str) -> str:
    """Fold a base character together with the marks that follow it."""
    visible = "".join(character for character in cluster if not invisible(character) or character in _KEPT_CONTROLS)
    return unicodedata.normalize("NFKC", visible).translate(_TABLE)


def _class(characters: frozenset[str]) -> str:
    """Write a set of characters as a regular expression's class."""
    return "[" + "".join(map(re.escape, sorted(characters))) + "]"


def _odd_places(special: frozenset[str], melting: frozenset[str]) -> re.Pattern[str]:
    """Build the pattern of the places that do not fold one for one: special characters, bases with marks."""
    parts = [rf"(?s:.?){_class(melting)}+"] if melting else []
    return re.compile("|".join(parts + ([_class(special)] if special else [])))


def _fold_slowly(text: str, special: frozenset[str], melting: frozenset[str]) -> Folded:
    """Fold in runs of one-for-one characters, taking the odd places between them one by one."""
    pieces: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    position = 0
    for odd in _odd_places(special, melting).finditer(text):
        start, end = odd.span()
        piece = _fold_cluster(odd.group()) if end - start > 1 else _TABLE[ord(odd.group())]
        pieces += (text[position:start].translate(_TABLE), piece)
        offsets += (*range(position, start), *([start] * len(piece)))
        ends += (*range(position + 1, start + 1), *([end] * len(piece)))
        position = end
    pieces.append(text[position:].translate(_TABLE))
    offsets += range(position, len(text))
    ends += range(position + 1, len(text) + 1)
    return Folded(simplify("".join(pieces)), tuple(offsets), tuple(ends))


# Characters that were met and fold one for one, whatever stands beside them.
_PLAIN: set[str] = set()


def _odd(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return a text's characters that do not fold one for one, and those that may change the character before them."""
    unknown = frozenset(text) - _PLAIN
    melting = frozenset(character for character in unknown if not character.isascii() and _joins_before(character))
    special = frozenset(character for character in unknown if len(_TABLE[ord(character)]) != 1) - melting
    _PLAIN.update(unknown - melting - special)
    return special, melting


def fold(text: str) -> Folded:
    """Fold text (NFKC, lower case, simplified, invisible characters dropped) and keep every character's origin."""
    special, melting = _odd(text)
    if melting or special:
        return _fold_slowly(text, special, melting)
    return Folded(simplify(text.translate(_TABLE)), range(len(text)), range(1, len(text) + 1))


def plain(text: str) -> str:
    """Return the folded text alone; equal to fold(text).text, without the cost of the offsets."""
    if text.isascii() or not _odd(text)[1]:
        return simplify(text.translate(_TABLE))
    return fold(text).text


def without_sounds(folded: Folded) -> Folded:
    """Leave out what only tells how the character before sounds: 號(hào); the rest keeps its places."""
    spans = [found.span() for found in _SOUND.finditer(folded.text)]
    if not spans:
        return folded
    kept = [place for (_, start), (end, _) in zip([(0, 0), *spans], [*spans, (len(folded.text), 0)], strict=True) for place in range(start, end)]
    return Folded("".join(folded.text[p] for p in kept), tuple(folded.offsets[p] for p in kept), tuple(folded.ends[p] for p in kept))
