"""A quotation as a whole thought: no heading without what stands under it, no list broken off, no "答：" without its question."""

import re
from collections.abc import Sequence
from dataclasses import replace

from responder.quoting import Evidence
from responder.scoring import alike

#: Characters of a whole thought at most: a list is quoted to its end where it fits.
LONGEST_THOUGHT = 480
_ITEM = r"(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|[①-⑳]|第[一二三四五六七八九十\d]{1,3}[条步项章节]|[一二三四五六七八九十]是)"
_ORPHAN = re.compile(r"\s*(?:(?:答|解答|回答)\s*[:：]\s*|[（(][^（）()\n]{1,60}[)）]\s*\n)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’」』)）】》]*|\n|$)")
_BARE = re.compile(rf"\s*(?:{_ITEM})?\s*[^，,。！？!?；;：:\n]{{1,24}}[。：:]?\s*")
_NUMBERED = re.compile(rf"\s*{_ITEM}")
_BEGINS = re.compile(rf"\s*{_ITEM}\s*")
_OPEN = re.compile(r"[：:；;，,、]\s*$")
_ANSWER = re.compile(r"问\s*[:：][^\n]*?\n?[^\S\n]*答\s*[:：]\s*$")
_COURTESY = re.compile(r"\s*(?:答\s*[:：]\s*)?[^。！？!?；;\n]{0,24}(?:您好|你好|收悉|答复如下|回复如下|感谢您|谢谢您|仍有疑问|特此(?:回复|答复))")
_ASKED, _ANSWERED = re.compile(r"\s*问\s*[:：]"), re.compile(r"答\s*[:：]\s*\w")
_BEFORE = 160
_LETTERS = re.compile(r"\w")
_SAME = 0.85
_SHORT = 8


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a piece, with what ends them; lines are borders too."""
    return [found.span() for found in _SENTENCE.finditer(text, start, end) if _LETTERS.search(found.group())]


def bare(sentence: str) -> bool:
    """Whether a sentence is only a heading or announces what follows: numbered and short, a line without a full stop, or ended by a colon."""
    rest = sentence.strip()
    if rest.endswith((":", "：")):
        return True
    return _BARE.fullmatch(sentence) is not None and (_NUMBERED.match(sentence) is not None or not rest.endswith(("。", "！", "？", "；", "!", "?", ";")))


def asks(sentence: str) -> bool:
    """Whether a sentence only asks, as those of a citizen's letter do, or only greets."""
    return sentence.rstrip().endswith(("？", "?")) or _COURTESY.match(sentence) is not None


def whole(text: str, start: int, end: int, longest: int = LONGEST_THOUGHT) -> tuple[int, int]:
    """The place of the whole thought that a quotation text[start:end] stands for, at most ``longest`` characters.

    What is broken off goes on to its end: a cut sentence, a list, what stands under a heading at the end when nothing else is said;
    a heading or a question at the end that only begins the next matter is left out, as are courtesies and an orphan "答：", unless its
    question stands before it. Where nothing but questions and courtesies is said the place is empty.
    """
    if orphan := _ORPHAN.match(text, start, end):
        start = orphan.end()
    if not (said := sentences(text, start, end)):
        return start, end
    if asked := _ANSWER.search(text, max(0, start - _BEFORE), start):
        start = asked.start()
    while said and _COURTESY.match(text[slice(*said[0])]):
        start = said.pop(0)[1]
    if not said or all(asks(text[slice(*sentence)]) for sentence in said):
        return start, start
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = _finished(text, start, end, longest)
    kept = _without_heading(text, start, end)
    end = _trimmed(text, start, kept if kept > start else _under(text, start, end, longest))
    return (start, start) if _ASKED.match(text, start, end) and not _ANSWERED.search(text, start, end) else (start, end)


def apart(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of one text, each without what an earlier one holds already; (0, 0) for one that has nothing of its own left."""
    kept: list[tuple[int, int]] = []
    for first, last in spans:
        start, end = first, last
        for a, b in kept:
            if a < end and start < b:
                start, end = (b, end) if end > b else (start, a)
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = _trimmed(text, start, _without_heading(text, start, end))
        kept.append((start, end) if end - start > _SHORT and start >= first else (0, 0))
    return kept


def in_full(text: str, pieces: Sequence[Evidence]) -> list[Evidence]:
    """Quotations of one text as whole thoughts that do not overlap, with their marks; as they are when nothing would be left."""
    verbatim = [piece for piece in pieces if text[piece.start : piece.end] == piece.quote]
    spans = apart(text, [whole(text, piece.start, piece.end) for piece in verbatim])
    full = [_moved(text, piece, *span) for piece, span in zip(verbatim, spans, strict=True) if span[0] < span[1]]
    return full or list(pieces)


def _moved(text: str, piece: Evidence, start: int, end: int) -> Evidence:
    """A quotation of another place of its text; marks outside of it are left out."""
    marks = ((a + piece.start, b + piece.start) for a, b in piece.marks)
    kept = tuple((max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start)
    return replace(piece, quote=text[start:end], start=start, end=end, marks=kept)


def _without_heading(text: str, start: int, end: int) -> int:
    """The end of a piece without the headings at its end; its start when it has nothing else. What goes on a list is none."""
    said = sentences(text, start, end)
    while said and (asks(text[slice(*said[-1])]) or bare(text[slice(*said[-1])])) and not (len(said) > 1 and text[slice(*said[-2])].rstrip().endswith(("；", ";"))):
        said.pop()
    return said[-1][1] if said else start


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without white space."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _finished(text: str, start: int, end: int, longest: int) -> int:
    """The end of the sentence, and of the list, that a quotation breaks off."""
    while end < len(text):
        rest = text[start:end].rstrip()
        nearest = _SENTENCE.match(text, end)
        if nearest is None or nearest.end() <= end or nearest.end() - start > longest:
            break
        broken = rest[-1:] not in "。！？!?；;”’」』)）】》" and text[end - 1] != "\n"
        going_on = _OPEN.search(rest) is not None
        if not broken and not going_on:
            break
        end = nearest.end()
    return end


def _under(text: str, start: int, end: int, longest: int) -> int:
    """Where what stands under a heading ends: before the next heading of its kind, within the limit."""
    kind = _kind(text, start)
    for first, last in sentences(text, end, min(len(text), start + longest)):
        if last - start > longest or (kind and _kind(text, first) == kind):
            break
        if last < len(text) and last == start + longest and text[last - 1] not in "。！？!?；;\n":
            break
        end = last
    return end


def _kind(text: str, place: int) -> str:
    """What numbers the sentence that begins at a place, with its digits made alike: "" for none."""
    found = _BEGINS.match(text, place)
    return re.sub(r"[一二三四五六七八九十\d]+", "n", found.group().strip()) if found else ""


def repeats(one: str, other: str) -> bool:
    """Whether a quotation says no more than another: each of its sentences stands there nearly word for word (RapidFuzz)."""
    ours = [one[a:b] for a, b in sentences(one, 0, len(one)) if b - a > _SHORT and not bare(one[a:b])]
    theirs = [other[a:b] for a, b in sentences(other, 0, len(other))]
    return bool(ours) and all(alike(sentence, theirs) >= _SAME for sentence in ours)
