"""A folded message cut into sentences and clauses, each with its role: asking, leading up to a question, angry, taking leave, plain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from responder.question_rules import QuestionRules

Span = tuple[int, int]

ASK, MAYBE, LEAD, OPEN_LEAD, OR, ANGER, LEAVE, PLAIN = "ask", "maybe", "lead", "open_lead", "or", "anger", "leave", "plain"
_MARKER = (
    r"(?:^[^\S\n]*|(?<=[\s。!?;:,.]))"
    r"(?:\(?(?:[一二三四五六七八九十]{1,2}|\d{1,2})\)[、.,:]?|[一二三四五六七八九十]{1,2}[、.:]|\d{1,2}[、.](?!\d)|\d{1,2}[,:](?=[^\d\s])"
    r"|第[一二三四五六七八九十][,、:]|(?<=[。;:\n])[一二三四五六七八九]是)[^\S\n]*"
)
_BORDER = re.compile(rf"(?P<marker>{_MARKER})|(?P<end>[。!?;\n~]+|\.{{2,}}|(?<![a-z0-9])\.(?![a-z0-9])|_x000d_|[^\S\n]{{2,}})", re.MULTILINE)
_CLAUSE = re.compile(r"[,、:]|(?<=[^\x00-\x7f])[^\S\n](?=[^\x00-\x7f])|(?=另外|还有就是|以及|同时|顺便)")
_FEW = 2
_ALTERNATIVE = re.compile(r"\s*(?:还是|或者|要么)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a folded text without its list marker; asked: it ends with a question mark."""

    start: int
    end: int
    numbered: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence and its role."""

    start: int
    end: int
    role: str

    @property
    def span(self) -> Span:
        """Both ends."""
        return self.start, self.end


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a folded text in order; nothing but white space and list markers lies between them."""
    start, numbered = 0, False
    for border in _BORDER.finditer(text):
        is_marker = border.lastgroup == "marker"
        end = border.start() if is_marker else border.end()
        if text[start:end].strip():
            yield Sentence(start, end, numbered, "?" in border.group())
            numbered = False
        numbered = is_marker or (numbered and not text[start:end].strip())
        start = border.end()
    if text[start:].strip():
        yield Sentence(start, len(text), numbered, asked=False)


def clauses(text: str, sentence: Sentence, rules: QuestionRules) -> list[Clause]:
    """The clauses of a sentence with their roles; where only a question mark asks, the last clause may be a question."""
    cuts = [sentence.start]
    for comma in _CLAUSE.finditer(text, sentence.start, sentence.end):
        if comma.end() > cuts[-1]:
            cuts.append(comma.end())
    spans = [(a, b) for a, b in zip(cuts, [*cuts[1:], sentence.end], strict=True) if text[a:b].strip()]
    found = [Clause(a, b, role(text[a:b], rules)) for a, b in spans]
    if sentence.asked and found and not any(clause.role in {ASK, OR, ANGER} for clause in found):
        last = next((k for k in reversed(range(len(found))) if found[k].role in {PLAIN, LEAD} and letters(text[slice(*found[k].span)])), None)
        if last is not None:
            found[last] = Clause(found[last].start, found[last].end, OR if _ALTERNATIVE.match(text, found[last].start) else MAYBE)
    return _with_tails(text, sentence, found)


def _with_tails(text: str, sentence: Sentence, cut: list[Clause]) -> list[Clause]:
    """Asking clauses with the plain ones behind them that belong to them: behind a 、, or at the end of a sentence with a question mark."""
    found: list[Clause] = []
    for place, clause in enumerate(cut):
        before = found[-1] if found else None
        if before and before.role in {ASK, OR} and clause.role == PLAIN:
            listed = text[before.end - 1] == "、"
            last = sentence.asked and all(other.role == PLAIN for other in cut[place:])
            if listed or last:
                found[-1] = Clause(before.start, clause.end, before.role)
                continue
        found.append(clause)
    return found


def role(clause: str, rules: QuestionRules) -> str:
    """What a clause does, by the rules alone."""
    rest = rules.closing.sub(blank, rules.not_asking.sub(blank, clause))
    asking = bool(rules.asks.search(rest)) and not rules.pleas.search(rest)
    if (asking or "?" in rest or "!" in rest) and rules.anger.search(clause):
        return ANGER
    if asking:
        return OR if _ALTERNATIVE.match(clause) else ASK
    if rules.leads.search(rest):
        return LEAD if letters(rules.leads.sub(blank, rest)) > _FEW else OPEN_LEAD
    return LEAVE if rules.closing.search(clause) else PLAIN


def letters(text: str) -> int:
    """How many characters of a text are letters or digits."""
    return sum(character.isalnum() for character in text)


def blank(match: re.Match[str]) -> str:
    """As many spaces as the match is long."""
    return " " * len(match.group())
