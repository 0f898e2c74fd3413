"""Damage is repaired, sound text is left alone, and what citizens type comes in clean."""

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.repair import MARKS_PER_BASE, clean_input, is_traditional, repair

SEED = Path(os.environ.get("HUIYING_SHARED") or Path(__file__).resolve().parents[2].parent / "shared") / "seed"


@pytest.mark.parametrize(
    ("damaged", "text", "codes"),
    [
        ("索??引??號(hào):", "索引号:", {"pinyin_dropped", "question_marks_dropped", "script_simplified"}),
        ("文???????號(hào): | 关键字:", "文号: | 关键字:", {"pinyin_dropped", "question_marks_dropped", "script_simplified"}),
        ("信息來(lái)源", "信息来源", {"pinyin_dropped", "script_simplified"}),
        ("編（biān）號", "编号", {"pinyin_dropped", "script_simplified"}),
        ("號(hao)碼", "号码", {"pinyin_dropped", "script_simplified"}),
        ("號(hao4)碼", "号码", {"pinyin_dropped", "script_simplified"}),
        ("第一段。????第二段", "第一段。第二段", {"question_marks_dropped"}),
        ("????第一段", "第一段", {"question_marks_dropped"}),
        ("甲\r\n乙\r丙", "甲\n乙\n丙", {"line_ends_evened"}),
        ("　　第一段  第二段　", "第一段 第二段", {"blanks_evened"}),
        ("甲\n\n\n\n\n乙", "甲\n\n\n乙", {"blanks_evened"}),
        ("零\u200b宽\ufeff和\x07响铃", "零宽和响铃", {"invisible_dropped"}),
        ("縣人力資源和社會保障局關於開展檢查的通知", "县人力资源和社会保障局关于开展检查的通知", {"script_simplified"}),
    ],
)
def test_damage_is_repaired(damaged, text, codes):
    repaired = repair(damaged)
    assert repaired.text == text
    assert set(repaired.changes) == codes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "请问如何办理?",
        "真的吗??请尽快答复",
        "信息?5条",
        "为什么 ??没人管",
        "答复如下：??",
        "世界贸易组织(WTO)的规则",
        "全长12公里(km)",
        "人民币元(yuan)",
        "他说“張大千”三个字写在匾上。",
        "行(xíngg)",
        "甲(yǐ)",
        "第一段\n\n第二段\n\n\n第三段",
        "表格\t一列",
        "著名的乾隆皇帝",
    ],
)
def test_sound_text_comes_back_as_it_was(text):
    repaired = repair(text)
    assert repaired.text == text
    assert repaired.changes == ()


@given(st.text(alphabet=st.sampled_from("號号(hào)(hao)??：:。|\r\n \u3000\u200b索引和he４")))
def test_a_second_repair_finds_little_to_do(text):
    twice = repair(repair(text).text)
    assert "line_ends_evened" not in twice.changes
    assert "invisible_dropped" not in twice.changes


def test_the_seed_reads_like_its_readable_form():
    if not SEED.exists():
        pytest.skip("the shared seed is not here")
    raw = next(SEED.glob("0*.txt")).read_text(encoding="utf-8")
    readable = (SEED / "readable.txt").read_text(encoding="utf-8")
    bare = [re.sub(r"[\s?]", "", text) for text in (repair(raw).text, readable)]
    assert bare[0] == bare[1]
    assert repair(raw).text.startswith("索引号: |")
    assert "信息?5条" in repair(raw).text
    assert repair(repair(raw).text).changes == ()


def test_traditional_as_a_whole_is_not_a_name_in_quotes():
    assert is_traditional("縣人力資源和社會保障局")
    assert not is_traditional("关于“張學良舊居”修缮工作的说明，请予审阅，谢谢。")
    assert not is_traditional("臺灣")


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" 您好\r\n再见 ", "您好\n再见"),
        ("零\x00字节", "零字节"),
        ("\x1b[31m红\x07", "红"),
        ("a\u202eb\u2066c", "abc"),
        ("标\U000e0041签\ue000", "标签"),
        ("孤\ud800立", "孤立"),
        ("制表\t保留", "制表\t保留"),
        (" \u3000\n\t", ""),
        ("\u200b\u200d\ufeff", ""),
        ("\u3164\u3164", ""),
        ("\u2800 \u2800", ""),
        ("原文？？！(WTO)", "原文？？！(WTO)"),
        ("𠮷野家", "𠮷野家"),
        ("", ""),
    ],
)
def test_what_citizens_type_comes_in_clean(typed, clean):
    assert clean_input(typed) == clean


def test_marks_are_capped():
    assert clean_input("e" + "\u0301" * 500 + "x") == "e" + "\u0301" * MARKS_PER_BASE + "x"


@given(st.text(alphabet=st.characters()))
def test_clean_input_is_final_and_can_be_stored(text):
    clean = clean_input(text)
    assert clean_input(clean) == clean
    assert "\x00" not in clean
    clean.encode("utf-8")


def test_long_input_is_cleaned_quickly():
    for text in ("号(hào)" * 20_000, "?" * 100_000, " " * 100_000, "e" + "\u0301" * 100_000, "\x1b[" * 50_000, "說" * 50_000, "号(" * 50_000):
        start = time.process_time()
        repair(text)
        clean_input(text)
        assert time.process_time() - start < 1, text[:5]
