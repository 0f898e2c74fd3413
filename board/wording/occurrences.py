"""Where the words of a search stand in a text, in its own characters."""

from collections.abc import Iterable

from responder.text import fold, plain

MARKS_MOST = 40


def occurrences(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Spans (start, end) of the text in which a word stands; script, width and case do not matter; spans never overlap, at most 40."""
    folded = fold(text)
    wanted = sorted({found for word in words if (found := plain(word).strip())}, key=len, reverse=True)
    taken: list[tuple[int, int]] = []
    for word in wanted:
        start = folded.text.find(word)
        while start >= 0 and len(taken) < MARKS_MOST:
            span = folded.offsets[start], folded.ends[start + len(word) - 1]
            if all(span[1] <= first or last <= span[0] for first, last in taken):
                taken.append(span)
            start = folded.text.find(word, start + len(word))
    return sorted(taken)


def excerpt(text: str, words: Iterable[str], most: int = 120) -> str:
    """At most so many characters of a text, on one line, around the first word that stands in it; …… where something was left out."""
    line = " ".join(text.split())
    spans = occurrences(line, words)
    start = max(0, min(spans[0][0] - most // 4, len(line) - most)) if spans else 0
    return ("……" if start else "") + line[start : start + most] + ("……" if start + most < len(line) else "")
