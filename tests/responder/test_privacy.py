"""Personal data: every case of the masking table, recall on generated samples, bounds, and no false masks."""

import importlib.util
import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.personal_numbers import id_check_digit, luhn, plausible_id, valid_uscc
from responder.privacy import find_personal, mask, published_contacts
from responder.text import plain

HERE = Path(__file__).resolve()
SHARED = Path(os.environ.get("HUIYING_SHARED") or HERE.parents[2].parent / "shared")
_spec = importlib.util.spec_from_file_location("personal_samples", HERE.parent / "personal_samples.py")
assert _spec
assert _spec.loader
samples = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(samples)

M, ID, CARD = "138****8000", "110101********1233", "****2333"
MASKED = [
    ("13800138000", M), ("19912345678", "199****5678"), ("17012345678", "170****5678"),
    ("138 0013 8000", M), ("138-0013-8000", M), ("138.0013.8000", M), ("1 3 8 0 0 1 3 8 0 0 0", M), ("1380 0138 000", M),
    ("１３８００１３８０００", M), ("138\u200b0013\u200b8000", M), ("①③⑧⓪⓪①③⑧⓪⓪⓪", M), ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", M),
    ("+86 13800138000", f"+86 {M}"), ("0086-138-0013-8000", f"0086-{M}"), ("(86)13800138000", f"(86){M}"), ("8613800138000", f"86{M}"),
    ("一三八零零一三八零零零", "一三八****八零零零"), ("壹叁捌零零壹叁捌零零零", "壹叁捌****捌零零零"), ("1三8OO138ooo", "1三8****8ooo"),
    ("电话:13800138000微信同号", f"电话:{M}微信同号"), ("13800138000、13900139000", f"{M}、139****9000"), ("13800138000 13900139000", f"{M} 139****9000"),
    ("13800138000X。", f"{M}X。"), ("**13800138000**", f"**{M}**"),
    ("0596-1234567", "****567"), ("(0596)12345678", "****678"), ("010-12345678-801", "****801"), ("05961234567", "****567"),
    ("110101199003071233", ID), ("440106198512120041", "440106********0041"), ("810000199001010019", "810000********0019"),
    ("830000199202020030", "830000********0030"), ("35010219800512004X", "350102********004X"), ("35010219800512004x", "350102********004x"),
    ("３５０１０２１９８００５１２００４Ｘ", "350102********004X"), ("110101199003071234", "110101********1234"),
    ("110101 19900307 1233", ID), ("110101-19900307-1233", ID), ("３５０１０２ １９８００５１２ ００４Ｘ", "350102********004X"), ("110101900307123", "110101******123"),
    ("身份证110101199003071233", f"身份证{ID}"), ("我的证件是110101199003071233谢谢", f"我的证件是{ID}谢谢"),
    ("6222021001112222333", CARD), ("6217001234567890122", "****0122"), ("6228480012345678903", "****8903"), ("4539123456789017", "****9017"),
    ("6222 0210 0111 2222 333", CARD), ("4539-1234-5678-9017", "****9017"), ("银行卡号：6222021001112222334", "银行卡号：****2334"),
    ("闽E12345", "闽E***45"), ("闽E·12345", "闽E***45"), ("京AD12345", "京A***45"), ("粤B1234警", "粤B***4警"), ("粤Z1234港", "粤Z***4港"), ("闽Ｅ１２３４５", "闽E***45"),
    ("zhang.san@example.com", "z***@example.com"), ("ZHANG@EXAMPLE.CN", "Z***@EXAMPLE.CN"), ("zhang(at)qq.com", "z***"), ("123456789@qq.com", "1***@qq.com"),
    ("zhang＠example.com", "z***@example.com"), ("zhang@例子.中国", "z***@例子.中国"), ("13800138000@139.com", "1***@139.com"),
    ("QQ:123456789", "QQ:****"), ("微信号 wxid_abc123", "微信号 ****"), ("VX: abc123", "VX: ****"), ("我的QQ是123456789", "我的QQ是****"),
    ("我住某某县城关镇和平路12号3栋402室", "我住某某县城关镇和平路**号**栋**室"), ("我家在某某镇和平村3组15号", "我家在某某镇和平村**组**号"),
    ("某县和平镇幸福路12号3栋402室漏水", "某县和平镇幸福路**号**栋**室漏水"),
    ("社保卡号:350102123456", "社保卡号:****56"), ("个人编号1234567890", "个人编号****90"), ("护照 E12345678", "护照 ****78"), ("港澳证 H12345678", "港澳证 ****78"),
    ("军官证 南字第1234567号", "军官证 ****67号"),
    ("姓名:张三", "姓名:张*"), ("我叫张三", "我叫张*"), ("本人李四", "本人李*"), ("姓名：欧阳修远 电话：13800138000", f"姓名：欧阳** 电话：{M}"), ("我叫王小明，今年", "我叫王**，今年"),
    ("13800138000110101199003071233", M + ID), ("1380013800035010219800512004X", M + "350102********004X"),
    ("138\n0013\n8000", M + "\n\n"), ("<td>138</td><td>0013</td><td>8000</td>", f"<td>{M}</td>"), ("138<b>0013</b>8000", M),
]  # fmt: skip
UNTOUCHED = [
    "10800138000", "12345678901", "138001380001", "12333", "拨打12345或110", "400-810-1234", "999999199013451234", "113501210038123459", "91350100M000100Y43",
    "20161231123456789", "人社函〔2016〕123号", "闽人社文[2016]12号", "国办发〔2008〕1号", "2016年12月31日", "2016-12-31 08:30:00",
    "12,345,678.00元", "GB 11643-1999", "2015 2016 2017 2018", "1 300 1 200 15 30", "姓名、身份证号、联系电话", "本人于2016年申请", "我是从外地来的", "本人应当到场",
    "微信公众号发布", "第12号令", "住房公积金", "一九九〇年三月七日", "增长13.8%", "地铁3号线", "住建局3号窗口", "新GB18030标准", "@所有人", "a@b", "张三丰", "云A区",
]  # fmt: skip
UNPROVEN = ["110101199003071234", "一三八零零一三八零零零", "1三8OO138ooo", "110101900307123", "银行卡号：6222021001112222334", "zhang(at)qq.com", "本人李四"]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_data_is_masked(text, masked):
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_text_is_not_touched(text):
    assert mask(text) == text
    assert find_personal(text) == []


