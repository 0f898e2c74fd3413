"""A folded message as stretches: greeting, story, questions with what leads up to them, anger, leave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from responder.clauses import ANGER, ASK, LEAD, LEAVE, MAYBE, OPEN_LEAD, OR, PLAIN, Clause, Sentence, Span, clauses, letters, sentences
from responder.question_rules import QuestionRules

QUESTION, STORY, SALUTATION, LEFT = "question", "story", "salutation", "leave"
_ROLES = {ASK: QUESTION, MAYBE: MAYBE, OR: OR, ANGER: ANGER}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the folded text with its role: salutation, story, question, maybe (a question mark alone asks), anger, leave."""

    start: int
    end: int
    role: str

    @property
    def span(self) -> Span:
        """Both ends."""
        return self.start, self.end


def stretches(text: str, border: int, rules: QuestionRules) -> Iterator[Stretch]:
    """The stretches behind the title (which ends at ``border``); a question that only goes on with "or" is part of the one before."""
    held: Stretch | None = None
    for stretch in _one_by_one(text, border, rules):
        if stretch.role == OR and held is not None and held.role in {QUESTION, MAYBE}:
            held = replace(held, end=stretch.end)
            continue
        if held is not None:
            yield held
        held = replace(stretch, role=QUESTION) if stretch.role == OR else stretch
    if held is not None:
        yield held


def _one_by_one(text: str, border: int, rules: QuestionRules) -> Iterator[Stretch]:
    """The stretches of each sentence; items of a list that is announced as a list of questions are questions."""
    listing = False
    for place, sentence in enumerate(sentences(text[border:])):
        here = replace(sentence, start=sentence.start + border, end=sentence.end + border)
        greeted = rules.salutation.match(text[here.start : here.end]) if place == 0 else None
        if greeted is not None and greeted.end():
            yield Stretch(here.start, here.start + greeted.end(), SALUTATION)
            here = replace(here, start=here.start + greeted.end())
        cut = clauses(text, here, rules)
        item = here.numbered or text[max(0, here.start - 1)] == ";"
        yield from _grouped(text, here, cut, rules, listed=listing and item)
        listing = any(clause.role in {OPEN_LEAD, LEAD} for clause in cut) or (listing and item)


def _grouped(text: str, sentence: Sentence, cut: Sequence[Clause], rules: QuestionRules, *, listed: bool) -> Iterator[Stretch]:
    """The stretches of one sentence: each asking clause with what leads up to it, and the rest."""
    begin, leading = sentence.start, False
    for clause in cut:
        if clause.role in _ROLES:
            first = begin if leading else max(begin, _context(cut, clause, rules.longest_context))
            yield from _story(begin, first)
            if letters(text[first : clause.end]):
                yield Stretch(first, clause.end, _ROLES[clause.role])
            begin, leading = clause.end, False
        elif not leading and (clause.role == LEAD or (clause.role == OPEN_LEAD and text[clause.end - 1] == ":" and letters(text[clause.end : sentence.end]))):
            yield from _story(begin, clause.start)
            begin, leading = clause.start, True
    if letters(text[begin : sentence.end]):
        ends = {clause.role for clause in cut if clause.start >= begin}
        asked = leading or (listed and LEAVE not in ends)
        yield Stretch(begin, sentence.end, QUESTION if asked else LEFT if ends == {LEAVE} else STORY)


def _story(start: int, end: int) -> Iterator[Stretch]:
    """What lies before a question and does not belong to it."""
    if end > start:
        yield Stretch(start, end, STORY)


def _context(cut: Sequence[Clause], asking: Clause, longest: int) -> int:
    """Where the plain clauses begin that lead up to an asking one, at most ``longest`` characters before it."""
    start = asking.start
    for clause in reversed([clause for clause in cut if clause.end <= asking.start]):
        if clause.role not in {PLAIN, OPEN_LEAD} or asking.start - clause.start > longest:
            break
        start = clause.start
    return start
