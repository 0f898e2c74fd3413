"""Learn the matcher's weights anew from answered questions, and say by cross-validation what to expect of them.

Needs scikit-learn (the extra `learn`); nothing here runs in the product but `huiying evaluate --learn`.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from responder.confidence import CONFIDENCE_FEATURES, confidence_row, probability
from responder.corpus import Document, document_from_plain
from responder.evaluation import InputError, read_rows
from responder.evidence import WINDOW_FEATURES
from responder.labelled import FOLDS, Labelled, Varied, label, letters_offices, other_offices, part_of, titled_offices
from responder.matching import Matcher
from responder.measures import Outcome, auroc, bare, calibration_error, figures, judge
from responder.ordering import ORDER_COLUMNS, ORDER_FEATURES, order, reading_rows
from responder.tuning import MatcherSettings, SettingsError, Weights, load_settings
from responder.windows import Bools, Floats

_MARK = "# --- learned: written by `python -m responder.learning`, not by hand ---\n"
# Inverse strength of regularisation, chosen by cross-validation among powers of ten and their halves.
_WINDOWS_C, _ORDER_C, _CONFIDENCE_C = 0.3, 0.03, 0.1
# How much small offices, titles and letters count beside the questions as they are.
_ELSEWHERE, _TITLED, _LETTERS = 0.5, 0.2, 0.1


def learn(rows: Sequence[Labelled], varied: Varied = ()) -> Weights:
    """Learn the order of windows, the order of documents and the confidence, one after the other; the confidence also
    on the questions put to other offices, each group of which counts a share of the rows themselves.
    """
    windows = _rank([(row.readings[i].features, good) for row in rows for i, good in enumerate(row.good_windows) if good is not None], _WINDOWS_C)
    ordering = _rank([(_order_rows(row, windows), row.bearing) for row in rows], _ORDER_C)
    return _with_confidence(rows, varied, Weights(windows, ordering, np.zeros(len(CONFIDENCE_FEATURES)), 0.0))


def _order_rows(row: Labelled, windows: Floats) -> Floats:
    """Features of a question's documents under given weights of windows."""
    return reading_rows(row.query, row.readings, [reading.features @ windows for reading in row.readings])[:, ORDER_COLUMNS]


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


def _with_confidence(rows: Sequence[Labelled], varied: Varied, weights: Weights) -> Weights:
    """Add the weights of confidence, learned on whether the first document bears the answer."""
    judged = [_judged(row, weights) for row in (*rows, *(row for others, _ in varied for row in others))]
    shares = [np.full(len(others), share * len(rows) / max(1, len(others))) for others, share in varied]
    counts = np.concatenate([np.ones(len(rows)), *shares])
    table, right = np.array([features for features, _ in judged]), np.array([ok for _, ok in judged])
    mean, scale = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=_CONFIDENCE_C, max_iter=5_000).fit((table - mean) / scale, right, sample_weight=counts)
    coefficients = model.coef_[0] / scale
    return replace(weights, confidence=coefficients, intercept=float(model.intercept_[0] - coefficients @ mean))


def _judged(row: Labelled, weights: Weights) -> tuple[Floats, bool]:
    """Features of confidence under given weights, and whether the first document bears the answer."""
    ordered = order(row.query, row.readings, weights.windows, weights.order)
    first = row.readings.index(ordered.readings[0])
    return confidence_row(row.query, ordered), bool(row.bearing[first])


