"""Numbers in the other script, and sounds behind characters."""

import pytest

from responder.matching import Matcher
from responder.numerals import in_arabic, in_chinese, other_digits
from responder.text import fold, without_sounds
from tests.responder.office_documents import office


@pytest.mark.parametrize(("digits", "chinese"), [("14", "十四"), ("20", "二十"), ("35", "三十五"), ("7", "七"), ("2016", "二〇一六"), ("10", "十")])
def test_numbers_in_both_scripts(digits, chinese):
    assert in_chinese(digits) == chinese
    assert in_arabic(chinese) == digits


@pytest.mark.parametrize("odd", ["十十", "二三十", "十二三"])
def test_what_is_no_number_below_a_hundred_is_left_alone(odd):
    assert in_arabic(odd) == ""


def test_a_number_is_said_with_what_it_counts():
    assert ("十五个", "15个") in set(other_digits("十五个工作日"))
    assert ("15个", "十五个") in set(other_digits("15个工作日"))
    assert not list(other_digits("一般一些一定3.5元"))


def test_chinese_numerals_find_a_document_with_digits(matcher: Matcher):
    match = matcher.match("满六十周岁缴费满十五年怎么领取?")
    assert match.candidates[0].document_id == "pension"
    assert match.candidates[0].score >= office().match("满六十周岁缴费满几年怎么领取?").candidates[0].score


def test_sounds_are_left_out_and_places_kept():
    text = "社保卡號(hào)码(mǎ)在哪(APP)查"
    found = without_sounds(fold(text))
    assert found.text == "社保卡号码在哪(app)查"
    assert [text[found.offsets[found.text.index(c)]] for c in "码查"] == ["码", "查"]
    assert without_sounds(fold("没有")).text == "没有"


def test_a_question_with_sounds_is_matched_like_the_plain_one(matcher: Matcher):
    plain, noisy = matcher.match("失业保险金每月发放多少?"), matcher.match("失(shī)业保险(xiǎn)金每月发放多少?")
    assert plain.candidates[0].document_id == noisy.candidates[0].document_id == "unemployment"
    assert noisy.confidence == pytest.approx(plain.confidence, abs=0.02)
