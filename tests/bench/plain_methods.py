"""The methods that ours is compared with: each takes all texts and gives back a function from a question to an answer."""

import sqlite3
from collections.abc import Callable

import bm25s
import numpy as np
import rjieba
from rapidfuzz import fuzz

from responder.corpus import LONGEST_QUOTE, passages
from responder.terms import bigrams
from responder.text import plain
from tests.bench.bench_match import Answer, Method, rapidfuzz_over_all


def quoted(text: str, question: str) -> str:
    """The passage with most of the question's character pairs, and what follows it."""
    codes = np.unique(bigrams(question).codes)
    found = passages(text)
    if not found:
        return ""
    best = max(found, key=lambda p: len(np.intersect1d(bigrams(text[p.start : p.end]).codes, codes)))
    return text[best.start : best.start + LONGEST_QUOTE]


def bm25_on_words(texts: dict[str, str]) -> Method:
    """bm25s over words cut by rjieba."""
    cut = rjieba.Jieba().cut
    folded = {key: plain(text) for key, text in texts.items()}
    keys = list(folded)
    index = bm25s.BM25()
    index.index([list(cut(text)) for text in folded.values()], show_progress=False)

    def answer(question: str) -> Answer:
        asked = plain(question)
        places, scores = index.retrieve([list(cut(asked))], k=1, show_progress=False)
        key = keys[int(places[0, 0])]
        return Answer(key, quoted(folded[key], asked), float(scores[0, 0]))

    return answer


def pairs(folded: str) -> list[str]:
    """Neighbouring word characters, as words for SQLite."""
    return [folded[start : start + 2] for start in bigrams(folded).starts.tolist()]


def full_text_of_sqlite(texts: dict[str, str]) -> Method:
    """FTS5 in memory over character pairs, ordered by its bm25()."""
    folded = {key: plain(text) for key, text in texts.items()}
    keys = list(folded)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE documents USING fts5(pairs, content='', tokenize='unicode61')")
    database.executemany("INSERT INTO documents(rowid, pairs) VALUES (?, ?)", ((place, " ".join(pairs(text))) for place, text in enumerate(folded.values())))

    def answer(question: str) -> Answer:
        asked = plain(question)
        words = " OR ".join(f'"{pair}"' for pair in dict.fromkeys(pairs(asked)))
        row = database.execute("SELECT rowid, -bm25(documents) FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT 1", (words,)).fetchone() if words else None
        if row is None:
            return Answer("", "", 0.0)
        key = keys[row[0]]
        return Answer(key, quoted(folded[key], asked), row[1])

    return answer


METHODS: dict[str, Callable[[dict[str, str]], Method]] = {
    "RapidFuzz partial_ratio": lambda texts: rapidfuzz_over_all(texts, fuzz.partial_ratio),
    "RapidFuzz WRatio": lambda texts: rapidfuzz_over_all(texts, fuzz.WRatio),
    "BM25, jieba words (bm25s)": bm25_on_words,
    "SQLite FTS5, pairs": full_text_of_sqlite,
}
