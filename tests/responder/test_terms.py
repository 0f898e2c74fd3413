"""Cutting questions: what stays, what is asked, what a long message asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.terms import LONGEST_QUESTION, Cutter, TermRules, bigrams
from tests.responder.office_documents import settings

CUTTER = Cutter(settings().rules)


def spoken(text: str) -> list[str]:
    terms = bigrams(text)
    return [text[start : start + 2] for start in terms.starts.tolist()]


def test_bigrams_stop_at_punctuation_and_space():
    assert spoken("养老金,补贴 a1") == ["养老", "老金", "补贴", "a1"]


def test_equal_pairs_have_equal_codes_and_others_do_not():
    codes = bigrams("补贴 补贴 贴补").codes.tolist()
    assert codes[0] == codes[1] != codes[2]


@pytest.mark.parametrize("text", ["", "税", "。", "\n\n"])
def test_nothing_to_pair_gives_no_terms(text):
    assert len(bigrams(text)) == 0


def test_characters_beyond_the_basic_plane_are_terms():
    assert len(bigrams("𠮷野家")) == 2


def test_question_words_go_and_places_stay():
    cut = CUTTER.without_empty_words("请问养老金如何领取?")
    assert len(cut) == len("请问养老金如何领取?")
    assert cut.split() == ["养老金", "领取?"]


def test_function_words_inside_words_stay():
    assert "社会保障" in CUTTER.without_empty_words("社会保障的对象")
    assert "对象" in CUTTER.without_empty_words("社会保障的对象")
    assert "的" not in CUTTER.without_empty_words("社会保障的对象")


def test_a_question_of_question_words_only_keeps_them():
    assert len(CUTTER.asked("怎么办?").terms) > 0


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("社保中心的电话是多少?", "phone"),
        ("失业金每月多少钱?", "amount"),
        ("什么时候可以报名?", "date"),
        ("由哪个部门负责?", "body"),
        ("在哪里办理?", "place"),
        ("为什么要年审?", "reason"),
        ("需要哪些材料?", "list"),
        ("如何补办?", "manner"),
    ],
)
def test_kind_of_answer(question, kind):
    found = CUTTER.asked(question).kind
    assert found is not None
    assert found.name == kind


def test_statements_have_no_kind():
    assert CUTTER.asked("道路积水严重。").kind is None


def test_regions_and_personal_cases():
    assert CUTTER.asked("浙江和江苏的标准一样吗?").regions == ("浙江", "江苏")
    assert CUTTER.asked("我父亲的养老金为什么停发了?").personal
    assert not CUTTER.asked("养老金为什么要认证?").personal


def test_a_long_message_is_cut_to_what_it_asks():
    story = "我家住在河东,房子是八十年代盖的,冬天很冷,一家五口人挤在一起。" * 5
    asked = CUTTER.asked(story + "请问危房改造补助标准是多少?谢谢领导。" + story)
    assert asked.cut.split() == ["危房改造补助标准", "?"]
    place = asked.text.index("危房改造")
    assert (story + "请问危房改造补助标准是多少?")[place : place + 4] == "危房改造"


def test_a_long_message_without_a_question_keeps_its_beginning():
    asked = CUTTER.asked("小区门口的路灯坏了很久没有人修理。" * 40)
    assert 0 < len("".join(asked.text.split())) <= LONGEST_QUESTION


def test_synonyms_point_to_what_was_said():
    alternatives = CUTTER.asked("补贴电话").alternatives
    assert alternatives["补助"] == tuple(bigrams("补贴").codes.tolist())


@given(st.text(max_size=2_000))
def test_focus_and_cut_never_move_a_character(text):
    asked = CUTTER.asked(text)
    assert len(asked.text) <= len(text)
    for kept in (asked.text, asked.cut):
        assert all(mine in (" ", theirs) for mine, theirs in zip(kept, text, strict=False))


def test_rules_may_be_empty():
    asked = Cutter(TermRules()).asked("养老金如何领取?")
    assert len(asked.terms) == 6
    assert asked.kind is None
    assert not asked.personal


def test_sentences_that_ask_and_a_heading_are_questions_of_their_own():
    message = "社保卡补办的事情\n上个月卡丢了。补办社保卡收多少钱?谢谢您。怎么办?"
    assert [message[a:b] for a, b in CUTTER.questions(message)] == ["社保卡补办的事情\n", "补办社保卡收多少钱?"]
    assert CUTTER.questions("补办社保卡收多少钱?") == []
    assert CUTTER.questions("") == []


def test_terms_across_words_are_told_from_those_inside():
    asked = CUTTER.asked("领取养老金")
    inside = {a for a, b in zip(asked.terms.codes.tolist(), spoken("领取养老金"), strict=True) if b in {"领取", "养老"}}
    assert asked.across
    assert not asked.across & inside