def cross_validated(rows: Sequence[Labelled], varied: Varied = ()) -> list[tuple[Weights, set[str]]]:
    """Weights learned without each fold, with the ids of the questions that they have not seen in any form."""
    return [
        (
            learn([row for row in rows if part_of(row) != part], [([row for row in others if part_of(row) != part], share) for others, share in varied]),
            {row.id for row in rows if part_of(row) == part},
        )
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


@dataclass(frozen=True)
class Lesson:
    """What is learned from: a matcher of the documents, the questions as asked and as read, other offices, bare texts."""

    matcher: Matcher
    asked: Sequence[Mapping[str, Any]]
    rows: Sequence[Labelled]
    varied: Varied
    texts: Mapping[str, str]


def lesson(sources: Sequence[Document], asked: Sequence[Mapping[str, Any]], settings: MatcherSettings, others: Varied = ()) -> Lesson:
    """Read questions {"id", "question", "document" or null, "answer"} over their documents, and in small offices made of these."""
    matcher = Matcher(settings)
    for document in sources:
        matcher.put(document)
    read = [label(matcher, row["id"], row["question"], row.get("document"), row["answer"]) for row in asked]
    varied = [(other_offices(sources, asked, settings), _ELSEWHERE), *others]
    return Lesson(matcher, asked, [row for row in read if row is not None], varied, {source.id: bare(source.text) for source in sources})


def lesson_of_files(documents: Path, questions: Sequence[Path], settings: MatcherSettings, others: Varied = ()) -> Lesson:
    """The same of files of documents {"id", "text"} and questions. Raises InputError."""
    sources = [document_from_plain(row["id"], row["text"]) for row in read_rows(documents, ("id", "text"))]
    asked = [row for path in questions for row in read_rows(path, ("id", "question", "answer"))]
    return lesson(sources, asked, settings, others)


def cross_figures(given: Lesson) -> dict[str, float]:
    """Figures of whole matches by weights that have not seen the question; of other offices auroc and ece alone."""
    folds = cross_validated(given.rows, given.varied)
    found: dict[str, Outcome] = {}
    for weights, unseen in folds:
        given.matcher.use(weights)
        found |= {row["id"]: outcome(given, row) for row in given.asked if row["id"] in unseen}
    found |= {row["id"]: outcome(given, row) for row in given.asked if row["id"] not in found}
    result = figures(list(found.values()))
    for number, (others, _) in enumerate(given.varied, 1):
        judged = [sure(row, weights) for part, (weights, _) in enumerate(folds) for row in others if part_of(row) == part]
        confidence, right = np.array([value for value, _ in judged]), np.array([ok for _, ok in judged], dtype=bool)
        result |= {f"elsewhere_auroc_{number}": auroc(confidence, right), f"elsewhere_ece_{number}": calibration_error(confidence, right)}
    return result


def figures_of(given: Lesson, weights: Weights) -> dict[str, float]:
    """Figures of whole matches by given weights, whatever they were learned from."""
    given.matcher.use(weights)
    return figures([outcome(given, row) for row in given.asked])


def outcome(given: Lesson, row: Mapping[str, Any]) -> Outcome:
    """What the matcher's present weights make of a question."""
    return judge(given.matcher.match(row["question"]), [row["document"]] if row.get("document") else [], row["answer"], given.texts)


def sure(row: Labelled, weights: Weights) -> tuple[float, bool]:
    """The confidence that weights give to a question's first document, and whether it bears the answer."""
    features, right = _judged(row, weights)
    return probability(features, weights.confidence, weights.intercept), right


def write_weights(path: Path, weights: Weights) -> None:
    """Write weights into a responder.toml, behind its mark; raises SettingsError when the mark is missing."""
    by_hand, mark, _ = path.read_text(encoding="utf-8").partition(_MARK)
    if not mark:
        raise SettingsError(f"{path}: the line {_MARK.strip()!r} is missing")
    path.write_text(by_hand + mark + as_toml(weights), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn anew, or only cross-validate, from the command line."""
    parser = argparse.ArgumentParser(prog="python -m responder.learning", description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--config", type=Path, required=True, help="the directory of responder.toml and terms.toml")
    parser.add_argument("--titled", type=Path, help="disclosures with titles, whose words are asked shortly")
    parser.add_argument("--letters", type=Path, help="citizens' letters with an office's replies")
    parser.add_argument("--cross-validate", action="store_true", help="print the figures of unseen questions, write nothing")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings(given.config)
        others = [(titled_offices(given.titled, settings), _TITLED)] if given.titled else []
        others += [(letters_offices(given.letters, settings), _LETTERS)] if given.letters else []
        learned_from = lesson_of_files(given.documents, given.questions, settings, others)
        if not given.cross_validate:
            write_weights(given.config / "responder.toml", learn(learned_from.rows, learned_from.varied))
        found = cross_figures(learned_from)
    except (InputError, SettingsError) as error:
        parser.exit(2, f"{error}\n")
    sys.stdout.write("\n".join(f"{name:18} {value:.4f}" for name, value in found.items()) + "\n")


if __name__ == "__main__":
    main()
