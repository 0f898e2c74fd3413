"""Find listed words however they are disguised: width, case, script, zero width, blanks or punctuation between, pinyin in place of a character."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from responder.text import Folded, fold, plain

#: at most so many signs (blanks, punctuation, line ends) may stand between two characters of a word
BETWEEN = r"[\W_]{0,4}"
LATIN = re.compile(r"[a-z]{2,}")
#: a word written in pinyin alone must have so many syllables: two of them stand in many foreign words by chance
SYLLABLES = 3


def find_sensitive(text: str, words: Iterable[str]) -> list[tuple[int, int, str]]:
    """Each place of a listed word in the original text: (start, end, the word as it stands in the list), in order, none twice."""
    folded = fold(text)
    letters = "".join(sign for sign in folded.text if sign.isalnum())
    spelled = bool(LATIN.search(letters))
    latin = " ".join(LATIN.findall(letters))
    found: set[tuple[int, int, str]] = set()
    for word in words:
        bare = bare_of(word)
        if bare and (bare in letters or (spelled and any(reading in latin for sign in bare if not sign.isascii() for reading in readings(sign)))):
            found.update(places(folded, word, bare, spelled))
    return sorted(found)


@lru_cache(maxsize=8192)
def bare_of(word: str) -> str:
    """The letters, characters and digits of a word, folded."""
    return "".join(sign for sign in plain(word) if sign.isalnum())


def places(folded: Folded, word: str, bare: str, spelled: bool) -> Iterator[tuple[int, int, str]]:
    """The places of one word."""
    for match in pattern(bare, spelled).finditer(folded.text):
        said = match.group()
        latin = said.isascii() and not bare.isascii()
        if latin and len(bare) < SYLLABLES:
            continue
        yield (*folded.span(*match.span()), word)


@lru_cache(maxsize=8192)
def pattern(bare: str, spelled: bool) -> re.Pattern[str]:
    """What a word looks like: signs may stand between its characters, and, when ``spelled``, pinyin in their place."""
    body = BETWEEN.join(sign_of(sign, spelled) for sign in bare)
    if bare.isascii():
        return re.compile(rf"(?<![a-z0-9]){body}(?![a-z0-9])")
    return re.compile(body)


def sign_of(sign: str, spelled: bool) -> str:
    """One character of a word, or how it is read."""
    if sign.isascii() or not spelled:
        return re.escape(sign)
    return f"(?:{re.escape(sign)}|{'|'.join(sorted(readings(sign), key=len, reverse=True))})"


@lru_cache(maxsize=4096)
def readings(sign: str) -> tuple[str, ...]:
    """How a character is read, without tones (ü as v)."""
    from pypinyin import Style, pinyin  # its tables take 0.2 s to load and most texts need none

    return tuple({reading for reading in pinyin(sign, style=Style.NORMAL, heteronym=True)[0] if reading.isascii()} or {re.escape(sign)})
