"""What a question is about: its words, those it takes over from before, and the places, bodies and times that it names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from responder.clauses import Span, blank
from responder.question_rules import QuestionRules
from responder.stretches import QUESTION, SALUTATION, Stretch
from responder.terms import Cutter

_LOOK_BACK = 5
_LONGEST_SUBJECT = 40
_NEAREST = 30
_SAYS_ENOUGH = 4
_NEAR = 60
_SHORTEST_UNIT = 2


@dataclass(frozen=True, slots=True)
class Named:
    """Places, public bodies and times that a question names, as it says them."""

    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


class Subjects:
    """Reads what stretches of a folded message are about."""

    def __init__(self, rules: QuestionRules, cutter: Cutter) -> None:
        terms = cutter.rules
        self._rules, self._cutter = rules, cutter
        self._known = _any_of({*terms.domain_words, *(word for group in terms.synonyms for word in group)} - rules.general_words - rules.action_words)
        self._regions = _any_of(set(terms.regions))
        self._personal = re.compile("|".join(terms.personal) or r"(?!)")
        self._endings = rules.unit_endings
        self._empty = frozenset(terms.function_words) | frozenset(terms.question_words) | rules.general_words

    def content(self, text: str, start: int, end: int) -> list[Span]:
        """The places of the words of a stretch that say what it is about."""
        part = self._rules.leads.sub(blank, self._rules.closing.sub(blank, text[start:end]))
        part = self._rules.asks.sub(blank, self._rules.salutation.sub(blank, part))
        found, place = [], start
        for word in self._cutter.words(part):
            if len(word) > 1 and word not in self._empty and word.isalnum():
                found.append((place, place + len(word)))
            place += len(word)
        return found

    def known(self, text: str) -> list[Span]:
        """The places of the domain words that a folded text says."""
        return [found.span() for found in self._known.finditer(text)]

    def carried(self, text: str, asking: Span, before: Sequence[Stretch], border: int, taken: Mapping[Span, list[Span]]) -> list[Span]:
        """The places of the words that a question takes over; none when it says enough itself.

        They come from the nearest of the few stretches before that says something, at last from the title (which ends at
        ``border``); ``taken`` is what earlier questions took over, which goes along with them.
        """
        own = self.content(text, *asking)
        if not self._rules.points_back.search(text[slice(*asking)]) and (self._known.search(text, *asking) or _size(own) >= _SAYS_ENOUGH):
            return []
        near = [stretch for stretch in reversed(before) if stretch.end <= asking[0] and stretch.role != SALUTATION][:_LOOK_BACK]
        for stretch in near:
            words = [found.span() for found in self._known.finditer(text, *stretch.span)]
            if stretch.role == QUESTION:
                words += [
                    span for span in self.content(text, max(stretch.start, stretch.end - _NEAREST), stretch.end) if not any(a <= span[0] < b for a, b in words)
                ]
            if words:
                return _shortened([*taken.get(stretch.span, []), *words])
        for span in [(0, border), *(stretch.span for stretch in near)]:
            if words := self.content(text, *span):
                return _shortened(words)
        return []

    def far_region(self, text: str, asking: Span) -> list[Span]:
        """The one region that the message names elsewhere, when the question names none."""
        found = list(self._regions.finditer(text))
        if len({match.group() for match in found}) != 1 or self._regions.search(text, *asking):
            return []
        return [found[0].span()]

    def personal(self, text: str, asking: Span) -> bool:
        """Whether a pattern of a personal case touches the stretch."""
        start, end = max(0, asking[0] - _NEAR), min(len(text), asking[1] + _NEAR)
        return any(found.start() < asking[1] and found.end() > asking[0] for found in self._personal.finditer(text, start, end))

    def named(self, said: str) -> Named:
        """What a question names."""
        words = [word for word in self._cutter.words(said) if len(word) > 1]
        places = [word for word in words if self._rules.places.fullmatch(word) and word not in self._rules.not_places]
        bare = self._rules.times.sub(blank, self._rules.asks.sub(blank, self._rules.leads.sub(blank, said)))
        bare = "".join(" " * len(word) if word in self._empty and word not in self._endings else word for word in self._cutter.words(bare))
        units = [name for name in self._rules.units.findall(bare) if len(name) > _SHORTEST_UNIT]
        return Named(_once([*self._regions.findall(said), *places]), _once(units), _once(self._rules.times.findall(said)))


def _once(words: Iterable[str]) -> tuple[str, ...]:
    """Each word once, in order."""
    return tuple(dict.fromkeys(words))


def _size(spans: Sequence[Span]) -> int:
    """How many characters spans hold."""
    return sum(end - start for start, end in spans)


def _shortened(spans: Sequence[Span]) -> list[Span]:
    """The spans in order without those that would make a subject too long."""
    kept: list[Span] = []
    for span in spans:
        if span not in kept and _size([*kept, span]) <= _LONGEST_SUBJECT:
            kept.append(span)
    return sorted(kept)


def _any_of(words: set[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first."""
    ranked = sorted((word for word in words if len(word) > 1), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ranked)) or r"(?!)")
