"""Documents for measuring at any size, made of sentences of real ones; the same seed gives the same documents."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from responder.corpus import Document
from responder.evaluation import read_rows

SEED = 20_161_123
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]?")
_SHORTEST, _LONGEST = 8, 120
_FEWEST, _MOST = 3, 8
_TITLE = 30


def sentences(shared: Path) -> list[str]:
    """Sentences of middling length of the shared documents and disclosures."""
    texts = [row["text"] for name in ("policy_documents.jsonl", "disclosures_hrss.jsonl") for row in read_rows(shared / "data" / name, ("id", "text"))]
    return [found for text in texts for found in _SENTENCE.findall(text) if _SHORTEST <= len(found) <= _LONGEST]


def made_up(shared: Path, count: int) -> Iterator[Document]:
    """So many documents of 3 to 8 sentences each, 260 characters on the average."""
    pool, rng = sentences(shared), random.Random(SEED)
    for number in range(count):
        text = "".join(rng.choices(pool, k=rng.randint(_FEWEST, _MOST)))
        yield Document(f"m{number}", text[:_TITLE], text)
