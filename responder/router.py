"""Which label (unit, subject) a message belongs to, learned from labelled messages; numpy only.

Complement naive Bayes over words and character pairs (tf-idf, unit length), begun with the words of the office's own taxonomy, so that a
label with few messages is known all the same. Whether a choice is sure is decided by the lead over the second best; the least lead comes
from cross-validation at learning.
"""

import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import rjieba

from responder.text import plain

Floats = npt.NDArray[np.float64]
LONGEST_TEXT = 4_000
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff]+")
_PAIR = "_"  # before a feature that is a pair of characters


@dataclass(frozen=True, slots=True)
class Example:
    """A message with its label."""

    title: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How it is learned: how often a title counts, smoothing, what a phrase of the taxonomy weighs (a message weighs 1), the least share
    of right ones among those that are called sure, folds of the cross-validation, the most features that are kept.
    """

    title: int = 3
    smoothing: float = 0.2
    phrase: float = 4.0
    precision: float = 0.92
    folds: int = 5
    features: int = 30_000


@dataclass(frozen=True, slots=True)
class Background:
    """Messages without a label, for how rare a feature is: how many there are, and in how many of them each feature stands."""

    messages: int = 0
    held: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from beside the messages: the taxonomy's phrases, counted, each with its label, and the background."""

    phrases: Sequence[tuple[str, Counter[str]]] = ()
    background: Background = field(default_factory=Background)


@dataclass(frozen=True, slots=True)
class Choice:
    """The best label and the second, the lead of the first (cosine times log odds; 0 when nothing is known), and whether that is enough."""

    label: str
    second: str
    lead: float
    sure: bool


@dataclass(frozen=True)
class Router:
    """A learned model: labels x features with the rarity of each feature; ``least_lead`` is the lead from which a choice is sure."""

    labels: tuple[str, ...]
    features: Mapping[str, int]
    rarity: Floats
    weights: Floats
    title: int
    least_lead: float

    def scores(self, title: str, text: str) -> Floats:
        """One number for each label, greater is better; all 0 for a message without a known word."""
        return self.scores_of(counted(title, text, self.title))

    def scores_of(self, bag: Mapping[str, int]) -> Floats:
        """The same for a message that is counted already."""
        columns, values = vector(bag, self.features, self.rarity)
        found: Floats = self.weights[:, columns] @ values if len(columns) else np.zeros(len(self.labels))
        return found

    def choose(self, title: str, text: str, among: frozenset[str] | None = None) -> Choice:
        """The best label (of ``among`` when given)."""
        return self.best(self.scores(title, text), among)

    def best(self, scores: Floats, among: frozenset[str] | None = None) -> Choice:
        """The best label by these scores."""
        rows = [row for row, label in enumerate(self.labels) if among is None or label in among]
        ranked = sorted(rows, key=lambda row: (-scores[row], row))
        if not ranked or not scores[rows].any():
            return Choice("", "", 0.0, sure=False)
        second = ranked[1] if len(ranked) > 1 else None
        lead = math.inf if second is None else float(scores[ranked[0]] - scores[second])
        return Choice(self.labels[ranked[0]], "" if second is None else self.labels[second], lead, lead >= self.least_lead)


def counted(title: str, text: str, times: int) -> Counter[str]:
    """Features of a message: words of two characters and more, and pairs of neighbouring Chinese characters; those of the title count more."""
    found: Counter[str] = Counter()
    for part, weight in ((title, times), (text, 1)):
        folded = plain(part[:LONGEST_TEXT])
        for word in rjieba.cut(folded):
            if len(word) > 1:
                found[word] += weight
        for run in _NOT_CHINESE.split(folded):
            for place in range(len(run) - 1):
                found[_PAIR + run[place : place + 2]] += weight
    return found


