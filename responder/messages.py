"""A message answered: each of its questions matched with what it takes from before, and one decision about all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from responder.confidence import DRAFT, HAND_OVER, SUGGEST
from responder.matching import Match, Matcher
from responder.questions import LONGEST_MESSAGE, Question, Splitter
from responder.text import fold
from responder.tuning import MatcherSettings

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
        questions = self._splitter.read(text[:LONGEST_MESSAGE], heading).questions
        if len(questions) <= 1:
            match = self._matcher.match(text, limit)
            question = questions[0] if questions else None
            return _alone(question, match)
        answers = tuple(Answered(number, question, self._matched(number, question, text, limit)) for number, question in enumerate(questions, 1))
        return MessageMatch(answers, *judged([answer.match for answer in answers]))

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
