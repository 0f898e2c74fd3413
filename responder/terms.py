"""Cut folded Chinese text into terms and read what a question asks.

Terms are character bigrams, coded as integers so that a document is a numpy array. Words (rjieba) decide which
characters of a question are cut away: longer words as terms of their own brought nothing in measurements.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import rjieba

from responder.numerals import other_digits

Codes = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

TERM_LENGTH = 2
LONGEST_QUESTION = 300
_SHORT_QUESTION = 100
_PERSONAL_WITHIN = 2_000
# Of a message of several sentences: how many are matched alone, and how much each must say.
_SENTENCES, _MOST_QUESTIONS, _FEWEST_TERMS = 2, 6, 3
# So many characters of sentences are matched alone, but for the last that begins within them.
_MOST_ALONE = 600
# Tags of rjieba for names: of persons, places, bodies, others, and Latin words.
_NAMES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz", "eng"})
_CHAR_BITS = 21
_NOT_WORD = re.compile(r"[\W_]")
_SENTENCE = re.compile(r"[^。!?;\n]*[。!?;\n]*")


@dataclass(frozen=True)
class Kind:
    """A kind of question: the patterns that ask it and the pattern that an answer shows."""

    name: str
    ask: re.Pattern[str]
    answer: re.Pattern[str]
    short: bool = False


@dataclass(frozen=True)
class Unit:
    """A unit in which an amount is asked for, and the pattern of an amount in it."""

    ask: re.Pattern[str]
    answer: re.Pattern[str]


@dataclass(frozen=True)
class TermRules:
    """What config/terms.toml says; every field may be empty."""

    question_words: tuple[str, ...] = ()
    function_words: tuple[str, ...] = ()
    domain_words: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    regions: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one text in order of position: codes and the place of each first character."""

    codes: Codes
    starts: Ints

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question that says what it is about: its place in `cut`, and whether it is a name."""

    start: int
    end: int
    name: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready. `cut` keeps the places of `text` with everything blanked that says nothing.
    across are the codes of terms that only join the end of one word with the beginning of the next.
    """

    text: str
    cut: str
    terms: Terms
    across: frozenset[int]
    words: tuple[Word, ...]
    alternatives: Mapping[str, tuple[int, ...]]
    kind: Kind | None
    regions: tuple[str, ...]
    personal: bool


def bigrams(folded: str) -> Terms:
    """All pairs of neighbouring word characters of a folded text."""
    if len(folded) < TERM_LENGTH:
        return Terms(np.empty(0, np.int64), np.empty(0, np.int32))
    text = _NOT_WORD.sub(" ", folded)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    word = points != ord(" ")
    starts = np.flatnonzero(word[:-1] & word[1:])
    return Terms(points[starts] << _CHAR_BITS | points[starts + 1], starts.astype(np.int32))


