"""The blocks of a draft: one section for each question, made of the office's phrases and quotations with their sources, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from board.models import Unit
from board.replies.findings import Found, chosen
from board.wording import phrases
from board.wording.ended import Ended
from board.wording.labels import Labels
from board.wording.phrases import Words
from responder.citing import cite
from responder.composing import Source, distinct, quotation
from responder.confidence import HAND_OVER
from responder.matching import NO_SUCH_DOCUMENT
from responder.messages import PERSONAL, TOO_MANY, Answered, MessageMatch

NOT_OUR_DUTY = "not_our_duty"


@dataclass(slots=True)
class Sections:
    """Writes the sections of one reply; ``used`` are the quotations (indices into ``found``) that stand in it so far."""

    words: Words
    unit: Unit
    asked: str
    found: Sequence[Found]
    labels: Labels
    #: documents out of force that each question (by its number) asks for
    ended: Mapping[int, Sequence[Ended]]
    used: list[int] = field(default_factory=list)
    #: whether a section has named the unit and its telephone already
    unit_named: bool = False

    def blocks(self, match: MessageMatch) -> Iterator[str]:
        """All sections in order: those of several questions under headings, what is beyond the limit as one."""
        several = len(match.answers) > 1
        rest = [answer for answer in match.answers if answer.match.reason == TOO_MANY]
        for answer in match.answers[: len(match.answers) - len(rest)]:
            if several:
                question = cite(self.asked, answer.question.start, answer.question.end, self.words["longest_question"])
                yield phrases.heading(self.words, answer.number, question.rstrip("？?。；;"))
            yield from self.answered(answer)
        if rest:
            yield phrases.heading_of_rest(self.words, rest[0].number, len(rest))
        if rest or not match.answers:
            yield phrases.gap(self.words, TOO_MANY if rest else match.reason)

    def answered(self, answer: Answered) -> Iterator[str]:
        """The blocks of one question: quotations, or the phrase for its reason and a place for a person to fill."""
        reason = answer.match.reason
        for ended in self.ended.get(answer.number, ()):
            after = Source(ended.successor_title, ended.successor_number) if ended.successor_id is not None else None
            yield from phrases.no_longer_valid(self.words, Source(ended.title, ended.document_number), self.labels("ended", ended.state), after)
        quotes = chosen(self.found, answer.number) if answer.match.decision != HAND_OVER else []
        if quotes:
            yield from self.quoted(quotes)
        elif reason == PERSONAL:
            self.unit_named = True
            yield from phrases.personal_blocks(self.words, self.unit)
        elif reason == NOT_OUR_DUTY:
            yield from phrases.not_ours(self.words, answer.match.office)
        else:
            if reason == NO_SUCH_DOCUMENT:
                yield str(self.words["no_such_document"])
            yield phrases.gap(self.words, reason)

    def quoted(self, quotes: Sequence[int]) -> Iterator[str]:
        """Each document's basis and quotations; what stands above already is only referred to."""
        last = 0
        referred: set[int] = set()
        for index in quotes:
            piece = self.found[index]
            if self.stands(index):
                if piece.disclosure_id not in referred:
                    yield phrases.repeated(self.words, piece.source)
                referred.add(piece.disclosure_id)
                continue
            if piece.disclosure_id != last:
                yield phrases.introduction(self.words, piece.source, first=not last)
            last = piece.disclosure_id
            self.used.append(index)
            yield quotation(piece.quote, piece.source)

    def stands(self, index: int) -> bool:
        """Whether an earlier section quotes the same words of the same document."""
        piece = self.found[index]
        before = [self.found[k].quote for k in self.used if self.found[k].disclosure_id == piece.disclosure_id and self.found[k].question != piece.question]
        return len(distinct([*before, piece.quote])) <= len(distinct(before))
