"""The only place that knows RapidFuzz: how closely a text speaks the words of a question, on a scale from 0 to 1.

Every text that comes in is bounded here, because the cost of an alignment grows with both lengths.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

# From about here on an alignment with a window of 240 characters costs several times as much, and says no more.
LONGEST_QUERY = 150
LONGEST_TEXT = 400
LONGEST_WORDS = 3_000
LONGEST_REPLY = 20_000


def closeness(questions: Sequence[str], texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Score the best alignment of each question in each text: a matrix (questions x texts)."""
    if not questions or not texts:
        return np.empty((len(questions), len(texts)))
    asked = [" ".join(question.split())[:LONGEST_QUERY] for question in questions]
    read = [text[:LONGEST_TEXT] for text in texts]
    return process.cdist(asked, read, scorer=fuzz.partial_ratio, dtype=np.float32).astype(np.float64) / 100


def word_changes(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The places where two lists of words differ, with the fewest changes: (from, to) in the first and (from, to) in the second."""
    return [(step.src_start, step.src_end, step.dest_start, step.dest_end) for step in Levenshtein.opcodes(before, after) if step.tag != "equal"]


def likeness(words: Sequence[str], others: Sequence[Sequence[str]]) -> list[float]:
    """How alike each list of words is to the first one, 0 to 1: the same words in the same order, or the same words in another."""
    if not others:
        return []
    lists = [words, *others]
    written = [" ".join(each)[:LONGEST_WORDS] for each in lists]
    ordered = [" ".join(sorted(each))[:LONGEST_WORDS] for each in lists]
    scores = np.maximum(*(process.cdist(texts[:1], texts[1:], scorer=fuzz.ratio, dtype=np.float32)[0] for texts in (written, ordered)))
    return [float(score) / 100 for score in scores]


def alike(sentence: str, others: Sequence[str]) -> float:
    """How alike a sentence is to the most alike of others, 0 to 1, punctuation aside."""
    bare, rest = (re.sub(r"\W+", "", sentence)[:LONGEST_TEXT], [re.sub(r"\W+", "", other)[:LONGEST_TEXT] for other in others])
    found = process.extractOne(bare, rest, scorer=fuzz.ratio)
    return float(found[1]) / 100 if found else 0.0


def edit_share(old: str, new: str) -> float:
    """How much of a text was changed: the least number of single changes by the length of the longer text, 0 (nothing) to 1 (all)."""
    return float(Levenshtein.normalized_distance(old[:LONGEST_REPLY], new[:LONGEST_REPLY]))


def best_place(short: str, text: str) -> tuple[float, int, int]:
    """Where a short name stands best in a text: score 0 to 1, start and end of the place; (0, 0, 0) when nothing is alike."""
    found = fuzz.partial_ratio_alignment(short[:LONGEST_QUERY], text[:LONGEST_REPLY], score_cutoff=60)
    return (found.score / 100, found.dest_start, found.dest_end) if found is not None else (0.0, 0, 0)
