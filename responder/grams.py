"""Cut text into short overlapping pieces (grams), so that a database can find Chinese without knowing its words."""

import re
from collections.abc import Iterator

from responder.text import plain

#: runs of ASCII letters and digits (a number, a document's code) or of any other letters and signs that count as letters
RUNS = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
WIDTHS = {True: 4, False: 2}  # ASCII runs are cut up to four wide, everything else up to two
GRAMS_MOST = 20_000
NEAR_MOST = 16


def grams(text: str) -> frozenset[str]:
    """Return every gram of a text: script, width, case and invisible signs do not matter, punctuation divides (at most 20,000)."""
    found: set[str] = set()
    for run in runs(text):
        widest = WIDTHS[run.isascii()]
        found.update(run[start : start + width] for width in range(1, widest + 1) for start in range(len(run) - width + 1))
        if len(found) > GRAMS_MOST:
            return frozenset(sorted(found)[:GRAMS_MOST])
    return frozenset(found)


def needed(word: str) -> tuple[str, ...]:
    """Return the grams that all occur wherever the word occurs; () for a word of punctuation alone."""
    found: list[str] = []
    for run in runs(word):
        width = min(WIDTHS[run.isascii()], len(run))
        found += [run[start : start + width] for start in range(len(run) - width + 1)]
    return tuple(dict.fromkeys(found))


def runs(text: str) -> Iterator[str]:
    """Yield the runs of a text after folding."""
    for found in RUNS.finditer(plain(text)):
        yield found.group()


def nearly(word: str) -> list[tuple[str, ...]]:
    """Return the grams that stay when one sign of the word is wrong, missing, too many or changed places with its neighbour, a tuple for each way.

    At least one gram of two signs must stay, so words of one or two signs are given as they are; of long words the first 16 signs count.
    """
    found = [run[:NEAR_MOST] for run in runs(word)]
    ways = [needed(word)] if found else []
    for place, run in enumerate(found):
        rest = [needed(other) for other in (*found[:place], *found[place + 1 :])]
        for start in range(len(run)):
            for end in (start + 1, start + 2):
                kept = [*needed(run[:start]), *needed(run[end:])]
                if end <= len(run) and max(map(len, kept), default=0) > 1:
                    ways.append(tuple(dict.fromkeys([*kept, *(gram for grams_of in rest for gram in grams_of)])))
    return list(dict.fromkeys(ways))
