"""Numbers said in the other script: 十四天 for 14天, 14天 for 十四天, 二〇二〇年 for 2020年."""

import re
from collections.abc import Iterator

_DIGITS = "〇一二三四五六七八九"
_VALUES = {digit: str(value) for value, digit in enumerate(_DIGITS)} | {"零": "0", "两": "2"}
# A number and the character behind it, which says of what: without it a number is too common to count.
_ARABIC = re.compile(r"(?<![\d.,:/-])(\d{1,8})([\u4e00-\u9fff])")
_CHINESE = re.compile(r"(?<![〇零一二三四五六七八九十两百千万])([〇零一二三四五六七八九十两]{1,8})([\u4e00-\u9fff])")
# Behind a single numeral these make a word that counts nothing; a larger number is not read.
_UNITS = ("十", "百", "千")
# 〇 is also typed as a circle or as the letter.
_ZEROS = str.maketrans("零○o", "〇〇〇")
_SAID = re.compile("(?:([一二两三四五六七八九])千)?〇?(?:([一二两三四五六七八九])百)?〇?(?:([一二两三四五六七八九]?)十)?〇?([一二三四五六七八九])?")
_LARGER, _NOT_COUNTED = frozenset("百千万亿"), frozenset("些般定切同起直个下旦")


def other_digits(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a number with its unit as it stands in a folded text, and in the other digits."""
    for found in _ARABIC.finditer(text):
        yield found[0], in_chinese(found[1]) + found[2]
    for found in _CHINESE.finditer(text):
        counts = found[2] not in _LARGER and not (len(found[1]) == 1 and found[2] in _NOT_COUNTED)
        if counts and (value := in_arabic(found[1])):
            yield found[0], value + found[2]


def in_chinese(digits: str) -> str:
    """A number in Chinese numerals: below 100 as it is said, otherwise digit by digit."""
    if len(digits) == 2 and digits[0] != "0":
        ten, one = int(digits[0]), int(digits[1])
        return ("" if ten == 1 else _DIGITS[ten]) + "十" + (_DIGITS[one] if one else "")
    return "".join(_DIGITS[int(digit)] for digit in digits)


def in_arabic(numeral: str) -> str:
    """A Chinese numeral below 100, or one said digit by digit, in digits; "" for anything else."""
    if "十" not in numeral:
        return "".join(_VALUES[character] for character in numeral)
    ten, _, one = numeral.partition("十")
    if len(ten) > 1 or len(one) > 1 or "十" in one:
        return ""
    return f"{_VALUES.get(ten, '1')}{_VALUES.get(one, '0')}"


def below_ten_thousand(numeral: str) -> int:
    """The value of a number in digits or in Chinese numerals (十二, 一百零五, 二〇一六); -1 when it is none."""
    if numeral.isdecimal():
        return int(numeral)
    said = numeral.translate(_ZEROS)
    if not any(unit in said for unit in _UNITS):
        digits = "".join(_VALUES.get(character, character) for character in said)
        return int(digits) if digits.isdecimal() else -1
    found = _SAID.fullmatch(said)
    if found is None:
        return -1
    thousands, hundreds, tens, ones = (0 if part is None else int(_VALUES.get(part, "1")) for part in found.groups())
    return thousands * 1_000 + hundreds * 100 + tens * 10 + ones
