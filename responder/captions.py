"""What of a question may stand in the heading of its section: a clean end of it, or nothing at all."""

import re

from responder.clauses import Span, letters
from responder.question_rules import QuestionRules

#: Characters of a caption at most, and how many must be letters or digits.
LONGEST_CAPTION, _FEWEST = 36, 4
_BORDER = re.compile(r"[,:;。!?\n]\s*|\s{2,}|(?<=[^\x00-\x7f])\s(?=[^\x00-\x7f])")
_PAIRS = (("(", ")"), ("“", "”"), ("《", "》"), ("‘", "’"), ("[", "]"), ("「", "」"))


def caption(text: str, span: Span, rules: QuestionRules, *, told: bool = False) -> Span:
    """The longest end of a folded question that reads as one: from a clause's begin, asking, of fit words, no bracket left open; an
    empty span when there is none. ``told``: it is no question but what somebody tells of a trouble.
    """
    start, end = span
    begins = [start, *(border.end() for border in _BORDER.finditer(text, max(start, end - 2 * LONGEST_CAPTION), end) if border.end() < end)]
    for begin in begins:
        opening = rules.fragments.match(text[begin : min(end, begin + LONGEST_CAPTION)])
        first = begin + opening.end() if opening else begin
        said = text[first:end]
        if len(said) > LONGEST_CAPTION or letters(said) < _FEWEST or not fit(said, rules, told=told):
            continue
        if rules.asks.search(rules.not_asking.sub(" ", said)) or begin == start:
            return first, end
    return start, start


def fit(said: str, rules: QuestionRules, *, told: bool = False) -> bool:
    """Whether words may stand over an official answer: no abuse, no anger, whole brackets, nothing broken off."""
    if rules.unfit.search(said) or (not told and rules.anger.search(said)) or not (said[:1].isalnum() or said[:1] in "《“"):
        return False
    return all(said.count(left) == said.count(right) for left, right in _PAIRS)
