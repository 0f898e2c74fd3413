"""What many messages speak of: clusters of messages by the words for their matter, each with places, subject and a name; always the same for the same input.

Average linkage: two clusters become one while the mean nearness of their messages is enough, so that no single message bridges two matters.
One word in common is chance: such a pair counts less, as does a pair with different subjects or places. The cost is bounded by the square of the
number of messages, which the caller bounds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from responder.topic_names import named
from responder.topic_words import Said, TopicRules, counted

TELLING = 16  # words of a message that count
COMMON_LEAST = 20  # a word of so few messages is never too common
PLACE = 0.5  # what a place weighs beside a word for the matter: one town has many matters
CHANCE = 0.4  # what a pair with one word in common counts
OTHER_SUBJECT = 0.6  # what a pair with different subjects counts
OTHER_PLACE = 0.8  # what a pair counts that names different places
Floats = npt.NDArray[np.float32]
Vector = dict[str, float]
Bags = tuple[Counter[str], Counter[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A cluster: ids in order, what it is about (nothing personal), the places most named with how many messages each, the subject
    that most carry ("" without one), and how near its messages are to each other (mean, 0 to 1).
    """

    keys: tuple[int, ...]
    matter: str
    places: tuple[tuple[str, int], ...]
    subject: str
    near: float

    @property
    def place(self) -> str:
        """The place that half of the messages name; "" when none is named so often."""
        return next((place for place, number in self.places if number * 2 >= len(self.keys)), "")

    @property
    def name(self) -> str:
        """Place and matter, "" when nothing is known."""
        return " ".join(part for part in (self.place, self.matter) if part)


def topics(messages: Sequence[Said], rules: TopicRules, least: int = 1) -> list[Topic]:
    """The clusters of at least so many messages, the largest first, of equals the closest."""
    bags = [counted(message, rules) for message in messages]
    clusters = [(members, near) for members, near in gathered(nearness(messages, bags, rules), rules.nearness) if len(members) >= least]
    found = [(members, topic_of(messages, bags, members, near, rules)) for members, near in clusters]
    return sorted(same_named(messages, bags, found, rules), key=lambda topic: (-len(topic.keys), -topic.near, topic.keys))


def same_named(messages: Sequence[Said], bags: Sequence[Bags], found: Sequence[tuple[list[int], Topic]], rules: TopicRules) -> list[Topic]:
    """Clusters with the same name become one unless they have different places: nobody would tell them apart."""
    groups: dict[tuple[str, str], list[tuple[list[int], Topic]]] = {}
    for members, topic in found:
        groups.setdefault((topic.matter, topic.place), []).append((members, topic))
    kept: list[Topic] = []
    for (matter, _), group in groups.items():
        members = sorted(place for each, _ in group for place in each)
        near = min(topic.near for _, topic in group)
        whole = topic_of(messages, bags, members, near, rules) if len(group) > 1 else group[0][1]
        kept.append(replace(whole, matter=matter))
    return kept


def topic_of(messages: Sequence[Said], bags: Sequence[Bags], members: Sequence[int], near: float, rules: TopicRules) -> Topic:
    """A cluster with its name."""
    inside = [messages[place] for place in members]
    name = named(inside, [bags[place] for place in members], rules)
    subjects = Counter(message.subject for message in inside if message.subject)
    subject = min(subjects, key=lambda one: (-subjects[one], one)) if subjects else ""
    return Topic(tuple(message.key for message in inside), name.matter or subject, name.places, subject, near)


def nearness(messages: Sequence[Said], bags: Sequence[Bags], rules: TopicRules) -> Floats:
    """How near any two messages are (0 to 1, -1 for itself)."""
    size = (len(messages), len(messages))
    near, shared = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.uint8)
    places = frozenset(place for _, named_places in bags for place in named_places)
    for word, holders in held_by(weighed(bags, rules)).items():
        rows = np.array([place for place, _ in holders])
        values = np.array([value for _, value in holders], dtype=np.float32)
        near[np.ix_(rows, rows)] += np.outer(values, values)
        if word not in places:
            shared[np.ix_(rows, rows)] += 1
    near[shared == 0] = 0
    near[shared == 1] *= CHANCE
    near[apart([{message.subject} - {""} for message in messages])] *= OTHER_SUBJECT
    near[apart([set(named_places) for _, named_places in bags])] *= OTHER_PLACE
    np.fill_diagonal(near, -1)
    return near


