"""Repair damaged imported text and clean what citizens type; text that is fine comes back as it was."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

from responder.text import simplify

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# 號(hào), 號（hao4）: one Chinese character and one syllable in brackets.
_NOTE = re.compile(rf"([{_HAN}])[(（]([a-zü:\u0300-\u030c\u00e0-\u01dc]{{1,8}}[1-5]?)[)）]")
_LABEL = re.compile(rf"(?m)(?:^|(?<=\|))[ \t\u3000]*[{_HAN}][{_HAN}? \t\u3000]{{1,24}}(?=[:：])")
_LOST_BLANKS = re.compile(rf"(?m)(^[ \t\u3000]*|[。；;：:|][ \t\u3000]*)\?{{2,}}(?=[{_HAN}0-9(（《“])")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_RUNS = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}|[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_EDGE_BLANKS = re.compile(r"(?m)^ +| +$")
_EMPTY_LINES = re.compile(r"\n{4,}")
_MIN_TRADITIONAL = 3

_BIDI_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SMUGGLED = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff{_BIDI_MARKS}\U000e0000-\U000e00ff\U000e01f0-\U0010ffff]"
)
_SHOWS_NOTHING = re.compile(
    "[\\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]*"
)
_TERMINAL_CODES = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
MARKS_PER_BASE = 4


@dataclass(frozen=True, slots=True)
class Repaired:
    """Repaired text and the codes of what was done to it, in order; no code means nothing was touched."""

    text: str
    changes: tuple[str, ...]


@cache
def _readings(character: str) -> frozenset[str]:
    """Return all readings of a character, with tone marks, with tone numbers and without tones."""
    from pypinyin import Style, pinyin  # its tables take 0.2 s to load and most texts have no brackets

    styles = (Style.TONE, Style.TONE3, Style.NORMAL)
    return frozenset(reading for style in styles for reading in pinyin(character, style=style, heteronym=True)[0])


def _is_reading(character: str, syllable: str) -> bool:
    """Say whether a bracketed syllable really is how the character is read."""
    spelled = unicodedata.normalize("NFC", syllable).replace("u:", "ü")
    return spelled in _readings(character) or spelled.replace("ü", "v") in _readings(character)


def _certain(character: str, syllable: str) -> bool:
    """Say whether a reading note can only be noise: a tone is written, or the character is traditional."""
    return (not syllable.isascii() or syllable[-1].isdigit()) or simplify(character) != character


def _drop_pinyin(text: str) -> str:
    """Drop bracketed readings; toneless ones behind simplified characters only when others are certain."""
    notes = [match for match in _NOTE.finditer(text) if _is_reading(match[1], match[2])]
    if not any(_certain(match[1], match[2]) for match in notes):
        return text
    pieces, position = [], 0
    for match in notes:
        pieces.append(text[position : match.end(1)])
        position = match.end()
    return "".join(pieces) + text[position:]


def _drop_question_marks(text: str) -> str:
    """Drop runs of ? that stand for lost blanks: inside a label, or where nothing was asked."""
    labels = _LABEL.sub(lambda match: re.sub(r"\?{2,}", "", match[0]), text)
    return _LOST_BLANKS.sub(r"\1", labels)


def _drop_invisible(text: str) -> str:
    """Drop controls, zero-width characters and lone surrogates; private use stays (rare names were coded there)."""
    return "".join(character for character in text if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs"))


def _even_lines(text: str) -> str:
    """Turn every kind of line end into a line feed."""
    return _LINE_ENDS.sub("\n", text)


def _even_blanks(text: str) -> str:
    """Turn repeated and full-width blanks into one, drop them at line edges, keep at most two empty lines."""
    single = _EDGE_BLANKS.sub("", _BLANK_RUNS.sub(" ", text))
    return _EMPTY_LINES.sub("\n\n\n", single)


@cache
def _to_traditional() -> opencc.OpenCC:
    """Return the converter that tells which characters are simplified."""
    return opencc.OpenCC("s2t")


@lru_cache(maxsize=8192)
def _is_simplified(character: str) -> bool:
    """Say whether a character is written otherwise in traditional script."""
    written: str = _to_traditional().convert(character)
    return written != character


def is_traditional(text: str) -> bool:
    """Say whether a text is written in traditional script as a whole, not only a name in it."""
    changed = sum(before != after for before, after in zip(text, simplify(text), strict=True))
    if changed < _MIN_TRADITIONAL:
        return False
    return changed > 2 * sum(map(_is_simplified, text))


def repair(text: str) -> Repaired:
    """Repair imported text: line ends, invisible characters, pinyin notes, lost blanks, blanks, script."""
    changes: list[str] = []
    steps = (
        ("line_ends_evened", _even_lines),
        ("invisible_dropped", _drop_invisible),
        ("pinyin_dropped", _drop_pinyin),
        ("question_marks_dropped", _drop_question_marks),
        ("blanks_evened", _even_blanks),
    )
    for code, step in steps:
        repaired = step(text)
        if repaired != text:
            changes.append(code)
            text = repaired
    if ("pinyin_dropped" in changes or is_traditional(text)) and simplify(text) != text:
        return Repaired(simplify(text), (*changes, "script_simplified"))
    return Repaired(text, tuple(changes))


def _cap_marks(text: str) -> str:
    """Keep at most four combining marks on one base character (Zalgo text)."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS_PER_BASE:
            kept.append(character)
    return "".join(kept)


def clean_input(text: str) -> str:
    """Clean what a citizen typed; "" when nothing visible is left. Words and punctuation stay as typed."""
    cleaned = _cap_marks(_SMUGGLED.sub("", _TERMINAL_CODES.sub("", _even_lines(text)))).strip()
    return "" if _SHOWS_NOTHING.fullmatch(cleaned) else cleaned
