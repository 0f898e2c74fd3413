"""What many messages speak of: clusters of messages by the words that tell most, each with place, subject and a name; always the same for the same input.

One pass in order of time: a message joins the cluster whose centre it is nearest to, or begins one; afterwards clusters with near centres become
one. Only clusters that share a word are compared, and words that too many messages have count for nothing, so the cost stays bounded.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

import rjieba

from responder.privacy import find_personal
from responder.text import plain

LONGEST_TEXT = 1_500
TELLING = 16  # words of a message that count
CENTRE = 40  # words of a centre that count
TITLE = 3
COMMON_LEAST = 20  # a word of so few messages is never too common
PLACE = 0.5  # what a place weighs beside a word for the matter: one town has many matters
MASKED_MOST = 12  # messages of a cluster that its name is made from
NAME_WORDS = 3
Vector = dict[str, float]
TAGGER = rjieba.Jieba()


@dataclass(frozen=True, slots=True)
class TopicRules:
    """Words that say nothing, endings of places (小区, 路), the least nearness (cosine) for joining, and the share of all messages
    from which a word is too common to tell anything.
    """

    dull: frozenset[str] = frozenset()
    place_endings: frozenset[str] = frozenset()
    nearness: float = 0.3
    common: float = 0.1


@dataclass(frozen=True, slots=True)
class Said:
    """One message: an id of the caller's, its words, its subject."""

    key: int
    title: str
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A cluster: ids in order, its name (place and telling words, nothing personal), place, the subject that most carry ("" without one)."""

    keys: tuple[int, ...]
    name: str
    place: str
    subject: str
    words: tuple[str, ...]


@dataclass
class Cluster:
    """A growing cluster: places in the list of messages and the sum of their vectors."""

    members: list[int] = field(default_factory=list)
    total: Vector = field(default_factory=dict)

    def take(self, members: Iterable[int], vector: Mapping[str, float]) -> None:
        """Adds messages."""
        self.members += members
        for word, value in vector.items():
            self.total[word] = self.total.get(word, 0.0) + value

    def centre(self) -> Vector:
        """The heaviest words, unit length."""
        return unit(dict(sorted(self.total.items(), key=lambda pair: (-pair[1], pair[0]))[:CENTRE]))


def topics(messages: Sequence[Said], rules: TopicRules, least: int = 1) -> list[Topic]:
    """The clusters of at least so many messages, the largest first."""
    counts = [counted(message, rules) for message in messages]
    vectors = weighed(counts, rules)
    clusters = merged(gathered(vectors, rules), rules)
    found = [topic_of([messages[place] for place in sorted(one.members)], one, rules) for one in clusters if len(one.members) >= least]
    return sorted(found, key=lambda topic: (-len(topic.keys), topic.keys))


def counted(message: Said, rules: TopicRules) -> Counter[str]:
    """The words of a message that say something; those of the title count more."""
    found: Counter[str] = Counter()
    for text, times in ((message.title, TITLE), (message.text, 1)):
        for word in telling_words(text, rules):
            found[word] += times
    return found


def telling_words(text: str, rules: TopicRules) -> list[str]:
    """Words of two signs and more that are not dull; a place keeps its name and its ending together (板桥小区)."""
    words, found = list(rjieba.cut(plain(text[:LONGEST_TEXT]))), list[str]()
    for number, word in enumerate(words):
        before = words[number - 1] if number else ""
        if word in rules.place_endings:
            if before.isalnum() and before not in rules.dull and before not in rules.place_endings:
                found = found[:-1] if found and found[-1] == before else found
                found.append(before + word)
        elif len(word) > 1 and word.isalnum() and not word.isdigit() and word not in rules.dull:
            found.append(word)
    return found


def weighed(counts: Sequence[Counter[str]], rules: TopicRules) -> list[Vector]:
    """Each message's most telling words, unit length; words of one message alone and words of too many are left out."""
    held: Counter[str] = Counter(word for bag in counts for word in bag)
    most = max(COMMON_LEAST, rules.common * len(counts))
    rarity = {word: log(1 + len(counts) / number) * (PLACE if is_place(word, rules) else 1) for word, number in held.items() if 1 < number <= most}
    return [vector_of(bag, rarity, rules) for bag in counts]


def vector_of(bag: Mapping[str, int], rarity: Mapping[str, float], rules: TopicRules) -> Vector:
    """One message; empty when it shares nothing but places with others."""
    heavy = sorted(((word, (1 + log(number)) * rarity[word]) for word, number in bag.items() if word in rarity), key=lambda pair: (-pair[1], pair[0]))
    kept = dict(heavy[:TELLING])
    return unit(kept) if not all(is_place(word, rules) for word in kept) else {}


def unit(vector: Vector) -> Vector:
    """The vector with length one; an empty one stays empty."""
    length = sqrt(sum(value * value for value in vector.values()))
    return {word: value / length for word, value in vector.items()} if length else {}


