"""Which words of two texts differ: cut into words, aligned with the fewest changes, given back as spans of characters."""

from collections.abc import Iterable
from itertools import accumulate

import rjieba

from responder.scoring import word_changes

#: words of one line beyond which its end is not compared word by word but as one piece
MOST_WORDS = 4000
Span = tuple[int, int]


def cut_words(text: str) -> list[str]:
    """The words of a text; joined they are the text."""
    return list(rjieba.cut(text)) if text else []


def changed_words(old: str, new: str) -> tuple[list[Span], list[Span]]:
    """Spans (half-open, in characters) of what was taken from the old text and of what was put into the new one."""
    before, after = bounded(cut_words(old)), bounded(cut_words(new))
    steps = word_changes(before, after)
    return places(before, ((a, b) for a, b, _, _ in steps)), places(after, ((c, d) for _, _, c, d in steps))


def bounded(words: list[str]) -> list[str]:
    """The words, of a very long line the rest as one."""
    return words if len(words) <= MOST_WORDS else [*words[:MOST_WORDS], "".join(words[MOST_WORDS:])]


def places(words: list[str], spans: Iterable[Span]) -> list[Span]:
    """Spans of words as spans of characters; empty ones are left out, neighbours become one."""
    begins = [0, *accumulate(map(len, words))]
    found: list[Span] = []
    for first, behind in spans:
        start, end = begins[first], begins[behind]
        if end <= start:
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
