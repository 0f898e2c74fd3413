"""How well messages are routed: cross-validated choices, F1 of each label, the share that is not sure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from responder.router import Choice, Example, Material, Rules, counted, folds_of, with_least_lead


@dataclass(frozen=True, slots=True)
class LabelScore:
    """One label: how many messages carry it, how many were put there, precision, recall and F1."""

    label: str
    messages: int
    chosen: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class RoutingScore:
    """``macro_f1`` over all messages (the best label, sure or not); ``sure_f1`` and ``sure_right`` over the sure ones alone."""

    messages: int
    macro_f1: float
    right: float
    not_sure: float
    sure_f1: float
    sure_right: float
    labels: tuple[LabelScore, ...]


def cross_validated(examples: Sequence[Example], known: Material, rules: Rules) -> RoutingScore:
    """Each message is routed by a model that has not seen it; its threshold was found without it too."""
    bags = [counted(example.title, example.text, rules.title) for example in examples]
    labels = [example.label for example in examples]
    chosen: dict[int, Choice] = {}
    for held in folds_of(labels, rules.folds):
        rest = [place for place in range(len(labels)) if place not in held]
        model = with_least_lead([bags[place] for place in rest], [labels[place] for place in rest], known, rules)
        chosen |= {place: model.best(model.scores_of(bags[place])) for place in held}
    return scored(labels, [chosen[place] for place in range(len(labels))])


def scored(labels: Sequence[str], choices: Sequence[Choice]) -> RoutingScore:
    """The figures of choices beside the right labels."""
    every = label_scores(labels, [choice.label for choice in choices])
    sure = [(label, choice.label) for label, choice in zip(labels, choices, strict=True) if choice.sure]
    among = label_scores([label for label, _ in sure], [label for _, label in sure])
    right = [choice.label == label for label, choice in zip(labels, choices, strict=True)]
    return RoutingScore(
        len(labels), mean_f1(every), share(sum(right), len(labels)), share(len(labels) - len(sure), len(labels)), mean_f1(among),
        share(sum(a == b for a, b in sure), len(sure)), every,
    )  # fmt: skip


def label_scores(labels: Sequence[str], chosen: Sequence[str]) -> tuple[LabelScore, ...]:
    """Precision, recall and F1 of every label that occurs."""
    have, put = Counter(labels), Counter(chosen)
    good = Counter(label for label, other in zip(labels, chosen, strict=True) if label == other)
    return tuple(
        LabelScore(label, have[label], put[label], share(good[label], put[label]), share(good[label], have[label]), share(2 * good[label], have[label] + put[label]))
        for label in sorted(have)
    )


def mean_f1(scores: Sequence[LabelScore]) -> float:
    """The mean over the labels (macro F1); 0 of nothing."""
    return sum(score.f1 for score in scores) / len(scores) if scores else 0.0


def share(part: int, whole: int) -> float:
    """``part`` of ``whole``; 0 of nothing."""
    return part / whole if whole else 0.0