@pytest.mark.parametrize("text", UNPROVEN)
def test_what_no_rule_proves_is_marked_for_staff(text):
    assert [finding.certain for finding in find_personal(text)] == [False]


def test_findings_point_into_the_original():
    text = "请\u200b拨１３８\u200b００１３８０００，或写信到 li@example.com"
    assert [(text[found.start : found.end], found.kind, found.certain) for found in find_personal(text)] == [
        ("１３８\u200b００１３８０００", "mobile", True),
        ("li@example.com", "email", True),
    ]


def test_the_office_keeps_its_own_numbers():
    own = frozenset({"(0596)1234567", "hr@example.gov.cn", "138 0013 8000", "张三"})
    text = "电话0596-1234567、1234567转8，0596-1234567-801，邮箱HR@example.gov.cn，手机13800138000，联系人：张三"
    assert mask(text, own) == text
    assert mask("电话0596-1234568，手机13900138000，联系人：李四", own) == "电话****568，手机139****8000，联系人：李*"


def test_contacts_of_a_published_document_may_be_quoted():
    document = "咨询电话：（0596）1234567，邮箱 hr@example.gov.cn，经办人手机13800138000。"
    assert mask(document, published_contacts(document)) == document.replace("13800138000", M)


KIND = {"id18": "id_card", "id18_mistyped": "id_card", "id15": "id_card", "card": "bank_card", "wechat": "account", "house": "address"}
KEPT_DIGITS = {"mobile": 7, "id18": 10, "id18_mistyped": 10, "card": 4, "account": 0}


