"""Questions understood with those before them, and the meanings of a bare word, by the shipped tables."""

from pathlib import Path

import pytest

from responder.asking_on import Follower
from responder.terms import Cutter
from responder.tuning import load_settings

SETTINGS = load_settings(Path(__file__).resolve().parents[2] / "config")
FOLLOWER = Follower(SETTINGS.following, SETTINGS.questions, Cutter(SETTINGS.rules))


@pytest.mark.parametrize(
    ("earlier", "question", "kept", "gone"),
    [
        (["失业保险金怎么申领？"], "那需要什么材料？", ["失业保险金", "需要什么材料"], ["那"]),
        (["社保卡丢了怎么补办？"], "在石鼓区呢", ["石鼓区", "社保卡", "怎么补办"], ["呢"]),
        (["石鼓区社保卡在哪里补办？"], "雁峰区呢？", ["雁峰区", "社保卡", "补办"], ["石鼓区"]),
        (["石鼓区社保卡在哪里补办？", "那需要什么材料？"], "多久能拿到", ["石鼓区", "社保卡", "补办", "多久能拿到"], ["材料"]),
        (["失业保险金怎么申领？"], "养老金呢", ["养老金", "怎么申领"], ["失业"]),
        (["灵活就业人员怎么参加养老保险？"], "那农民工呢？", ["农民工", "养老保险"], []),
    ],
)
def test_place_and_subject_are_kept(earlier: list[str], question: str, kept: list[str], gone: list[str]) -> None:
    found = FOLLOWER.understood(question, earlier)
    assert all(word in found for word in kept), found
    assert not any(word in found for word in gone), found


@pytest.mark.parametrize(
    ("earlier", "question"),
    [
        (["失业保险金怎么申领？"], "职称评审需要几篇论文？"), (["失业保险金怎么申领？"], "谢谢"), ([], "那需要什么材料？"), (["失业保险金怎么申领？"], ""),
        (["失业保险金怎么申领？"], "社保怎么办"), ([""], "那需要什么材料？"), (["失业保险金怎么申领？"], "？？？"),
    ],
)  # fmt: skip
def test_what_says_enough_or_nothing_stays_as_it_is(earlier: list[str], question: str) -> None:
    assert FOLLOWER.understood(question, earlier) == question


def test_earlier_questions_and_lengths_are_bounded() -> None:
    first = ["石鼓区社保卡在哪里补办？", *["多久能拿到"] * 40]
    assert "石鼓区" not in FOLLOWER.understood("多少钱", first), "only the newest few are looked at"
    assert len(FOLLOWER.understood("在石鼓区呢", ["社保卡" * 5000])) <= 500
    assert "\\1" in FOLLOWER.understood("\\1区呢", ["石鼓区社保卡在哪里补办？"])


def test_a_bare_word_is_offered_with_its_meanings_and_a_plain_question_is_not() -> None:
    offered = FOLLOWER.meanings("社保怎么转移")
    assert ("养老保险", "养老保险怎么转移") in offered
    assert 2 <= len(offered) <= SETTINGS.following.most_meanings
    for plain in ("社保卡怎么办", "失业保险怎么领", "农村危房改造补贴怎么申请", "职业培训补贴多少钱", ""):
        assert FOLLOWER.meanings(plain) == [], plain
