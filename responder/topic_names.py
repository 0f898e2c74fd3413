"""The name of a cluster of messages, as a person would say it: the longest words in a row that its messages share, and the places that they name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from responder.text import plain
from responder.topic_words import Said, Token, TopicRules, masked, people, tokens

LOOKED_AT = 12  # messages of a cluster that its name is made from
PLACES = 3
LONGEST = 16  # characters of a name
FIRST_SENTENCE = 60  # characters of a message without a title
ENOUGH = 2  # words for the matter that a name has
LONG_WORD = 4  # characters of a word that is a name by itself


@dataclass(frozen=True, slots=True)
class Named:
    """What it is about, and the places with how many messages name each, the most named first."""

    matter: str
    places: tuple[tuple[str, int], ...]


def named(messages: Sequence[Said], bags: Sequence[tuple[Counter[str], Counter[str]]], rules: TopicRules) -> Named:
    """A name without anything personal; words and places count when half of the messages say them (a message alone is named by its own)."""
    shown = [masked(message) for message in messages[:LOOKED_AT]]
    heads = [tokens(one.title or one.text[:FIRST_SENTENCE], rules) for one in shown]
    cut = [tokens(f"{one.title}\n{one.text}", rules) for one in shown]
    hidden = frozenset().union(*(people(each) for each in cut))
    said = Counter(one.word for each in cut for one in set(each) if one.telling and one.word not in hidden)
    said.update(one.word for each in heads for one in set(each) if one.word in said)
    holders = Counter(one.word for each in cut for one in set(each))
    least = 1 if len(shown) == 1 else max(2, (len(shown) + 1) // 2)
    telling = {word: number for word, number in said.items() if holders[word] >= least}
    texts = [plain(f"{one.title}\n{one.text}") for one in shown]
    return Named((phrase(heads, texts, telling, hidden, least) or loose(telling, texts, rules)).upper(), places_of([places for _, places in bags]))


def phrase(heads: Sequence[Sequence[Token]], texts: Sequence[str], telling: Mapping[str, int], hidden: frozenset[str], least: int) -> str:
    """The best words in a row of any title that enough messages say in a row; "" when none says enough."""
    best: tuple[float, str] = (0.0, "")
    for run in (run for line in heads for run in runs(line, hidden)):
        words = "".join(each.word for each in run)
        matter = {each.word for each in run if each.word in telling}
        holders = sum(words in text for text in texts)
        if holders >= least and len(words) <= LONGEST and (len(matter) >= ENOUGH or any(len(word) >= LONG_WORD for word in matter)):
            best = max(best, (holders / len(texts) * sum(map(len, matter)), words))
    return best[1]


def runs(line: Sequence[Token], hidden: frozenset[str]) -> list[Sequence[Token]]:
    """All runs of neighbouring words that begin and end with a telling word, without places, marks, people and 和 between."""
    pieces: list[list[Token]] = [[]]
    for one in line:
        if one.place or not one.word.isalnum() or one.word in hidden or one.kind == "c":
            pieces.append([])
        else:
            pieces[-1].append(one)
    found: list[Sequence[Token]] = []
    for piece in pieces:
        ends = [place for place, one in enumerate(piece) if one.telling]
        found += [piece[first : last + 1] for first in ends for last in ends if first <= last]
    return found


def loose(telling: Mapping[str, int], texts: Sequence[str], rules: TopicRules) -> str:
    """The word that most say, titles before texts, and a second one that nearly as many say."""
    ranked = sorted(telling, key=lambda word: (-telling[word], -len(word), word))
    kept = [word for place, word in enumerate(ranked) if not any(word in other or other in word for other in ranked[:place])]
    near = [word for word in kept if telling[word] * 3 >= telling[kept[0]] * 2][:ENOUGH]
    return "、".join(dict.fromkeys(whole(word, texts, rules) for word in near))


def whole(word: str, texts: Sequence[str], rules: TopicRules) -> str:
    """The word with the characters that always stand beside it: 租房 is 公租房 when nobody says anything else."""
    for _ in range(2):
        for pattern, before in ((f"(.){re.escape(word)}", True), (f"{re.escape(word)}(.)", False)):
            found = Counter(char for text in texts for char in re.findall(pattern, text))
            char, number = found.most_common(1)[0] if found else ("", 0)
            if number > 1 and len(found) == 1 and char.isalnum() and char not in rules.dull:
                word = char + word if before else word + char
    return word


def places_of(bags: Sequence[Counter[str]]) -> tuple[tuple[str, int], ...]:
    """The places that several messages name, with how many do, the most named first (of places that as many name, the longest word)."""
    held = Counter(place for bag in bags for place in bag)
    ranked = sorted(held, key=lambda place: (-held[place], place.endswith("省"), -len(place), place))
    return tuple((place.upper(), held[place]) for place in ranked if held[place] >= min(len(bags), 2))[:PLACES]
