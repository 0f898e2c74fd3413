import pytest

from responder.duplicates import CANDIDATES_MOST, LONGEST_TEXT, TRACES, alike, content_words, shared_words, traces

EMPTY = frozenset({"您好", "请问", "谢谢", "希望", "尽快", "解决", "的", "我们", "领导", "小区", "一下"})
NOISE = "云溪小区北门工地每天夜里施工到凌晨两点，打桩声音很大，老人孩子无法休息"


def test_the_same_words_have_the_same_traces_in_every_script() -> None:
    assert traces("夜間施工擾民") == traces("夜间施工扰民")
    assert len(traces(NOISE)) == TRACES
    assert all(0 <= trace < 2**63 for trace in traces(NOISE))
    assert traces("") == ()
    assert len(traces("啊" * 100_000)) == 1


def test_nearly_the_same_shares_traces_and_is_alike() -> None:
    other = f"领导您好，{NOISE}，希望尽快解决"
    assert len(set(traces(NOISE)) & set(traces(other))) >= 6
    found = alike(NOISE, [other, "社保卡补办要带什么证件"], EMPTY, 0.55)
    assert [one.place for one in found] == [0]
    assert found[0].score > 0.8


def test_another_order_of_sentences_is_the_same_matter() -> None:
    turned = "老人孩子无法休息，打桩声音很大，云溪小区北门工地每天夜里施工到凌晨两点"
    assert alike(NOISE, [turned], EMPTY, 0.0)[0].score > 0.95


def test_words_that_every_message_says_make_nothing_alike() -> None:
    greeting = "领导您好，请问一下，希望我们的小区尽快解决，谢谢"
    assert content_words(greeting, EMPTY) == []
    assert alike(greeting, [greeting], EMPTY, 0.0) == []
    assert alike(f"{greeting}养老金", [f"{greeting}停车费"], EMPTY, 0.55) == []


def test_candidates_and_texts_are_bounded() -> None:
    assert max(one.place for one in alike(NOISE, [NOISE] * 200, EMPTY, 0.5)) == CANDIDATES_MOST - 1
    far = "无" * LONGEST_TEXT + "打桩"
    assert "打桩" not in content_words(far, frozenset())


def test_common_words_are_marked_in_the_originals() -> None:
    left, right = "夜間施工太吵", "　夜间施工何时停"
    marks = shared_words(left, right, frozenset())
    assert [left[a:b] for a, b in marks[0]] == ["夜間", "施工"]
    assert [right[a:b] for a, b in marks[1]] == ["夜间", "施工"]


@pytest.mark.parametrize("text", ["", "。！？", "\ud800", "a" * 50_000])
def test_odd_texts_do_no_harm(text: str) -> None:
    assert isinstance(alike(text, [text, NOISE], EMPTY, 0.5), list)