def apart(marks: Sequence[Iterable[str]]) -> npt.NDArray[np.bool_]:
    """Which two messages have both marks but none in common."""
    together = np.zeros((len(marks), len(marks)), dtype=bool)
    holders: dict[str, list[int]] = {}
    for place, many in enumerate(marks):
        for mark in many:
            holders.setdefault(mark, []).append(place)
    for rows in holders.values():
        together[np.ix_(rows, rows)] = True
    known = together.diagonal().copy()
    return ~together & known[:, None] & known[None, :]


def held_by(vectors: Sequence[Vector]) -> dict[str, list[tuple[int, float]]]:
    """Word -> the messages that say it, with its value in each."""
    found: dict[str, list[tuple[int, float]]] = {}
    for place, vector in enumerate(vectors):
        for word, value in vector.items():
            found.setdefault(word, []).append((place, value))
    return found


def weighed(bags: Sequence[Bags], rules: TopicRules) -> list[Vector]:
    """Each message's most telling words, unit length; words of one message alone and words of too many are left out."""
    held: Counter[str] = Counter(word for pair in bags for bag in pair for word in bag)
    most = max(COMMON_LEAST, rules.common * len(bags))
    rarity = {word: log(1 + len(bags) / number) for word, number in held.items() if 1 < number <= most}
    return [vector_of(words, places, rarity) for words, places in bags]


def vector_of(words: Mapping[str, int], places: Mapping[str, int], rarity: Mapping[str, float]) -> Vector:
    """One message; empty when it shares nothing but places with others."""
    kept = [*values(words, rarity, 1.0)[:TELLING], *values(places, rarity, PLACE)[: TELLING // 4]]
    length = sqrt(sum(value * value for _, value in kept))
    return {word: value / length for word, value in kept}


def values(bag: Mapping[str, int], rarity: Mapping[str, float], weight: float) -> list[tuple[str, float]]:
    """The words that are neither too rare nor too common, the heaviest first."""
    found = ((word, weight * (1 + log(number)) * rarity[word]) for word, number in bag.items() if word in rarity)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def gathered(near: Floats, least: float) -> list[tuple[list[int], float]]:
    """Places in the list of messages, cluster by cluster, with the mean nearness of each one's messages: the two nearest become one while near enough."""
    members, inner = [[place] for place in range(len(near))], [0.0] * len(near)
    most = near.argmax(axis=1) if len(near) else np.zeros(0, dtype=np.int64)
    best = near[np.arange(len(near)), most]
    while len(best) and best.max() >= least:
        into, gone = sorted((int(best.argmax()), int(most[best.argmax()])))
        pairs = len(members[into]) * len(members[gone])
        inner[into] += inner[gone] + float(near[into, gone]) * pairs
        joined(near, into, gone, len(members[into]), len(members[gone]))
        members[into], members[gone] = sorted([*members[into], *members[gone]]), []
        stale = np.flatnonzero((most == into) | (most == gone))
        stale = np.union1d(stale, [into, gone])
        most[stale] = near[stale].argmax(axis=1)
        best[stale] = near[stale, most[stale]]
    return [(each, inner[place] / max(1, len(each) * (len(each) - 1) / 2)) for place, each in enumerate(members) if each]


def joined(near: Floats, into: int, gone: int, size: int, other: int) -> None:
    """The mean nearness of all pairs, for the cluster that two became."""
    row = (size * near[into] + other * near[gone]) / (size + other)
    near[into, :] = near[:, into] = row
    near[gone, :] = near[:, gone] = -1
    near[into, into] = -1
