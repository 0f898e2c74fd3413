"""Words that do not say what a message is about, and endings of names of places: config/topics.toml and the matcher's own lists."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from board.settings import read_toml
from responder.text import plain


@dataclass(frozen=True, slots=True)
class TopicWords:
    """``dull`` words (folded) do not count; a word with one of ``place_endings`` is the name of a place."""

    dull: frozenset[str]
    place_endings: frozenset[str]


@lru_cache(maxsize=4)
def load_topic_words(config_dir: Path) -> TopicWords:
    """Reads topics.toml and terms.toml."""
    own, terms = read_toml(config_dir / "topics.toml"), read_toml(config_dir / "terms.toml")
    lists = (own.get("dull_words", ()), terms.get("question_words", ()), terms.get("function_words", ()))
    return TopicWords(frozenset(plain(word) for words in lists for word in words), frozenset(plain(word) for word in own.get("place_endings", ())))
