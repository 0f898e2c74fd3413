"""Learn the matcher's weights anew from answered questions, and say by cross-validation what to expect of them.

Needs scikit-learn (the extra `learn`); nothing here runs in the product.
"""

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from responder.confidence import CONFIDENCE_FEATURES, confidence_row, probability
from responder.evaluation import InputError, build, read_rows
from responder.evidence import WINDOW_FEATURES, Reading
from responder.matching import Matcher
from responder.measures import Outcome, figures
from responder.ordering import ORDER_FEATURES, order, order_rows
from responder.text import plain
from responder.tuning import SettingsError, Weights, load_settings
from responder.windows import Bools, Floats, Query

FOLDS = 5
_MARK = "# --- learned: written by `python -m responder.learning`, not by hand ---\n"
_ANSWER_HEAD = 40
_SHORTEST_ANSWER = 4
# Inverse strength of regularisation, chosen by cross-validation among powers of ten and their halves.
_WINDOWS_C, _ORDER_C, _CONFIDENCE_C = 0.3, 0.03, 0.1


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question that was read, with which windows of its document hold the answer (None for other documents) and
    which documents bear it. An unanswerable question bears nothing.
    """

    id: str
    group: str
    known: bool
    query: Query
    readings: tuple[Reading, ...]
    good_windows: tuple[Bools | None, ...]
    bearing: Bools


def squeezed(text: str) -> str:
    """Folded letters and digits only: what is left when spelling does not matter."""
    return "".join(character for character in plain(text) if character.isalnum())


def label(matcher: Matcher, id: str, question: str, gold: str | None, answer: str) -> Labelled | None:
    """Read a question and compare with its known answer; None for a question without terms or documents."""
    query, readings = matcher.readings(question)
    if query is None or not readings:
        return None
    wanted = squeezed(answer) if gold else ""
    own = [reading.prepared.document.id == gold for reading in readings]
    held = [len(wanted) >= _SHORTEST_ANSWER and wanted in squeezed(r.prepared.folded.text) for r in readings]
    windows = tuple(_good(r, wanted[:_ANSWER_HEAD]) if mine else None for r, mine in zip(readings, own, strict=True))
    return Labelled(id, gold or id, gold is not None, query, tuple(readings), windows, np.array(own) | np.array(held))


def _good(reading: Reading, wanted: str) -> Bools:
    """Which of the windows that were kept hold the beginning of the answer."""
    doc = reading.prepared
    texts = [doc.folded.text[doc.starts[w] : doc.ends[doc.last[w]]] for w in reading.windows.tolist()]
    return np.array([bool(wanted) and wanted in squeezed(text) for text in texts])


def learn(rows: Sequence[Labelled]) -> Weights:
    """Learn the order of windows, the order of documents and the confidence, one after the other."""
    windows = _rank([(row.readings[i].features, good) for row in rows for i, good in enumerate(row.good_windows) if good is not None], _WINDOWS_C)
    ordering = _rank([(_order_rows(row, windows), row.bearing) for row in rows], _ORDER_C)
    return _with_confidence(rows, Weights(windows, ordering, np.zeros(len(CONFIDENCE_FEATURES)), 0.0))


def _order_rows(row: Labelled, windows: Floats) -> Floats:
    """Features of a question's documents under given weights of windows."""
    return order_rows(row.query, row.readings, [reading.features @ windows for reading in row.readings])


def _rank(groups: Sequence[tuple[Floats, Bools]], c: float) -> Floats:
    """Learn weights that put the good rows of each group above its others: logistic regression on differences,
    every group counting once.
    """
    pairs, counts = [], []
    for rows, good in groups:
        if good.any() and not good.all():
            differences = (rows[good][:, None, :] - rows[~good][None, :, :]).reshape(-1, rows.shape[1])
            pairs.append(differences)
            counts.append(np.full(len(differences), 1 / len(differences)))
    table, share = np.vstack(pairs), np.concatenate(counts)
    scale = table.std(axis=0) + 1e-9
    both = np.vstack([table, -table]) / scale
    model = LogisticRegression(C=c, fit_intercept=False, max_iter=2_000)
    model.fit(both, np.repeat([1, 0], len(table)), sample_weight=np.concatenate([share, share]))
    coefficients: Floats = model.coef_[0] / scale
    return coefficients


