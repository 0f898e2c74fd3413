"""Learn the matcher's weights anew from answered questions, and say by cross-validation what to expect of them.

Needs scikit-learn (the extra `learn`); nothing here runs in the product.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from responder.confidence import CONFIDENCE_FEATURES, confidence_row, probability
from responder.corpus import Document, document_from_plain
from responder.evaluation import InputError, build, read_rows
from responder.evidence import WINDOW_FEATURES, Reading
from responder.matching import Matcher
from responder.measures import Outcome, auroc, calibration_error, figures
from responder.ordering import ORDER_COLUMNS, ORDER_FEATURES, order, reading_rows
from responder.terms import Cutter
from responder.text import plain
from responder.tuning import MatcherSettings, SettingsError, Weights, load_settings
from responder.varying import Variant, entitled, moved, parts
from responder.windows import Bools, Floats, Query

FOLDS = 5
_MARK = "# --- learned: written by `python -m responder.learning`, not by hand ---\n"
_ANSWER_HEAD = 40
_SHORTEST_ANSWER = 4
# Inverse strength of regularisation, chosen by cross-validation among powers of ten and their halves.
_WINDOWS_C, _ORDER_C, _CONFIDENCE_C = 0.3, 0.03, 0.1
# How often the documents are cut into small offices, and how much these, titles and letters count beside the questions as they are.
_TURNS, _ELSEWHERE, _TITLED, _LETTERS = 2, 0.5, 0.2, 0.1
_SHORTEST_DISCLOSURE, _SHORTEST_REPLY = 200, 150
# A reply's opening repeats the letter.
_BEFORE_ANSWER = re.compile(r"^.{0,200}?如下[:：，,。]?", re.DOTALL)


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


# Groups of questions put to other offices, each with how much it counts.
Varied = Sequence[tuple[Sequence[Labelled], float]]


def squeezed(text: str) -> str:
    """Folded letters and digits only: what is left when spelling does not matter."""
    return "".join(character for character in plain(text) if character.isalnum())


def label(matcher: Matcher, row_id: str, question: str, gold: str | None, answer: str) -> Labelled | None:
    """Read a question and compare with its known answer; None for a question without terms or documents."""
    query, readings = matcher.readings(question)
    if query is None or not readings:
        return None
    wanted = squeezed(answer) if gold else ""
    own = [reading.prepared.document.id == gold for reading in readings]
    held = [len(wanted) >= _SHORTEST_ANSWER and wanted in squeezed(r.prepared.folded.text) for r in readings]
    windows = tuple(_good(r, wanted[:_ANSWER_HEAD]) if mine else None for r, mine in zip(readings, own, strict=True))
    return Labelled(row_id, gold or row_id, gold is not None, query, tuple(readings), windows, np.array(own) | np.array(held))


def _good(reading: Reading, wanted: str) -> Bools:
    """Which of the windows that were kept hold the beginning of the answer."""
    doc = reading.prepared
    texts = [doc.folded.text[doc.starts[w] : doc.ends[doc.last[w]]] for w in reading.windows.tolist()]
    return np.array([bool(wanted) and wanted in squeezed(text) for text in texts])


def put_elsewhere(documents: Sequence[Document], variants: Iterable[Variant], settings: MatcherSettings) -> list[Labelled]:
    """Read questions in parts of the documents; questions without terms or documents are left out."""
    wanted: dict[frozenset[str], list[Variant]] = {}
    for variant in variants:
        wanted.setdefault(variant.documents, []).append(variant)
    found: list[Labelled | None] = []
    for ids, asked in wanted.items():
        matcher = Matcher(settings)
        for document in documents:
            if document.id in ids:
                matcher.put(document)
        found += [label(matcher, v.id, v.question, v.gold, v.answer) for v in asked]
    return [row for row in found if row is not None]


def other_offices(documents: Path, asked: Sequence[Mapping[str, str | None]], settings: MatcherSettings) -> list[Labelled]:
    """The questions in collections of a small office's size, with and without their documents."""
    sources = [document_from_plain(row["id"], row["text"]) for row in read_rows(documents, ("id", "text"))]
    offices = [parts([document.id for document in sources], turn) for turn in range(_TURNS)]
    return put_elsewhere(sources, [variant for row in asked for part in offices for variant in moved(row, part)], settings)


