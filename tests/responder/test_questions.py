"""What a message asks: measured on messages written for the tests, and bounded for any input."""

import itertools
import tomllib
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from responder.questions import LONGEST_MESSAGE, Message, Question, Splitter
from responder.terms import Cutter
from responder.text import fold
from tests.responder.office_documents import ROOT, settings

LABELLED: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "data" / "messages.toml").read_text(encoding="utf-8"))["messages"]


@cache
def splitter() -> Splitter:
    """With the tables that the product ships with."""
    return Splitter(settings().questions, Cutter(settings().rules))


def read(title: str, text: str) -> tuple[str, Message]:
    """The whole text of a message, and what was read in it."""
    heading = f"{title}\n" if title else ""
    return heading + text, splitter().read(heading + text, len(heading))


def labelled(row: dict[str, Any]) -> tuple[str, list[tuple[str, str]], list[Question]]:
    """A labelled message: its text, the wanted (words, type), and the questions found (none when nothing is asked)."""
    whole, message = read(row.get("title", ""), row["text"])
    return whole, [(words, kind) for words, kind in row["questions"]], list(message.questions) if message.asks else []


def counted() -> tuple[int, int, int, int]:
    """Over all labelled messages: wanted, found, right (a question with exactly one label's words), right with its type."""
    wanted = found = right = typed = 0
    for row in LABELLED:
        whole, labels, questions = labelled(row)
        wanted, found = wanted + len(labels), found + len(questions)
        for question in questions:
            inside = [kind for words, kind in labels if words in whole[question.start : question.end]]
            right += len(inside) == 1
            typed += inside == [question.type]
    return wanted, found, right, typed


def test_the_split_finds_what_is_asked_and_nothing_else() -> None:
    wanted, found, right, typed = counted()
    assert len(LABELLED) >= 40
    assert wanted >= 75
    assert right / wanted >= 0.95
    assert right / found >= 0.95
    assert typed / right >= 0.93


def test_the_words_that_a_question_takes_over_stand_before_it() -> None:
    taken = 0
    for row in LABELLED:
        whole, _, questions = labelled(row)
        for words, subject in row.get("subjects", ()):
            question = next(question for question in questions if words in whole[question.start : question.end])
            assert subject in question.subject, (words, question.subject)
            assert subject in question.asked.text
            taken += 1
    assert taken >= 6


def test_every_place_points_into_the_original() -> None:
    for row in LABELLED:
        whole, message = read(row.get("title", ""), row["text"])
        for question in message.questions:
            assert 0 <= question.start < question.end <= len(whole)
            assert_places(question, whole)
        spans = [(part.start, part.end) for part in message.parts]
        assert spans == sorted(spans)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def assert_places(question: Question, whole: str) -> None:
    """What is matched keeps its places in the original, in order."""
    asked = question.asked
    assert len(asked.text) == len(asked.offsets) == len(asked.ends)
    assert list(asked.offsets) == sorted(asked.offsets)
    assert all(0 <= start <= end <= len(whole) for start, end in zip(asked.offsets, asked.ends, strict=True))
    assert fold(whole[question.start : question.end]).text in asked.text


def test_what_is_named_is_told_as_it_is_said() -> None:
    whole, message = read("", "去年在浙江交的失业保险，今年3月回来了。请问2024年之前的缴费年限能不能在青禾县人社局合并？")
    (question,) = message.questions
    assert question.type == "allowed"
    assert question.named.times == ("2024年",)
    assert any("人社局" in unit for unit in question.named.units)
    assert "浙江" in question.asked.text
    assert whole[question.start : question.end].startswith("2024年")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("城西夜市太吵，天天闹到两点，没法睡觉。", "complaint"), ("请尽快修好老桥的护栏。", "request"), ("公司欠薪半年，谁来管？良心何在！", "complaint")],
)
def test_a_message_that_asks_nothing_stands_for_itself(text: str, kind: str) -> None:
    _, message = read("", text)
    assert not message.asks
    assert [question.type for question in message.questions] == [kind]


def test_a_personal_case_is_known_among_others() -> None:
    _, message = read("", "补办社保卡要多少钱？还有我父亲的养老金为什么停发了？")
    assert [question.personal for question in message.questions] == [False, True]


def test_a_question_that_is_only_repeated_counts_once() -> None:
    _, message = read("", "请问补办社保卡要多少钱？补办社保卡到底要多少钱？补办社保卡要多久？")
    assert [question.type for question in message.questions] == ["amount", "duration"]


HOSTILE = [
    "",
    " ",
    "?" * 10_000,
    "请问怎么办," * 2_000,
    "1、" * 5_000,
    "是否" * 5_000,
    "\n" * 10_000,
    "①" * 10_000,
    "ﷺ" * 10_000,
    "a\u0301" * 5_000,
    "还是?" * 3_000,
]
HOSTILE.append("".join(f"请问{number}号窗口在哪里？" for number in range(1_500)))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_message_is_bounded(text: str) -> None:
    _, message = read("", text)
    rules = settings().questions
    assert len(message.questions) <= rules.most_read
    assert len(message.parts) <= 10 * rules.most_read + 1
    assert all(question.end <= LONGEST_MESSAGE for question in message.questions)
    assert sum(bool(question.subject) for question in message.questions) <= rules.most_matched


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.text(alphabet="请问社保卡怎么补办要多少钱吗还是？?。，,\n 1、①（一）ａ為\u200b谢谢难道", max_size=200), st.text(alphabet="咨询补卡？\n", max_size=20))
def test_whatever_comes_every_question_has_its_place(text: str, title: str) -> None:
    whole, message = read(title, text)
    for question in message.questions:
        assert 0 <= question.start < question.end <= len(whole)
        if message.asks:
            assert_places(question, whole)
