"""Compare the matcher with plain methods on the same questions, in one process and one run.

    python -m tests.bench.bench_match --documents D.jsonl --questions Q.jsonl [Q2.jsonl ...]

Questions: {"id", "question", "document": gold id or null, "answer"}. Prints one row for each method: recall@1, answer-bearing@1,
evidence@1, AUROC of its score as confidence, milliseconds a question. The plain methods quote the 240 characters around the
best alignment (RapidFuzz) or around the passage with most of the question's terms (BM25).
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from responder.candidates import Candidates
from responder.corpus import LONGEST_QUOTE, document_from_plain, passages
from responder.evaluation import read_rows
from responder.labelled import squeezed
from responder.matching import Matcher, load_settings
from responder.measures import auroc
from responder.terms import bigrams
from responder.text import plain

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """What a method says: its first document, its first quotation, how sure it is."""

    document: str
    quote: str
    sure: float


Method = Callable[[str], Answer]


def ours(texts: dict[str, str]) -> Method:
    """The matcher with the settings of the product."""
    matcher = Matcher(load_settings(ROOT / "config"))
    for key, text in texts.items():
        matcher.put(document_from_plain(key, text))

    def answer(question: str) -> Answer:
        match = matcher.match(question)
        first = match.candidates[0] if match.candidates else None
        return Answer(first.document_id if first else "", first.evidence[0].quote if first and first.evidence else "", match.confidence)

    return answer


def rapidfuzz_over_all(texts: dict[str, str], scorer: Callable[..., float]) -> Method:
    """A RapidFuzz scorer over all whole texts."""
    folded = {key: plain(text) for key, text in texts.items()}

    def answer(question: str) -> Answer:
        asked = plain(question)
        _, score, key = process.extractOne(asked, folded, scorer=scorer)
        found = fuzz.partial_ratio_alignment(asked, folded[key])
        start = max(0, found.dest_start - 60) if found else 0
        return Answer(key, folded[key][start : start + LONGEST_QUOTE], score / 100)

    return answer


def bm25(texts: dict[str, str]) -> Method:
    """Plain BM25 over character bigrams, nothing cut, nothing learned; its score per asked term is its confidence."""
    index = Candidates()
    folded = {key: plain(text) for key, text in texts.items()}
    for key, text in folded.items():
        index.put(key, bigrams(text).codes)

    def answer(question: str) -> Answer:
        codes = np.unique(bigrams(plain(question)).codes)
        weights = index.idf(codes)
        hits = index.search(codes, weights, 1)
        if not hits:
            return Answer("", "", 0.0)
        text = folded[hits[0].document_id]
        best = max(passages(text), key=lambda p: len(np.intersect1d(bigrams(text[p.start : p.end]).codes, codes)))
        return Answer(hits[0].document_id, text[best.start : best.start + LONGEST_QUOTE], hits[0].score / weights.sum())

    return answer


def measure(method: Method, asked: list[dict[str, str]], texts: dict[str, str]) -> list[float]:
    """Figures of one method: recall@1, answer-bearing@1, evidence@1, AUROC, milliseconds."""
    begun = time.perf_counter()
    answers = [method(row["question"]) for row in asked]
    spent = (time.perf_counter() - begun) * 1_000 / len(asked)
    squeezed_texts = {key: squeezed(text) for key, text in texts.items()}
    known = np.array([row.get("document") is not None for row in asked])
    right, bearing, quoted = [], [], []
    for row, answer in zip(asked, answers, strict=True):
        if row.get("document") is not None:
            wanted = squeezed(row["answer"])
            right.append(answer.document == row["document"])
            bearing.append(right[-1] or (len(wanted) >= 4 and wanted in squeezed_texts.get(answer.document, "")))
            quoted.append(bool(wanted) and wanted[:40] in squeezed(answer.quote))
    sure = np.array([answer.sure for answer in answers])
    return [float(np.mean(right)), float(np.mean(bearing)), float(np.mean(quoted)), auroc(sure, known), spent]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    texts = {row["id"]: row["text"] for row in read_rows(given.documents, ("id", "text"))}
    asked = [row for path in given.questions for row in read_rows(path, ("id", "question", "answer"))]
    methods: dict[str, Callable[[], Method]] = {
        "ours": lambda: ours(texts),
        "BM25, bigrams": lambda: bm25(texts),
        "RapidFuzz partial_ratio": lambda: rapidfuzz_over_all(texts, fuzz.partial_ratio),
        "RapidFuzz WRatio": lambda: rapidfuzz_over_all(texts, fuzz.WRatio),
    }
    print(f"{'method':26}{'recall@1':>10}{'bearing@1':>11}{'evidence@1':>12}{'AUROC':>8}{'build s':>9}{'ms':>8}")
    for name, make in methods.items():
        begun = time.perf_counter()
        method = make()
        built = time.perf_counter() - begun
        recall, bearing, evidence, known, spent = measure(method, asked, texts)
        print(f"{name:26}{recall:10.3f}{bearing:11.3f}{evidence:12.3f}{known:8.3f}{built:9.2f}{spent:8.2f}")


if __name__ == "__main__":
    main()
