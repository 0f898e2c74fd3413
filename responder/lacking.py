"""What a document plainly lacks although it speaks the question's words: the unit of the amount that is asked, or the one thing asked about."""

from collections.abc import Iterable, Sequence

from responder.duties import about
from responder.terms import Asked, Unit
from responder.text import plain
from responder.windows import Prepared

# A question of so few words says one thing: a document that only mentions it by the way does not answer.
_FEW_WORDS = 2


def lacks(asked: Asked, document: Prepared, quotes: Sequence[str], units: Iterable[Unit]) -> bool:
    """Whether the quotations of a document cannot answer: no amount stands there in the unit that is asked for ("几天" wants days),
    or all that the question names is mentioned in passing.
    """
    wanted = [unit for unit in units if unit.ask.search(asked.text)]
    said = [plain(quote) for quote in quotes] if wanted else []
    if any(not any(unit.answer.search(quote) for quote in said) for unit in wanted):
        return True
    words = [asked.cut[word.start : word.end] for word in asked.words]
    return 0 < len(words) <= _FEW_WORDS and not any(about(document, other) for word in words for other in said_otherwise(asked, word))


def said_otherwise(asked: Asked, word: str) -> list[str]:
    """A word and those that may stand in its place."""
    return [word, *asked.alternatives]
