"""Words that do not say what a message is about, and what names of places look like: config/topics.toml and the matcher's own lists."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from board.errors import NotConfigured
from board.settings import read_toml
from responder.text import plain


@dataclass(frozen=True, slots=True)
class TopicWords:
    """``dull`` (folded words that do not count) and the pattern of a place."""

    dull: frozenset[str]
    places: re.Pattern[str]


@lru_cache(maxsize=4)
def load_topic_words(config_dir: Path) -> TopicWords:
    """Reads topics.toml and terms.toml; NotConfigured when the pattern is none."""
    own, terms = read_toml(config_dir / "topics.toml"), read_toml(config_dir / "terms.toml")
    lists = (own.get("dull_words", ()), terms.get("question_words", ()), terms.get("function_words", ()))
    try:
        return TopicWords(frozenset(plain(word) for words in lists for word in words), re.compile(own.get("places") or r"(?!)"))
    except re.error as error:
        raise NotConfigured(f"config/topics.toml 中的 places 不是正则表达式：{error}") from error