def _with_confidence(rows: Sequence[Labelled], weights: Weights) -> Weights:
    """Add the weights of confidence, learned on whether the first document bears the answer."""
    judged = [_judged(row, weights) for row in rows]
    table, right = np.array([features for features, _ in judged]), np.array([ok for _, ok in judged])
    mean, scale = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=_CONFIDENCE_C, max_iter=5_000).fit((table - mean) / scale, right)
    coefficients = model.coef_[0] / scale
    return replace(weights, confidence=coefficients, intercept=float(model.intercept_[0] - coefficients @ mean))


def _judged(row: Labelled, weights: Weights) -> tuple[Floats, bool]:
    """Features of confidence under given weights, and whether the first document bears the answer."""
    ordered = order(row.query, row.readings, weights.windows, weights.order)
    first = row.readings.index(ordered.readings[0])
    return confidence_row(row.query, ordered), bool(row.bearing[first])


def part_of(row: Labelled) -> int:
    """The fold of a question: questions on one document stay together."""
    return int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % FOLDS


def cross_validated(rows: Sequence[Labelled]) -> list[tuple[Weights, set[str]]]:
    """Weights learned without each fold, with the ids of the questions that they have not seen."""
    return [
        (learn([row for row in rows if part_of(row) != part]), {row.id for row in rows if part_of(row) == part})
        for part in range(FOLDS)
    ]


def as_toml(weights: Weights) -> str:
    """Write weights as the [learned] tables of responder.toml."""
    parts = [f"[learned]\nintercept = {weights.intercept:.6g}"]
    tables = (("windows", WINDOW_FEATURES, weights.windows), ("order", ORDER_FEATURES, weights.order), ("confidence", CONFIDENCE_FEATURES, weights.confidence))
    for title, names, values in tables:
        lines = [f"{name} = {value:.6g}" for name, value in zip(names, values.tolist(), strict=True)]
        parts.append("\n".join([f"[learned.{title}]", *lines]))
    return "\n\n".join(parts) + "\n"


def cross_figures(rows: Sequence[Labelled]) -> dict[str, float]:
    """Figures of questions that the weights used for them have not seen."""
    outcomes = [
        outcome(row, weights) for weights, unseen in cross_validated(rows) for row in rows if row.id in unseen
    ]
    return figures(outcomes)


def outcome(row: Labelled, weights: Weights) -> Outcome:
    """What the given weights make of a question."""
    ordered = order(row.query, row.readings, weights.windows, weights.order)
    first = row.readings.index(ordered.readings[0])
    good = row.good_windows[first]
    best = int(ordered.window_scores[0].argmax())
    return Outcome(
        known=row.known,
        gold_first=good is not None,
        bearing=bool(row.bearing[first]),
        quoted=good is not None and bool(good[best]),
        confidence=probability(confidence_row(row.query, ordered), weights.confidence, weights.intercept),
    )


def learn_files(documents: Path, questions: Sequence[Path], config: Path) -> dict[str, float]:
    """Learn from files of {"id", "question", "document" or null, "answer"}, write the weights into responder.toml of
    the settings directory, and return the cross-validated figures.
    """
    matcher = build(documents, load_settings(config))
    asked = [row for path in questions for row in read_rows(path, ("id", "question", "answer"))]
    read = [label(matcher, row["id"], row["question"], row.get("document"), row["answer"]) for row in asked]
    rows = [row for row in read if row is not None]
    path = config / "responder.toml"
    by_hand, mark, _ = path.read_text(encoding="utf-8").partition(_MARK)
    if not mark:
        raise SettingsError(f"{path}: the line {_MARK.strip()!r} is missing")
    path.write_text(by_hand + mark + as_toml(learn(rows)), encoding="utf-8")
    return cross_figures(rows)


def main() -> None:
    """Learn anew from the command line."""
    parser = argparse.ArgumentParser(prog="python -m responder.learning", description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--config", type=Path, required=True, help="the directory of responder.toml and terms.toml")
    given = parser.parse_args()
    try:
        found = learn_files(given.documents, given.questions, given.config)
    except (InputError, SettingsError) as error:
        parser.exit(2, f"{error}\n")
    print("\n".join(f"{name:18} {value:.4f}" for name, value in found.items()))


if __name__ == "__main__":
    main()