def gathered(vectors: Sequence[Vector], rules: TopicRules) -> list[Cluster]:
    """One pass: each message to the nearest cluster that is near enough, else to a new one."""
    clusters: list[Cluster] = []
    holders: dict[str, set[int]] = defaultdict(set)
    centres: list[Vector] = []
    for place, vector in enumerate(vectors):
        number = nearest(vector, holders, centres, rules.nearness)
        if number is None:
            number = len(clusters)
            clusters.append(Cluster())
            centres.append({})
        clusters[number].take([place], vector)
        centres[number] = replaced(holders, number, centres[number], clusters[number].centre())
    return clusters


def replaced(holders: dict[str, set[int]], number: int, old: Vector, new: Vector) -> Vector:
    """Writes down which words the centre has now; returns the new centre."""
    for word in old.keys() - new.keys():
        holders[word].discard(number)
    for word in new.keys() - old.keys():
        holders[word].add(number)
    return new


def nearest(vector: Vector, holders: Mapping[str, set[int]], centres: Sequence[Vector], least: float, but: int = -1) -> int | None:
    """The cluster with the nearest centre, the older one of equals; None when none is near enough."""
    scores: dict[int, float] = defaultdict(float)
    for word, value in vector.items():
        for number in holders.get(word, ()):
            scores[number] += value * centres[number][word]
    found = min(((-score, number) for number, score in scores.items() if number != but), default=(0.0, -1))
    return found[1] if -found[0] >= least else None


def merged(clusters: Sequence[Cluster], rules: TopicRules) -> list[Cluster]:
    """Clusters whose centres are nearer than messages must be become one, the smaller into the larger, once."""
    centres = [cluster.centre() for cluster in clusters]
    holders: dict[str, set[int]] = defaultdict(set)
    for number, centre in enumerate(centres):
        replaced(holders, number, {}, centre)
    gone: set[int] = set()
    for number in sorted(range(len(clusters)), key=lambda place: (len(clusters[place].members), -place)):
        into = nearest(centres[number], holders, centres, rules.nearness * 1.25, but=number)
        if into is not None:
            clusters[into].take(clusters[number].members, clusters[number].total)
            replaced(holders, number, centres[number], {})
            centres[into] = replaced(holders, into, centres[into], clusters[into].centre())
            gone.add(number)
    return [cluster for number, cluster in enumerate(clusters) if number not in gone]


def topic_of(messages: Sequence[Said], cluster: Cluster, rules: TopicRules) -> Topic:
    """A cluster with its name: words that more than one message says once everything personal is taken out, and no names of people."""
    shown = [masked(message) for message in messages[:MASKED_MOST]]
    people = frozenset(word for message in shown for word, kind in TAGGER.tag(plain(f"{message.title}\n{message.text}")) if kind.startswith("nr"))
    said = Counter(word for message in shown for word in set(counted(message, rules)) - people)
    least = max(1 if len(shown) == 1 else 2, len(shown) // 4)
    ranked = [word for word, _ in sorted(cluster.total.items(), key=lambda pair: (-pair[1], pair[0])) if said[word] >= least]
    places = [word for word in ranked if is_place(word, rules)]
    place = next((word for word in places if said[word] * 2 >= len(shown)), "")
    telling = without_parts([word for word in ranked if not is_place(word, rules)])[:NAME_WORDS]
    words = tuple(sorted(telling, key=lambda word: first_place(word, shown)))
    subjects = Counter(message.subject for message in messages if message.subject)
    subject = min(subjects, key=lambda name: (-subjects[name], name)) if subjects else ""
    return Topic(tuple(message.key for message in messages), " ".join([*([place] if place else []), *words]) or subject, place, subject, words)


def masked(message: Said) -> Said:
    """The message without anything personal (cut out, so that not even its mask gets into a name)."""
    return Said(message.key, without_personal(message.title), without_personal(message.text[:LONGEST_TEXT]), message.subject)


def without_personal(text: str) -> str:
    """The text with a comma in the place of each finding."""
    for found in reversed(find_personal(text)):
        text = f"{text[: found.start]}，{text[found.end :]}"
    return text


def is_place(word: str, rules: TopicRules) -> bool:
    """Whether a word is the name of a place (302路 is a line, not a road)."""
    return any(word.endswith(ending) and word != ending and not word.removesuffix(ending).isdigit() for ending in rules.place_endings)


def first_place(word: str, messages: Sequence[Said]) -> tuple[int, int]:
    """Where the word is said first: names read in the order of speech."""
    texts = (plain(f"{message.title}\n{message.text}") for message in messages)
    return next(((number, text.index(word)) for number, text in enumerate(texts) if word in text), (len(messages), 0))


def without_parts(words: Sequence[str]) -> list[str]:
    """The words without those that are part of one before them."""
    return [word for number, word in enumerate(words) if not any(word in other for other in words[:number])]