def _either(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of the words, the longest first; match nothing when there are none."""
    ranked = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ranked)) if ranked else r"(?!)")


def _blank(match: re.Match[str]) -> str:
    """Replace a match by as many spaces."""
    return " " * len(match.group())


@lru_cache(maxsize=8)
def _dictionary(words: tuple[str, ...]) -> rjieba.Jieba:
    """Jieba's dictionary with words of the field added; building one takes 0.14 s and 25 MB, so equal rules share it (it is only read)."""
    jieba = rjieba.Jieba()
    for word in words:
        jieba.add_word(word, 100_000, "n")
    return jieba


@dataclass
class Cutter:
    """Cuts questions by the rules that it is given; holds its own dictionary, reads no file."""

    rules: TermRules
    _jieba: rjieba.Jieba = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile the rules."""
        self._jieba = _dictionary(tuple(self.rules.domain_words))
        self._question_words = _either(self.rules.question_words)
        self._function_words = frozenset(self.rules.function_words)
        self._regions = _either(self.rules.regions)
        self._personal = re.compile("|".join(self.rules.personal) or r"(?!)")
        self._groups = {word: group for group in self.rules.synonyms for word in group}
        self._synonyms = _either(tuple(self._groups))

    def asks(self, folded: str) -> bool:
        """Tell whether a sentence asks something."""
        return "?" in folded or bool(self._question_words.search(folded))

    def personal(self, folded: str) -> bool:
        """Tell whether a message is about one person's own case."""
        return bool(self._personal.search(folded[:_PERSONAL_WITHIN]))

    def questions(self, folded: str) -> list[tuple[int, int]]:
        """Spans of the sentences that may be matched alone: a heading and those that ask, if they say enough."""
        spans = [m.span() for m in _SENTENCE.finditer(folded) if m.group().strip()]
        if len(spans) < _SENTENCES:
            return []
        heading = [spans[0]] if folded[spans[0][1] - 1] == "\n" else []
        asking = heading + [span for span in spans[len(heading) :] if self.asks(folded[slice(*span)])][:_MOST_QUESTIONS]
        found, read = [], 0
        for start, end in ((a, min(b, a + LONGEST_QUESTION)) for a, b in asking):
            if read < _MOST_ALONE and len(bigrams(self.without_empty_words(folded[start:end]))) >= _FEWEST_TERMS:
                found.append((start, end))
                read += end - start
        return found

    def regions(self, folded: str) -> tuple[str, ...]:
        """Places of the rules that a text names, each once, in order."""
        return tuple(dict.fromkeys(self._regions.findall(folded)))

    def focus(self, folded: str) -> str:
        """Blank what a long message does not ask, keeping places: at most 300 characters of it stay."""
        if len(folded) <= _SHORT_QUESTION:
            return folded
        spans = [m.span() for m in _SENTENCE.finditer(folded) if m.group()]
        asking = [(a, b) for a, b in spans if self.asks(folded[a:b])] or spans
        kept: list[str] = []
        place, left = 0, LONGEST_QUESTION
        for start, end in asking:
            taken = min(end - start, left)
            kept += (" " * (start - place), folded[start : start + taken])
            place, left = start + taken, left - taken
            if not left:
                break
        return "".join(kept)

    def words(self, folded: str) -> list[str]:
        """Cut a folded text into words; joined they are the text."""
        return list(self._jieba.cut(folded))

    def without_empty_words(self, focused: str) -> str:
        """Blank question words, and function words where they are words of their own (not 会 in 社会), keeping places."""
        rest = self._question_words.sub(_blank, focused)
        return "".join(" " * len(word) if word in self._function_words else word for word in self._jieba.cut(rest))

    def asked(self, folded: str) -> Asked:
        """Make a folded question ready for matching."""
        focused = self.focus(folded)
        cut = self.without_empty_words(focused)
        if not len(terms := bigrams(cut)):
            cut, terms = focused, bigrams(focused)
        tagged = self._jieba.tag(cut)
        return Asked(
            text=focused,
            cut=cut,
            terms=terms,
            across=_across(tagged, terms),
            words=_content_words(tagged),
            alternatives=self._alternatives(cut),
            kind=next((kind for kind in self.rules.kinds if kind.ask.search(focused)), None),
            regions=self.regions(focused),
            personal=self.personal(folded),
        )

    def _alternatives(self, cut: str) -> dict[str, tuple[int, ...]]:
        """Words that may stand in place of a word of the question, each with the codes of that word."""
        found: dict[str, tuple[int, ...]] = {other: tuple(bigrams(said).codes.tolist()) for said, other in other_digits(cut)}
        for match in self._synonyms.finditer(cut):
            said = tuple(bigrams(match.group()).codes.tolist())
            found.update((word, said) for word in self._groups[match.group()] if word != match.group())
        return found


def _content_words(tagged: Sequence[tuple[str, str]]) -> tuple[Word, ...]:
    """The words of two and more characters among tagged ones, in order."""
    found, place = [], 0
    for word, tag in tagged:
        if len(word) >= TERM_LENGTH and not _NOT_WORD.search(word):
            found.append(Word(place, place + len(word), tag in _NAMES))
        place += len(word)
    return tuple(found)


def _across(tagged: Sequence[tuple[str, str]], terms: Terms) -> frozenset[int]:
    """Codes of terms that stand nowhere inside a word."""
    begins = set(accumulate((len(word) for word, _ in tagged), initial=0))
    inside: set[int] = set()
    border: set[int] = set()
    for start, code in zip(terms.starts.tolist(), terms.codes.tolist(), strict=True):
        (border if start + 1 in begins else inside).add(code)
    return frozenset(border - inside)