def vector(counts: Mapping[str, int], features: Mapping[str, int], rarity: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Columns and values (unit length) of the known features."""
    known = sorted((features[name], number) for name, number in counts.items() if name in features)
    columns = np.array([column for column, _ in known], dtype=np.int64)
    values = (1 + np.log([number for _, number in known])) * rarity[columns] if known else np.zeros(0)
    length = float(np.sqrt(values @ values)) if known else 1.0
    return columns, values / length


def learn(examples: Sequence[Example], known: Material, rules: Rules) -> Router:
    """Learns from messages and from the words of the taxonomy, and by cross-validation from which lead it is sure."""
    bags = [counted(example.title, example.text, rules.title) for example in examples]
    return with_least_lead(bags, [example.label for example in examples], known, rules)


def material(phrases: Mapping[str, Sequence[str]], others: Iterable[tuple[str, str]]) -> Material:
    """The taxonomy (label -> phrases) and other messages (title, text) made ready."""
    counts, messages = Counter[str](), 0
    for title, text in others:
        counts.update(set(counted(title, text, 1)))
        messages += 1
    little = [(label, counted("", phrase, 1)) for label, many in sorted(phrases.items()) for phrase in many]
    return Material(little, Background(messages, counts))


def with_least_lead(bags: Sequence[Counter[str]], labels: Sequence[str], known: Material, rules: Rules) -> Router:
    """The model of all, sure from the lead that cross-validation shows."""
    pairs = [(choice.lead, choice.label == labels[place]) for place, choice in crossed(bags, labels, known, rules)]
    return replace(fitted(bags, labels, known, rules), least_lead=least_lead(pairs, rules.precision))


def crossed(bags: Sequence[Counter[str]], labels: Sequence[str], known: Material, rules: Rules) -> list[tuple[int, Choice]]:
    """Each message's choice by a model that has not seen it (sure is left open)."""
    found: list[tuple[int, Choice]] = []
    for held in folds_of(labels, rules.folds):
        rest = [place for place in range(len(labels)) if place not in held]
        model = fitted([bags[place] for place in rest], [labels[place] for place in rest], known, rules)
        found += [(place, model.best(model.scores_of(bags[place]))) for place in sorted(held)]
    return found


def folds_of(labels: Sequence[str], folds: int) -> list[frozenset[int]]:
    """Places dealt out label by label, so that every fold has its share of each; always the same for the same order."""
    hands: list[list[int]] = [[] for _ in range(max(2, folds))]
    turn = 0
    for label in sorted(set(labels)):
        for place in (place for place, other in enumerate(labels) if other == label):
            hands[turn % len(hands)].append(place)
            turn += 1
    return [frozenset(hand) for hand in hands if hand]


def least_lead(pairs: Sequence[tuple[float, bool]], precision: float) -> float:
    """The smallest lead from which at least this share is right; infinite when there is none."""
    found, right = math.inf, 0
    ranked = sorted(pairs, reverse=True)
    for number, (lead, good) in enumerate(ranked, 1):
        right += good
        last = number == len(ranked) or ranked[number][0] < lead
        if last and lead > 0 and right / number >= precision:
            found = lead
    return found


def fitted(bags: Sequence[Counter[str]], labels: Sequence[str], known: Material, rules: Rules) -> Router:
    """Complement naive Bayes: a feature speaks for a label as far as it is rare in all others."""
    held: Counter[str] = Counter(name for bag in (*bags, *(bag for _, bag in known.phrases)) for name in bag)
    kept = sorted(sorted(held, key=lambda name: (-held[name], name))[: rules.features])
    features = {name: column for column, name in enumerate(kept)}
    messages = len(bags) + len(known.phrases) + known.background.messages
    rarity = np.log((messages + 1) / (np.array([held[name] + known.background.held.get(name, 0) for name in kept]) + 1)) + 1
    names = tuple(sorted({*labels, *(label for label, _ in known.phrases)}))
    rows = {label: row for row, label in enumerate(names)}
    sums = np.zeros((len(names), len(kept)))
    for label, bag, weight in [*((a, b, 1.0) for a, b in zip(labels, bags, strict=True)), *((a, b, rules.phrase) for a, b in known.phrases)]:
        columns, values = vector(bag, features, rarity)
        sums[rows[label], columns] += weight * values
    others = sums.sum(axis=0) + rules.smoothing - sums
    weights = -np.log(others / others.sum(axis=1, keepdims=True)) if kept else np.zeros((len(names), 0))
    return Router(names, features, rarity, weights, rules.title, math.inf)


def packed(model: Router) -> bytes:
    """The model as bytes (a compressed archive of arrays, no code)."""
    target = io.BytesIO()
    names = sorted(model.features, key=model.features.__getitem__)
    np.savez_compressed(
        target, labels=np.array(model.labels, dtype=np.str_), features=np.array(names, dtype=np.str_), rarity=model.rarity.astype(np.float32),
        weights=model.weights.astype(np.float32), numbers=np.array([model.title, model.least_lead]),
    )  # fmt: skip
    return target.getvalue()


def unpacked(content: bytes) -> Router:
    """The model behind the bytes; ValueError when they are damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            names = [str(name) for name in found["features"]]
            title, lead = found["numbers"].tolist()
            labels = tuple(str(label) for label in found["labels"])
            rarity, weights = found["rarity"].astype(np.float64), found["weights"].astype(np.float64)
    except (OSError, KeyError, EOFError, BadZipFile) as error:
        raise ValueError("damaged model") from error
    return Router(labels, {name: column for column, name in enumerate(names)}, rarity, weights, int(title), lead)
