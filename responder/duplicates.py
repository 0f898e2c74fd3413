"""The same or nearly the same message: a few numbers by which candidates are found, and how alike two messages are.

Words that say nothing (function words, question words, what every message says) count neither here nor there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import rjieba

from responder.scoring import likeness
from responder.text import fold, plain

TRACES = 16
CANDIDATES_MOST = 50
LONGEST_TEXT = 2_000
SHINGLE = 3
_RUN = re.compile(r"[^\W_]+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alike:
    """A message that is alike: its place among the candidates and how much (0 to 1)."""

    place: int
    score: float


def traces(text: str) -> tuple[int, ...]:
    """At most 16 numbers (0 to 2^63) for a text, ascending: the smallest hashes of its pieces of three characters."""
    pieces = {run[place : place + SHINGLE] for run in _RUN.findall(plain(text[:LONGEST_TEXT])) for place in range(max(1, len(run) - SHINGLE + 1))}
    return tuple(sorted({numbered(piece) for piece in pieces})[:TRACES])


@lru_cache(maxsize=65_536)
def numbered(piece: str) -> int:
    """A piece as a number, the same in every process."""
    return int.from_bytes(blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def content_words(text: str, empty: frozenset[str]) -> list[str]:
    """The words of a text that say something, in order."""
    return [word for word in rjieba.cut(plain(text[:LONGEST_TEXT])) if word not in empty and _RUN.search(word)]


def alike(text: str, others: Sequence[str], empty: frozenset[str], least: float) -> list[Alike]:
    """Those of the other texts (the first 50 are looked at) that are alike at least so much, the most alike first."""
    own = content_words(text, empty)
    if not own:
        return []
    many = [content_words(other, empty) for other in others[:CANDIDATES_MOST]]
    found = [Alike(place, score) for place, score in enumerate(likeness(own, many)) if many[place] and score >= least]
    return sorted(found, key=lambda one: (-one.score, one.place))


def shared_words(text: str, other: str, empty: frozenset[str]) -> tuple[list[Span], list[Span]]:
    """Where the words that both texts say stand in each (spans of the originals); single characters are left out."""
    common = frozenset(content_words(text, empty)) & frozenset(content_words(other, empty))
    return places(text, common), places(other, common)


def places(text: str, words: Iterable[str]) -> list[Span]:
    """Spans of the words in the original text."""
    wanted = frozenset(word for word in words if len(word) > 1)
    folded, position, found = fold(text[:LONGEST_TEXT]), 0, list[Span]()
    for word in rjieba.cut(folded.text):
        if word in wanted:
            found.append(folded.span(position, position + len(word)))
        position += len(word)
    return found
