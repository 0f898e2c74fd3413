"""A text for the desk with everything marked that matters: personal data (covered until somebody asks), words masked by hand, sensitive words, matches."""

from collections.abc import Iterable, Sequence

from board.replies.desk_view import Piece
from responder.disguised import find_sensitive
from responder.privacy import covered, find_personal, mask

Layer = tuple[str, Iterable[Sequence[int]]]


def marked_text(
    text: str, words: Iterable[str], by_hand: Iterable[str], marks: Iterable[Sequence[int]] = (), allowed: frozenset[str] = frozenset()
) -> tuple[Piece, ...]:
    """The text in pieces of kind "masked" (with its cover), "by_hand", "sensitive", "mark" or ""; joined they are the text."""
    personal = {finding.start: finding for finding in find_personal(text, allowed)}
    layers: list[Layer] = [
        ("masked", [(finding.start, finding.end) for finding in personal.values()]),
        ("by_hand", [span for word in by_hand for span in everywhere(text, word)]),
        ("sensitive", [(start, end) for start, end, _ in find_sensitive(text, words)]),
        ("mark", marks),
    ]
    found = layered(text, layers)
    return tuple(Piece(text[start:end], kind, covered(text, personal[start]) if kind == "masked" else "") for start, end, kind in found)


def cover_up(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces with what is personal covered."""
    return tuple(Piece(piece.cover, piece.kind) if piece.kind == "masked" else piece for piece in pieces)


def everywhere(text: str, word: str) -> list[tuple[int, int]]:
    """All places of a word that is not empty."""
    found, at = [], text.find(word)
    while word and at >= 0:
        found.append((at, at + len(word)))
        at = text.find(word, at + len(word))
    return found


def layered(text: str, layers: Sequence[Layer]) -> list[tuple[int, int, str]]:
    """The text cut into runs of one kind each; where layers meet the first one has the place, whole."""
    kinds = [""] * len(text)
    begins = {0}
    for kind, spans in layers:
        for start, end in sorted((max(0, int(s[0])), min(len(text), int(s[1]))) for s in spans):
            place = start
            while place < end:
                free = place
                while free < end and not kinds[free]:
                    free += 1
                kinds[place:free] = [kind] * (free - place)
                begins |= {place, free} if free > place else set()
                place = free
                while place < end and kinds[place]:
                    place += 1
    cuts = sorted(at for at in range(1, len(text)) if at in begins or kinds[at] != kinds[at - 1])
    return [(start, end, kinds[start]) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True) if end > start]


def covered_title(text: str) -> str:
    """A title with what is personal covered, for lists and heads."""
    return mask(text)