def titled_offices(titled: Path, settings: MatcherSettings) -> list[Labelled]:
    """Short questions made of the titles of an office's disclosures, with and without their documents."""
    rows = [row for row in read_rows(titled, ("id", "title", "text")) if len(row["text"]) >= _SHORTEST_DISCLOSURE]
    sources = [Document(row["id"], row["title"], row["text"]) for row in rows]
    cutter, offices = Cutter(settings.rules), parts([row["id"] for row in rows], 0)
    return put_elsewhere(sources, [variant for row in rows for variant in entitled(row["id"], row["title"], offices, cutter)], settings)


def letters_offices(letters: Path, settings: MatcherSettings) -> list[Labelled]:
    """Headings of citizens' letters, put to the replies of a hundred letters, with and without their own."""
    rows = read_rows(letters, ("id", "title", "reply"))
    sources = [Document(row["id"], "", _BEFORE_ANSWER.sub("", row["reply"], count=1)) for row in rows]
    kept = [(row, source) for row, source in zip(rows, sources, strict=True) if len(source.text) >= _SHORTEST_REPLY]
    offices = parts([row["id"] for row, _ in kept], 0)
    asked = [{"id": row["id"], "question": row["title"], "document": row["id"], "answer": ""} for row, _ in kept]
    return put_elsewhere([source for _, source in kept], [variant for row in asked for variant in moved(row, offices)], settings)


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


def part_of(row: Labelled) -> int:
    """The fold of a question: questions on one document stay together."""
    return int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % FOLDS


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


def cross_figures(rows: Sequence[Labelled], varied: Varied = ()) -> dict[str, float]:
    """Figures of questions that the weights used for them have not seen; of other offices auroc and ece alone."""
    folds = cross_validated(rows, varied)
    found = figures([outcome(row, weights) for weights, unseen in folds for row in rows if row.id in unseen])
    for number, (others, _) in enumerate(varied, 1):
        unseen_rows = [outcome(row, weights) for part, (weights, _) in enumerate(folds) for row in others if part_of(row) == part]
        confidence, right = np.array([o.confidence for o in unseen_rows]), np.array([o.bearing for o in unseen_rows])
        found |= {f"elsewhere_auroc_{number}": auroc(confidence, right), f"elsewhere_ece_{number}": calibration_error(confidence, right)}
    return found


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


def learn_files(documents: Path, questions: Sequence[Path], config: Path, titled: Path | None = None, letters: Path | None = None) -> dict[str, float]:
    """Learn from files of {"id", "question", "document" or null, "answer"} and, if given, of disclosures {"id", "title",
    "text"} and of letters {"id", "title", "reply"}; write the weights into responder.toml of the settings directory, return the cross-validated figures.
    """
    settings = load_settings(config)
    matcher = build(documents, settings)
    asked = [row for path in questions for row in read_rows(path, ("id", "question", "answer"))]
    read = [label(matcher, row["id"], row["question"], row.get("document"), row["answer"]) for row in asked]
    rows = [row for row in read if row is not None]
    varied = [(other_offices(documents, asked, settings), _ELSEWHERE)]
    if titled is not None:
        varied.append((titled_offices(titled, settings), _TITLED))
    if letters is not None:
        varied.append((letters_offices(letters, settings), _LETTERS))
    path = config / "responder.toml"
    by_hand, mark, _ = path.read_text(encoding="utf-8").partition(_MARK)
    if not mark:
        raise SettingsError(f"{path}: the line {_MARK.strip()!r} is missing")
    path.write_text(by_hand + mark + as_toml(learn(rows, varied)), encoding="utf-8")
    return cross_figures(rows, varied)


def main() -> None:
    """Learn anew from the command line."""
    parser = argparse.ArgumentParser(prog="python -m responder.learning", description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--config", type=Path, required=True, help="the directory of responder.toml and terms.toml")
    parser.add_argument("--titled", type=Path, help="disclosures with titles, whose words are asked shortly")
    parser.add_argument("--letters", type=Path, help="citizens' letters with an office's replies")
    given = parser.parse_args()
    try:
        found = learn_files(given.documents, given.questions, given.config, given.titled, given.letters)
    except (InputError, SettingsError) as error:
        parser.exit(2, f"{error}\n")
    sys.stdout.write("\n".join(f"{name:18} {value:.4f}" for name, value in found.items()) + "\n")


if __name__ == "__main__":
    main()
