"""The only place that knows RapidFuzz: how closely a text speaks the words of a question, on a scale from 0 to 1.

Every text that comes in is bounded here, because the cost of an alignment grows with both lengths.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

LONGEST_QUERY = 300
LONGEST_TEXT = 400


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
