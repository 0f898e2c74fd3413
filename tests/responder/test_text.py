"""Folding keeps the way back, is the same on both paths, and is quick."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.text import fold, plain, simplify


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("關鍵字", "关键字"),
        ("ＡＢＣ１２３", "abc123"),
        ("①③⑧", "138"),
        ("138\u200b0013\u200b8000", "13800138000"),
        ("a\x00b\x1bc", "abc"),
        ("後面的皇后", "后面的皇后"),
        ("隱\ufe0f藏\U000e0041", "隐藏"),
        ("第一行\r\n第二行", "第一行 \n第二行"),
        ("（一）：", "(一):"),
        ("\u3164\u2800", ""),
        ("\ud800坏", "坏"),
        ("", ""),
    ],
)
def test_fold_writes_one_form(written, folded):
    assert fold(written).text == folded
    assert plain(written) == folded


def test_span_leads_back_over_dropped_and_expanded_characters():
    text = "电话\u200b㈠１３８\u200b００１３"
    folded = fold(text)
    start = folded.text.index("138")
    assert text[slice(*folded.span(start, start + 7))] == "１３８\u200b００１３"
    assert text[slice(*folded.span(folded.text.index("("), folded.text.index(")") + 1))] == "㈠"


def test_empty_span_stays_empty():
    assert fold("号码").span(1, 1) == (1, 1)
    assert fold("号码").span(2, 2) == (2, 2)
    assert fold("").span(0, 0) == (0, 0)


def test_marks_fold_together_with_their_base():
    folded = fold("cafe\u0301店")
    assert folded.text == "café店"
    assert folded.span(3, 4) == (3, 5)


@given(st.text())
def test_both_paths_agree_and_offsets_fit(text):
    folded = fold(text)
    assert plain(text) == folded.text
    assert len(folded.offsets) == len(folded.ends) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.offsets, folded.ends, strict=True))


@given(st.text(alphabet=st.sampled_from("號码1２a\u200b\u0301㈠é\r\n각\u1100\u1161")))
def test_every_folded_character_comes_from_its_span(text):
    folded = fold(text)
    for place in range(len(folded.text)):
        start, end = folded.span(place, place + 1)
        assert folded.text[place] in plain(text[start:end])


@given(st.text(alphabet=st.characters(categories=("L", "N", "P"), max_codepoint=0xFFFF)))
def test_fold_is_nfkc_where_nothing_is_hidden(text):
    once = plain(text)
    assert plain(once) == plain(unicodedata.normalize("NFKC", once))


def test_simplify_keeps_length():
    assert simplify("憑藉乾隆著作後") == "凭借乾隆著作后"
    assert len(simplify("鍵" * 999)) == 999


def test_twenty_thousand_characters_fold_in_a_few_milliseconds():
    text = "依申請公開的政府信息，自收到申請之日起２０個工作日內答復…" * 700
    fold(text)
    start = time.process_time()
    for _ in range(5):
        fold(text)
    assert (time.process_time() - start) / 5 < 0.3
