"""The blocks of a draft: one section for each question, made of the office's phrases and quotations with their sources, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from board.models import Unit
from board.replies.findings import Found, chosen, twins
from board.wording import phrases
from board.wording.ended import Ended
from board.wording.labels import Labels
from board.wording.phrases import Words
from responder.citing import cite
from responder.composing import Source, distinct, quotation
from responder.confidence import HAND_OVER, SUGGEST
from responder.matching import NO_SUCH_DOCUMENT
from responder.messages import PERSONAL, TOO_MANY, Answered, MessageMatch
from responder.thoughts import repeats

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
    #: other offices that a section has named already
    offices: set[str] = field(default_factory=set)

    def blocks(self, match: MessageMatch) -> Iterator[str]:
        """All sections in order: those of several questions under headings, what is beyond the limit as one."""
        several = len(match.answers) > 1
        rest = [answer for answer in match.answers if answer.match.reason == TOO_MANY]
        if rest:
            answered = sum(bool(self.quotes(answer)) for answer in match.answers)
            yield phrases.counted(self.words, len(match.answers), answered)
        for answer in match.answers[: len(match.answers) - len(rest)]:
            if several:
                question = cite(self.asked, *answer.question.caption, self.words["longest_question"])
                yield phrases.heading(self.words, answer.number, question.rstrip("？?。；;！!~"))
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
        quotes = self.quotes(answer)
        if quotes:
            yield from self.quoted(quotes)
            if answer.match.decision == SUGGEST:
                yield phrases.gap(self.words, SUGGEST)
        elif reason == PERSONAL:
            yield from [self.words["personal_again"]] if self.unit_named else phrases.personal_blocks(self.words, self.unit)
            self.unit_named = True
        elif reason == NOT_OUR_DUTY:
            office = answer.match.office
            yield from phrases.not_ours(self.words, office, again=office in self.offices)
            self.offices.add(office)
        else:
            if reason == NO_SUCH_DOCUMENT:
                yield str(self.words["no_such_document"])
            yield phrases.gap(self.words, reason)

    def quotes(self, answer: Answered) -> Sequence[int]:
        """The quotations that answer a question; none when it is handed over."""
        return chosen(self.found, answer.number) if answer.match.decision != HAND_OVER else []

    def quoted(self, quotes: Sequence[int]) -> Iterator[str]:
        """Each document's basis and quotations; what stands above already is only referred to, what another document says as well is named."""
        last, said = 0, list[int]()
        told, above = set[int](), dict[int, Source]()
        for index in quotes:
            piece = self.found[index]
            if any(twins(piece, self.found[k]) for k in said):
                if piece.disclosure_id not in {*told, *(self.found[k].disclosure_id for k in said)}:
                    yield phrases.also(self.words, piece.source)
                told.add(piece.disclosure_id)
                continue
            if (standing := self.standing(index)) is not None:
                above.setdefault(self.found[standing].disclosure_id, self.found[standing].source)
                continue
            if piece.disclosure_id != last:
                yield phrases.introduction(self.words, piece.source, first=not last, rule=piece.rule)
            last = piece.disclosure_id
            said.append(index)
            self.used.append(index)
            yield quotation(piece.words, piece.source)
        if not said:
            yield from (phrases.repeated(self.words, source) for source in above.values())

    def standing(self, index: int) -> int | None:
        """The quotation of an earlier section that says the same: of the same document, or nearly word for word of another."""
        piece = self.found[index]
        for k in self.used:
            other = self.found[k]
            same = other.disclosure_id == piece.disclosure_id and len(distinct([other.words, piece.words])) <= len(distinct([other.words]))
            if other.question != piece.question and (same or repeats(piece.words, other.words)):
                return k
        return None
