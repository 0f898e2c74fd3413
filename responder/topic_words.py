"""What a message says, for topics: the words for its matter and the places it names; words that tell nothing are left out."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from responder.privacy import find_personal
from responder.text import plain

LONGEST_TEXT = 1_500
BEGINNING = 60  # words of a text in which its place stands
SHORT_NAMED = "省市县区旗镇"  # after these a name of one character is a name (上路 is none)
TITLE = 3  # a word of the title counts as often
EMPTY_KINDS = frozenset("dpcurmqftyeox")  # first letters of jieba's kinds: adverbs, prepositions, pronouns, numbers, times, marks
# 云溪县|板桥镇|新星村: a smaller place follows a larger one without a mark between; a letter before 市 is a name with its rest left out
_BORDER = re.compile(r"(?<=[省市县区旗镇乡])(?=[\u4e00-\u9fff]{1,4}(?:镇|乡|街道|村|社区|小区|路|大道|街))|(?<=街道)(?=[\u4e00-\u9fff]{1,4}(?:村|社区|小区|路))|(?<=[a-z0-9][省市县区])")


@dataclass(frozen=True, slots=True)
class TopicRules:
    """Words that say nothing, endings of places (小区, 路), words with such an ending that name none (道路), words that the
    dictionary does not know (公租房), the least nearness (mean cosine) of
    a cluster's messages, and the share of all messages from which a word is too common to tell anything.
    """

    dull: frozenset[str] = frozenset()
    place_endings: frozenset[str] = frozenset()
    no_places: frozenset[str] = frozenset()
    own_words: frozenset[str] = frozenset()
    nearness: float = 0.24
    common: float = 0.8


@dataclass(frozen=True, slots=True)
class Said:
    """One message: an id of the caller's, its words, its subject."""

    key: int
    title: str
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it stands: folded, its kind of word (jieba's), whether it names a place, whether it tells what the matter is."""

    word: str
    kind: str
    place: bool
    telling: bool


def tokens(text: str, rules: TopicRules) -> list[Token]:
    """The words of a text in order; a place keeps its name and its ending together (板桥小区)."""
    found: list[Token] = []
    for part in _BORDER.split(plain(text[:LONGEST_TEXT])):
        for word, kind in tagger(rules.own_words).tag(part):
            before = found[-1] if found else None
            if word in rules.place_endings and before and not before.place and is_name(before, rules):
                found[-1] = token(before.word + word, "ns", rules)
            else:
                found.append(token(word, kind, rules))
    return found


@lru_cache(maxsize=4)
def tagger(own_words: frozenset[str]) -> rjieba.Jieba:
    """Cuts text into words with their kinds; knows some words more than the dictionary."""
    found = rjieba.Jieba()
    for word in sorted(own_words):
        found.add_word(word, 1_000_000, "n")
    return found


def token(word: str, kind: str, rules: TopicRules) -> Token:
    """A word with what it is."""
    place = is_place(word, rules) and kind in {"ns", "nt", "nz", "nr", "j", "x"}
    telling = not place and len(word) > 1 and word.isalnum() and not word.isdigit() and word not in rules.dull and word not in rules.place_endings
    return Token(word, kind, place, telling and says_something(kind))


def says_something(kind: str) -> bool:
    """Whether words of a kind (jieba's) can tell a matter or name a place; "eng" is a Latin word."""
    return kind == "eng" or kind[:1] not in EMPTY_KINDS


def is_name(one: Token, rules: TopicRules) -> bool:
    """Whether a word before an ending can be a place's name."""
    word = one.word
    return says_something(one.kind) and word.isalnum() and not word.isdigit() and word not in rules.dull and word not in rules.place_endings


def is_place(word: str, rules: TopicRules) -> bool:
    """Whether a word is the name of a place (302路 is a line, not a road; 道路 and 农村 name none)."""
    if word in rules.no_places or word in rules.dull:
        return False
    names = (word.removesuffix(ending) for ending in rules.place_endings if word.endswith(ending))
    return any(name and not name.isdigit() and name not in rules.dull and (len(name) > 1 or name.isascii() or word[-1] in SHORT_NAMED) for name in names)


def counted(message: Said, rules: TopicRules) -> tuple[Counter[str], Counter[str]]:
    """How often a message says each telling word (those of the title count more), and the places of its title, or else of its beginning."""
    head = tokens(message.title, rules)
    body = tokens(message.text, rules)
    words = Counter(one.word for one in body if one.telling)
    for one in head:
        words[one.word] += TITLE * one.telling
    places = Counter(one.word for one in head if one.place) or Counter(one.word for one in body[:BEGINNING] if one.place)
    return +words, places


def masked(message: Said) -> Said:
    """The message without anything personal (cut out, so that not even its mask gets into a name)."""
    return Said(message.key, without_personal(message.title), without_personal(message.text[:LONGEST_TEXT]), message.subject)


def without_personal(text: str) -> str:
    """The text with a comma in the place of each finding."""
    for found in reversed(find_personal(text)):
        text = f"{text[: found.start]}，{text[found.end :]}"
    return text


def people(found: Iterable[Token]) -> frozenset[str]:
    """Words that may be names of people."""
    return frozenset(one.word for one in found if one.kind.startswith("nr"))
