"""A question understood with those that were asked before it: place and subject are kept ("那需要什么材料", "在石鼓区呢"); what a bare word may mean."""

import re
from collections.abc import Sequence

from responder.follow_rules import FollowRules
from responder.question_rules import QuestionRules
from responder.stretches import QUESTION, Stretch
from responder.subjects import Subjects
from responder.terms import Cutter
from responder.text import fold

_LONGEST = 500
_SAYS_ENOUGH = 4


class Follower:
    """Reads questions by the rules that it is given; pure, for any thread."""

    def __init__(self, rules: FollowRules, questions: QuestionRules, cutter: Cutter) -> None:
        self._rules, self._questions, self._cutter = rules, questions, cutter
        self._subjects = Subjects(questions, cutter)

    def understood(self, question: str, earlier: Sequence[str]) -> str:
        """The question as it stands alone: itself when it says enough, else (folded) with what it takes from the newest of
        ``earlier`` (oldest first), each of which is read with those before it.
        """
        before = ""
        for asked in [*earlier[-self._rules.most_earlier :], question]:
            before = self._after(asked[:_LONGEST], before)
        return before

    def _after(self, question: str, before: str) -> str:
        """One question after one that stands alone ("" : none)."""
        said = fold(question).text
        if not before or not said.strip():
            return question
        earlier = fold(before).text
        if not any(sign.isalnum() for sign in self._questions.closing.sub("", said)):
            return question
        if what := self._named_only(said):
            return self._instead(what, earlier)[:_LONGEST]
        if self.meanings(question):
            return question
        carried = self._carried(said, earlier)
        return f"{carried} {self._rules.leads_on.sub('', said)}"[:_LONGEST] if carried else question

    def _named_only(self, said: str) -> str:
        """What a question names when it asks nothing else ("在石鼓区呢"); "" for any other."""
        found = self._rules.instead.search(said)
        what = next((part for part in found.groups() if part), "") if found else ""
        return "" if self._rules.by_itself.search(what) else what

    def _instead(self, what: str, earlier: str) -> str:
        """The earlier question about another place or another subject; about both where it is not known what gives way."""
        if self.places(what):
            if not (old := self.places(earlier)):
                return f"{what} {earlier}"
            return re.sub(f"(?:{'|'.join(map(re.escape, sorted(old, key=len, reverse=True)))})+", lambda _: what, earlier, count=1)
        known = self._subjects.known(earlier)
        if not known or not self._subjects.known(what):
            return f"{what} {earlier}"
        start, end = max(known, key=lambda span: span[1] - span[0])
        return earlier[:start] + what + earlier[end:]

    def places(self, said: str) -> list[str]:
        """The places that a folded text names, each once."""
        return list(self._subjects.named(said).regions)

    def _carried(self, said: str, earlier: str) -> str:
        """What a question takes over from the one before; "" when it says enough itself."""
        text = f"{earlier}\n{said}"
        asking = (len(earlier) + 1, len(text))
        before = [Stretch(0, len(earlier), QUESTION)]
        spans = self._subjects.carried(text, asking, before, 0, {})
        words = [text[slice(*span)] for span in spans]
        missing = [place for place in self.places(earlier) if not any(place in word for word in words)] if words and not self.places(said) else []
        return " ".join(dict.fromkeys(word for word in [*missing, *words] if word not in said))

    def meanings(self, question: str) -> list[tuple[str, str]]:
        """Each meaning of the one bare word of a question with the question that means it; [] when it says what it is about."""
        said = fold(question[:_LONGEST]).text
        row = next((row for row in self._rules.meanings if self._alone(said, row.said)), None)
        if row is None or any(meaning in said for meaning in row.means):
            return []
        rest = said.replace(row.said, " ")
        if sum(end - start for start, end in self._subjects.content(rest, 0, len(rest))) >= _SAYS_ENOUGH or self._subjects.known(rest):
            return []
        return [(meaning, said.replace(row.said, meaning, 1)) for meaning in row.means[: self._rules.most_meanings]]

    def _alone(self, said: str, word: str) -> bool:
        """Whether a word stands by itself, not inside a longer one (社保 in 社保卡)."""
        return word in self._cutter.words(said) and not any(span[1] - span[0] > len(word) and word in said[slice(*span)] for span in self._subjects.known(said))
