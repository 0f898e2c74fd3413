"""The first letters of how Chinese sounds, as people type them to find a title: 失业保险金 -> sybxj."""

import re

HAN = re.compile(r"[\u3400-\u9fff]+")


def initials(text: str) -> str:
    """The first letter of each character's sound (pinyin, by phrase where a character has several), other signs as they are."""
    from pypinyin import Style, lazy_pinyin  # its tables take 0.2 s to load and most processes never search

    return HAN.sub(lambda run: "".join(lazy_pinyin(run.group(), style=Style.FIRST_LETTER)), text)
