"""Other offices for learning: questions put to small parts of the documents, and titles asked as short questions.

Confidence that was learned on one collection alone takes that collection's size and manner for granted.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from responder.terms import Cutter
from responder.text import plain

# Documents of a small office, as a measure of how many parts the whole is cut into.
OFFICE = 100
_FEWEST_WORDS, _MOST_WORDS = 2, 5
_BEFORE_SUBJECT = re.compile("^.{0,25}?关于(印发|公布|做好|开展|调整|进一步|转发)?|[《》]")
_BEHIND_SUBJECT = re.compile(r"(有关|相关)?(工作|事项|问题)?的?(通知|公告|通告|意见|办法|公示|函|批复|决定)(\(.*)?$")
_ASKING = "怎么办理"


@dataclass(frozen=True, slots=True)
class Variant:
    """A question, the documents (ids) that it is put to, and the document that is meant (it may be elsewhere)."""

    id: str
    question: str
    documents: frozenset[str]
    gold: str | None
    answer: str


def parts(ids: Sequence[str], turn: int) -> list[frozenset[str]]:
    """Cut the documents into parts of about a small office's size, another way each turn."""
    order = sorted(ids, key=lambda key: hashlib.sha256(f"{turn} {key}".encode()).digest())
    count = max(1, len(order) // OFFICE)
    return [frozenset(order[place::count]) for place in range(count)]


def elsewhere(offices: Sequence[frozenset[str]], gold: str | None, chance: random.Random) -> Iterator[frozenset[str]]:
    """The part that holds a document, and one that does not."""
    yield from (part for part in offices if gold in part)
    without = [part for part in offices if gold not in part]
    if without:
        yield chance.choice(without)


def moved(row: Mapping[str, str | None], offices: Sequence[frozenset[str]]) -> Iterator[Variant]:
    """Put an answered question to the part that holds its document, and to one that does not."""
    key, gold = str(row["id"]), row.get("document")
    for part in elsewhere(offices, gold, random.Random(key)):  # noqa: S311 - repeatable, no secret
        yield Variant(key, str(row["question"]), part, gold, str(row["answer"]))


def entitled(key: str, title: str, offices: Sequence[frozenset[str]], cutter: Cutter) -> Iterator[Variant]:
    """Ask some words of a title shortly, of the part that holds its document, and of one that does not."""
    chance = random.Random(key)  # noqa: S311 - repeatable, no secret
    subject = _BEHIND_SUBJECT.sub("", _BEFORE_SUBJECT.sub("", plain(title)))
    for region in cutter.regions(subject):
        subject = subject.replace(f"{region}省", "").replace(region, "")
    words = cutter.words(subject)
    count = chance.randint(_FEWEST_WORDS, _MOST_WORDS)
    first = chance.randint(0, max(0, len(words) - count))
    question = "".join(words[first : first + count]) + _ASKING
    for part in elsewhere(offices, key, chance):
        yield Variant(key, question, part, key, "")
