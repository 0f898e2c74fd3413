"""Sensitive words (敏感词): found after normalisation; a hit holds a message for a person, it never deletes (DOMAIN 6)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from board.errors import InvalidInput, NotConfigured
from responder.text import plain

WORDS_MOST = 2000
WORD_MOST = 40


def load_words(config_dir: Path) -> tuple[str, ...]:
    """The words of config/sensitive_words.txt, one a line, # begins a remark; NotConfigured when the file cannot be read."""
    path = config_dir / "sensitive_words.txt"
    try:
        return tuple(words_of(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"配置文件无法读取：{path}（{error}）") from error


def words_of(text: str) -> list[str]:
    """The words of a text, one a line, without remarks and repetitions; InvalidInput when there are too many or one is too long."""
    words = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")))
    if len(words) > WORDS_MOST:
        raise InvalidInput(f"最多 {WORDS_MOST} 个词。", "words")
    if over := [word for word in words if len(word) > WORD_MOST or not plain(word)]:
        raise InvalidInput(f"每行一个词，最多 {WORD_MOST} 个字：{over[0][:WORD_MOST]}", "words")
    return words


def hits(text: str, words: Iterable[str]) -> Iterator[str]:
    """The words that occur, in the order of the list, whatever blanks, widths or cases hide them."""
    said = "".join(plain(text).split())
    yield from (word for word in words if (bare := "".join(plain(word).split())) and bare in said)
