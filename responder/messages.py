"""A message answered: each of its questions matched with what it takes from before, and one decision about all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from responder.captions import caption
from responder.clauses import ANGER
from responder.confidence import DRAFT, HAND_OVER, SUGGEST
from responder.matching import Match, Matcher
from responder.questions import COMPLAINT, LONGEST_MESSAGE, Message, Question, Splitter
from responder.stretches import STORY
from responder.text import fold
from responder.tuning import MatcherSettings

_TOLD, _MOST_TOLD, _MOST_BESIDE = (STORY, ANGER), 50, 2
PARTLY, TOO_MANY, PERSONAL, NOT_OURS = "partly", "too_many", "personal_case", "not_our_duty"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of a message, its number (from 1) and what was found for it."""

    number: int
    question: Question
    match: Match


@dataclass(frozen=True, slots=True)
class MessageMatch:
    """What was found for a message. decision is draft only when every question is answered surely, hand_over when none
    is answered; reason is that of the only question, "partly" when only some are answered, the common reason when none is.
    confidence is that of the least sure question: that everything is answered.
    """

    answers: tuple[Answered, ...]
    decision: str
    reason: str
    confidence: float

    @property
    def abstained(self) -> bool:
        """Whether a person has to answer all of it without a proposal."""
        return self.decision == HAND_OVER


class MessageMatcher:
    """Matches messages by a matcher; may be called from any thread."""

    def __init__(self, matcher: Matcher, settings: MatcherSettings) -> None:
        self._matcher = matcher
        self._splitter = Splitter(settings.questions, matcher.cutter)
        self._most, self._duties = settings.questions.most_matched, settings.duties

    def match(self, text: str, heading: int = 0, limit: int = 10) -> MessageMatch:
        """Match a message whose first ``heading`` characters are its title. One question alone is matched with the whole
        message, of several each by itself, and of more than most_matched the others are only named.
        """
        message = self._splitter.read(text[:LONGEST_MESSAGE], heading)
        questions = message.questions
        beside = self._beside(text, message) if message.asks else []
        if len(questions) + len(beside) <= 1:
            match = self._matcher.match(text, limit)
            question = questions[0] if questions else None
            return _alone(question, match)
        found = [(question, self._matched(number, question, text, limit)) for number, question in enumerate(questions, 1)]
        known = {match.office for _, match in found}
        first, rest = found[: self._most], found[self._most :]
        first = sorted([*first, *(pair for pair in beside if pair[1].office not in known)], key=lambda pair: pair[0].start)
        answers = tuple(Answered(number, *pair) for number, pair in enumerate([*first, *rest], 1))
        return MessageMatch(answers, *judged([answer.match for answer in answers]))

    def _beside(self, text: str, message: Message) -> list[tuple[Question, Match]]:
        """What a message that asks something tells beside its questions and belongs to other offices: one matter for each, at most two."""
        found: dict[str, tuple[Question, Match]] = {}
        for part in [part for part in message.parts if part.role in _TOLD][:_MOST_TOLD]:
            if len(found) == _MOST_BESIDE:
                break
            said = fold(text[part.start : part.end])
            office = self._duties.office_for(said.text, []) if self._splitter.rules.troubles.search(said.text) else ""
            if office and office not in found and (match := self._matcher.match_part(said, 1)).office == office:
                begin, end = said.span(*caption(said.text, (0, len(said.text)), self._splitter.rules, told=True))
                shown = (part.start + begin, part.start + end) if begin < end else (0, 0)
                found[office] = Question(part.start, part.end, COMPLAINT, said, caption=shown), match
        return list(found.values())

    def _matched(self, number: int, question: Question, text: str, limit: int) -> Match:
        """What is found for one of several questions. What is another office's by its own words stays so: the subject that
        it seems to take from before would only lead astray.
        """
        if number > self._most:
            return Match((), 0.0, HAND_OVER, TOO_MANY)
        own_words = fold(text[question.start : question.end])
        if question.subject and self._duties.office_for(own_words.text, []):
            alone = self._matcher.match_part(own_words, limit)
            if alone.reason == NOT_OURS:
                return alone
        match = self._matcher.match_part(question.asked, limit)
        if question.personal and not match.office:
            return Match(match.candidates, match.confidence, HAND_OVER, PERSONAL, match.ended)
        return match


def _alone(question: Question | None, match: Match) -> MessageMatch:
    """A message with one question, or with nothing to be read."""
    answers = (Answered(1, question, match),) if question is not None else ()
    return MessageMatch(answers, match.decision, match.reason, match.confidence)


def judged(matches: Sequence[Match]) -> tuple[str, str, float]:
    """Decision, reason and confidence over several questions."""
    confidence = min(match.confidence for match in matches)
    open_ones = [match for match in matches if match.abstained]
    if len(open_ones) == len(matches):
        reasons = {match.reason for match in matches if match.reason != TOO_MANY}
        return HAND_OVER, reasons.pop() if len(reasons) == 1 else "low_confidence", confidence
    if open_ones:
        return SUGGEST, PARTLY, confidence
    return (DRAFT if all(match.decision == DRAFT for match in matches) else SUGGEST), "", confidence
