"""How far disturbed questions are still matched: recall@1 for each disturbance beside the clean questions, seeded.

    python -m tests.bench.bench_robust --documents D.jsonl --questions Q.jsonl [--turns 1]

Questions: {"id", "question", "document": gold id or null}. Prints one row a disturbance: recall@1, what it lost, milliseconds of processor time.
"""

import argparse
import random
import time
from pathlib import Path
from typing import Any

from responder.evaluation import build, read_rows
from responder.matching import Matcher, load_settings
from tests.bench.disturbing import Disturbance, disturbances, homophones

ROOT = Path(__file__).resolve().parents[2]


def recall(matcher: Matcher, asked: list[dict[str, Any]], disturb: Disturbance | None, turn: int) -> tuple[float, float]:
    """Share of questions whose document stands first, and milliseconds of processor time a question."""
    texts = [row["question"] if disturb is None else disturb(row["question"], random.Random(f"{turn} {row['id']}")) for row in asked]
    begun = time.process_time()
    firsts = [match.candidates[0].document_id if (match := matcher.match(text)).candidates else "" for text in texts]
    spent = (time.process_time() - begun) * 1_000 / len(asked)
    return sum(first == row["document"] for first, row in zip(firsts, asked, strict=True)) / len(asked), spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=1)
    given = parser.parse_args()
    matcher = build(given.documents, load_settings(ROOT / "config"))
    asked = [row for row in read_rows(given.questions, ("id", "question")) if row.get("document")]
    ways = disturbances(homophones(row["text"] for row in read_rows(given.documents, ("id", "text"))))
    recall(matcher, asked, None, 0)  # documents are cut when they are first read
    clean, spent = recall(matcher, asked, None, 0)
    print(f"{'disturbance':16}{'recall@1':>10}{'lost':>8}{'ms':>7}\n{'none':16}{clean:10.3f}{0:8.3f}{spent:7.2f}")
    for name, disturb in ways.items():
        turns = [recall(matcher, asked, disturb, turn) for turn in range(given.turns)]
        found, spent = (sum(part) / len(turns) for part in zip(*turns, strict=True))
        print(f"{name:16}{found:10.3f}{clean - found:8.3f}{spent:7.2f}", flush=True)


if __name__ == "__main__":
    main()
