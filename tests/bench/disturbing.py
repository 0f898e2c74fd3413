"""Ways in which people's typing differs from print, seeded: the same question is disturbed the same way every time."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

import opencc
from pypinyin import Style, lazy_pinyin

from responder.numerals import in_chinese

SHARE = 0.1
_COMMON = 3_000
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}

Disturbance = Callable[[str, random.Random], str]


def homophones(texts: Iterable[str]) -> dict[str, str]:
    """For each common Chinese character of the texts the others of the same syllable, whatever the tone."""
    counts = Counter(character for text in texts for character in text if "一" <= character <= "龥")
    by_sound: dict[str, list[str]] = defaultdict(list)
    for character, _ in counts.most_common(_COMMON):
        by_sound[lazy_pinyin(character)[0]].append(character)
    return {character: "".join(other for other in alike if other != character) for alike in by_sound.values() for character in alike}


def drop(text: str, place: int, _: random.Random) -> str:
    """Leave one character out."""
    return text[:place] + text[place + 1 :]


def double(text: str, place: int, _: random.Random) -> str:
    """Type one character twice."""
    return text[: place + 1] + text[place:]


def swap(text: str, place: int, _: random.Random) -> str:
    """Change one character with the next."""
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def errors(alike: Mapping[str, str], kinds: tuple[str, ...]) -> Disturbance:
    """Disturb a tenth of the characters (at least one), each by one of the kinds."""

    def sound(text: str, place: int, chance: random.Random) -> str:
        others = alike.get(text[place])
        return text[:place] + chance.choice(others) + text[place + 1 :] if others else text

    by_name = {"drop": drop, "double": double, "swap": swap, "homophone": sound}

    def disturb(text: str, chance: random.Random) -> str:
        places = chance.sample(range(len(text)), min(len(text), max(1, round(SHARE * len(text)))))
        for place in sorted(places, reverse=True):
            text = by_name[chance.choice(kinds)](text, place, chance)
        return text

    return disturb


def traditional(text: str, _: random.Random) -> str:
    """The same in traditional script."""
    return str(opencc.OpenCC("s2t").convert(text))


def full_width(text: str, _: random.Random) -> str:
    """Letters, digits and punctuation in full width."""
    return text.translate(_WIDE)


def pinyin_noise(text: str, chance: random.Random) -> str:
    """The sound behind a tenth of the Chinese characters, as 號(hào)."""
    noisy = [f"{c}({lazy_pinyin(c, style=Style.TONE)[0]})" if "一" <= c <= "龥" and chance.random() < SHARE else c for c in text]
    return "".join(noisy)


def chinese_numerals(text: str, _: random.Random) -> str:
    """Chinese numerals for digits: years digit by digit, numbers below 100 as they are said."""
    return re.sub(r"\d+", lambda found: in_chinese(found[0]), text)


def disturbances(alike: Mapping[str, str]) -> dict[str, Disturbance]:
    """All of them by name; the mixture is the one that is promised."""
    single = ("drop", "double", "swap", "homophone")
    return {
        "mixture": errors(alike, single), **{name: errors(alike, (name,)) for name in single},
        "traditional": traditional, "full width": full_width, "pinyin noise": pinyin_noise, "numerals": chinese_numerals,
    }  # fmt: skip
