"""What a message asks: each question with its place, its type, the words that it takes over from before, and what it names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from responder.captions import caption
from responder.clauses import MAYBE, Span, letters
from responder.question_rules import QuestionRules
from responder.stretches import QUESTION, STORY, Stretch, stretches
from responder.subjects import Named, Subjects
from responder.terms import Cutter
from responder.text import Folded, fold

LONGEST_MESSAGE = 10_000
REQUEST, COMPLAINT = "request", "complaint"
_EDGES = " \t\n,;:、。!?~"
_STRETCHES_EACH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """One question: text[start:end] of the original; ``type`` as in config/questions.toml, or request / complaint when nothing
    is asked. ``subject`` are the words taken over from before ("" when it says enough itself); ``asked`` is what is
    matched: these words and the question, with their places in the original.
    """

    start: int
    end: int
    type: str
    asked: Folded
    subject: str = ""
    named: Named = field(default_factory=Named)
    personal: bool = False
    #: what of it may stand in a heading, as a span of the original; empty when nothing may
    caption: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the original with its role: heading, salutation, story, question, maybe, anger, leave."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message read: its parts and questions in order. ``asks`` False: the only "question" stands for a complaint or a
    request. Times are as said ("去年"), never a date of today.
    """

    parts: tuple[Part, ...]
    questions: tuple[Question, ...]
    asks: bool


class Splitter:
    """Splits messages by the rules that it is given; pure, for any thread."""

    def __init__(self, rules: QuestionRules, cutter: Cutter) -> None:
        self.rules = rules
        self._subjects = Subjects(rules, cutter)

    def read(self, text: str, heading: int = 0) -> Message:
        """Read a message whose first ``heading`` characters are its title: 10,000 characters and most_read questions of it.

        Only the first most_matched questions take words over and say what they name: the others are for a person.
        """
        folded = fold(text[:LONGEST_MESSAGE]).part(0, LONGEST_MESSAGE)
        border = next((place for place, offset in enumerate(folded.offsets) if offset >= heading), len(folded.text)) if heading else 0
        found = list(islice(stretches(folded.text, border, self.rules), _STRETCHES_EACH * self.rules.most_read))
        parts = tuple(Part(*folded.span(*stretch.span), stretch.role) for stretch in found)
        if border:
            parts = (Part(0, heading, "heading"), *parts)
        asking = next(filter(None, ([stretch for stretch in found if stretch.role == role] for role in (QUESTION, MAYBE))), []) or self._titled(
            folded.text, border
        )
        if asking:
            return Message(parts, self._questions(folded, asking, found, border), asks=True)
        return Message(parts, self._wish(folded, found, border), asks=False)

    def _titled(self, text: str, border: int) -> list[Stretch]:
        """The title as the question of a message that asks nothing else."""
        return [stretch for stretch in stretches(text[:border], 0, self.rules) if stretch.role == QUESTION][:1]

    def _questions(self, folded: Folded, asking: Sequence[Stretch], found: Sequence[Stretch], border: int) -> tuple[Question, ...]:
        """The questions in order, without repetitions, the first of them in full."""
        taken: dict[Span, list[Span]] = {}
        questions: list[Question] = []
        for stretch in self._distinct(folded.text, asking[: self.rules.most_read]):
            if len(questions) < self.rules.most_matched:
                taken[stretch.span] = self._subjects.carried(folded.text, stretch.span, found, border, taken)
                questions.append(self._question(folded, stretch, taken[stretch.span]))
            else:
                span = self._bare(folded.text, stretch)
                questions.append(Question(*folded.span(*span), self._type(folded.text[slice(*span)]), folded.part(*span)))
        return tuple(questions)

    def _distinct(self, text: str, asking: Sequence[Stretch]) -> list[Stretch]:
        """Questions without those that only repeat an earlier one of the same type with fewer words."""
        kept: list[Stretch] = []
        said: dict[str, list[frozenset[str]]] = {}
        for stretch in asking:
            earlier = said.setdefault(self._type(text[stretch.start : stretch.end]), [])
            words = frozenset(text[a:b] for a, b in self._subjects.content(text, *stretch.span))
            if not words or not any(words <= others for others in earlier):
                kept.append(stretch)
                earlier.append(words)
        return kept

    def _bare(self, text: str, stretch: Stretch) -> Span:
        """A question without what only leads up to it ("另外，请问")."""
        start, end = _trimmed(text, *stretch.span)
        opening = self.rules.openings.match(text[start:end])
        first = start + opening.end() if opening else start
        return (first, end) if letters(text[first:end]) else (start, end)

    def _type(self, question: str) -> str:
        """The first type that fits."""
        return next((kind.name for kind in self.rules.types if kind.ask.search(question)), "other")

    def _question(self, folded: Folded, stretch: Stretch, carried: list[Span]) -> Question:
        """One question with all that is said about it."""
        text = folded.text
        span = self._bare(text, stretch)
        said = text[slice(*span)]
        around = [other for other in {*carried, *self._subjects.far_region(text, span)} if other[1] <= span[0] or other[0] >= span[1]]
        return Question(
            *folded.span(*span), self._type(said), joined(folded, sorted([*around, span])), "".join(text[slice(*other)] for other in carried),
            self._subjects.named(said), self._subjects.personal(text, span), folded.span(*caption(text, span, self.rules)),
        )  # fmt: skip

    def _wish(self, folded: Folded, found: Sequence[Stretch], border: int) -> tuple[Question, ...]:
        """What stands for a message that asks nothing: its first request, or all of it; () for an empty one."""
        text = folded.text
        wanted = next((stretch.span for stretch in found if stretch.role == STORY and self.rules.requests.search(text, *stretch.span)), None)
        span = _trimmed(text, *(wanted or (border, len(text))))
        if not letters(text[slice(*span)]):
            return ()
        personal = self._subjects.personal(text, (0, len(text)))
        return (Question(*folded.span(*span), REQUEST if wanted else COMPLAINT, folded, named=self._subjects.named(text[slice(*span)]), personal=personal),)


def joined(folded: Folded, spans: Sequence[Span]) -> Folded:
    """Parts of a folded text with a blank between them; every character keeps its place in the original."""
    text, offsets, ends = "", list[int](), list[int]()
    for piece in (folded.part(*span) for span in spans if span[0] < span[1]):
        if text:
            text, offsets, ends = f"{text} ", [*offsets, ends[-1]], [*ends, ends[-1]]
        text, offsets, ends = text + piece.text, [*offsets, *piece.offsets], [*ends, *piece.ends]
    return Folded(text, tuple(offsets), tuple(ends))


def _trimmed(text: str, start: int, end: int) -> Span:
    """A span without white space and commas at its ends; a question mark stays."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES and text[end - 1] != "?":
        end -= 1
    return start, end