@pytest.mark.parametrize("kind", list(samples.KINDS))
def test_recall_on_generated_samples(kind):
    total, found = 200, 0
    for text, value in samples.corpus(kind, total, seed=2016):
        masked = mask(text)
        assert mask(masked) == masked
        hit = any(finding.kind == KIND.get(kind, kind) for finding in find_personal(text)) and value not in masked
        left = len(re.sub(r"\D", "", re.sub(r"^\D*(?:\+86|0086|\(86\))", "", plain(masked))))
        found += hit and left <= KEPT_DIGITS.get(kind, 99)
    assert found >= (total if kind in samples.PROVEN else 0.99 * total)


@pytest.mark.parametrize(
    "bomb",
    [
        "a" * 50_000 + "!", "1-" * 20_000, "1" * 10_000, "@" * 10_000, "a@" * 10_000, "13-" * 10_000, "<" * 20_000, "路3号" * 5_000, "vx" * 10_000, "姓名:" * 8_000,
        "一" * 20_000, "(at)" * 8_000, "1234 " * 5_000, "1 x " * 8_000, "a.a@" * 8_000, "110101199003071233" * 500,
    ],
    ids=lambda bomb: bomb[:6],
)  # fmt: skip
def test_no_text_takes_long(bomb):
    find_personal(bomb)
    start = time.process_time()
    find_personal(bomb)
    assert time.process_time() - start <= 0.5  # a guard against growth by leaps, several times what it takes


HAN = st.text(alphabet=st.sampled_from("的人社局请问我在县里办理养老保险一二三四零，。：（）"), max_size=8)


@given(HAN, st.sampled_from(["13800138000", "138-0013-8000", "110101199003071233", "6222021001112222333", "0596-1234567"]), HAN)
def test_words_on_either_side_never_hide_a_number(before, number, after):
    masked = mask(before + number + after)
    assert len(re.sub(r"[^0-9]", "", masked)) <= len(re.sub(r"[^0-9]", "", mask(number)))


MIXED = st.lists(
    st.one_of(st.text(max_size=6), st.sampled_from([case[0] for case in MASKED]), st.text(alphabet="0123456789 -x.@号室*一", max_size=12)), max_size=6
).map("".join)


@given(MIXED)
def test_masking_twice_changes_nothing(text):
    once = mask(text)
    assert mask(once) == once
    assert once.count("\n") == text.count("\n")
    assert len(once) <= 3 * len(text) + 16


def test_check_digits():
    assert id_check_digit("11010119900307123") == "3"
    assert id_check_digit("35010219800512004") == "x"
    assert luhn("6222021001112222333")
    assert not luhn("6222021001112222334")
    assert valid_uscc("91350100m000100y43")
    assert not valid_uscc("91350100m000100y44")
    assert not plausible_id("110101199002301233")


def test_policy_text_is_hardly_touched():
    path = SHARED / "data" / "disclosures_hrss.jsonl"
    if not path.exists():
        pytest.skip("the shared data are not here")
    lines = []
    for row in path.read_text(encoding="utf-8").splitlines():
        lines += [line for line in re.split(r"[。；\n]", json.loads(row)["text"]) if line.strip()]
        if len(lines) > 10_000:
            break
    touched = sum(1 for line in lines if find_personal(line))
    assert touched / len(lines) <= 0.005


def test_a_card_with_a_typing_error_is_masked_all_the_same() -> None:
    for text in ("工资卡6222021234567890123", "打到6222021234567890123这张卡", "卡6222 0212 3456 7890 123", "6222-0212-3456-7890-123", "6217003810001234567"):
        assert mask(text).endswith(("****0123", "****0123这张卡", "****4567")), text
    assert mask("订单20161231123456789") == "订单20161231123456789"
