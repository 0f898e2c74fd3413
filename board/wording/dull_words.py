"""Words that do not say what a message is about, and endings of names of places: config/topics.toml and the matcher's own lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from board.settings import read_toml
from responder.text import plain


@dataclass(frozen=True, slots=True)
class TopicWords:
    """``dull`` words (folded) do not count; a word with one of ``place_endings`` is the name of a place unless it stands in ``no_places``;
    ``own_words`` are words that the dictionary does not know.
    """

    dull: frozenset[str]
    place_endings: frozenset[str]
    no_places: frozenset[str]
    own_words: frozenset[str]


@lru_cache(maxsize=4)
def load_topic_words(config_dir: Path) -> TopicWords:
    """Reads topics.toml and terms.toml."""
    own, terms = read_toml(config_dir / "topics.toml"), read_toml(config_dir / "terms.toml")
    lists = (own.get("dull_words", ()), terms.get("question_words", ()), terms.get("function_words", ()))
    known = (own.get("words", ()), terms.get("domain_words", ()))
    return TopicWords(
        folded(word for words in lists for word in words), folded(own.get("place_endings", ())), folded(own.get("no_places", ())), folded(word for words in known for word in words)
    )  # fmt: skip


def folded(words: Iterable[str]) -> frozenset[str]:
    """The words as they are compared."""
    return frozenset(plain(word) for word in words)
