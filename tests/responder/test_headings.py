"""The head of a saved page is read by its labels, wherever they stand, and odd values are named."""

import os
from datetime import date, datetime
from pathlib import Path

import pytest

from responder.headings import parse_head

SEED = Path(os.environ.get("HUIYING_SHARED") or Path(__file__).resolve().parents[2].parent / "shared") / "seed"

TABLE = """索 引 号: | 11350000123456789A/2016-00012 | 生成日期: | 2016-03-05 |
文　　号: | 某人社文〔2016〕12号 | 关键词: | 养老;保险，认证 | |
所属机构: | 某某县人力资源和社会保障局 | 发布机构: | 某某县人力资源和社会保障局 |
关于做好资格认证工作的通知 | |
信息来源:本局办公室
发布时间:2016-03-07 09:05
浏览次数:128
|
|
各乡镇人民政府:
我县从四月起开展资格认证。全县各单位应当配合。 |
|"""


def test_a_table_is_read_by_its_labels():
    head = parse_head(TABLE)
    assert head.index_number == "11350000123456789A/2016-00012"
    assert head.generated_on == date(2016, 3, 5)
    assert head.document_number == "某人社文〔2016〕12号"
    assert head.keywords == ("养老", "保险", "认证")
    assert head.organisation == head.publisher == "某某县人力资源和社会保障局"
    assert head.title == "关于做好资格认证工作的通知"
    assert head.source == "本局办公室"
    assert head.published_at == datetime(2016, 3, 7, 9, 5)
    assert head.views == 128
    assert head.body == "各乡镇人民政府:\n我县从四月起开展资格认证。全县各单位应当配合。"
    assert head.findings == ()


def test_labels_on_one_line_without_a_table():
    head = parse_head("索引号：000/2019-7　公开方式：主动公开\n成文日期：2019年2月3日 标题：某项通知\n某项通知\n正文第一句。")
    assert (head.index_number, head.generated_on, head.title, head.body) == ("000/2019-7", date(2019, 2, 3), "某项通知", "正文第一句。")


def test_labels_inside_sentences_are_text():
    body = "一、信息来源:本段说明信息来源。\n发布时间：以网站为准。"
    head = parse_head("标题：说明\n" + body)
    assert head.body == body
    assert head.source == ""


@pytest.mark.parametrize("text", ["", "|\n|\n", "没有表头的一句话。第二句。"])
def test_pages_without_a_head(text):
    head = parse_head(text)
    assert head.title == head.index_number == ""
    assert head.body == text.strip("|\n")
    assert head.findings == ()


@pytest.mark.parametrize(
    ("index", "odd"),
    [
        ("x/1970-1", True),
        ("x/2012-1", True),
        ("x/2015-1", False),
        ("x/2017-00001", False),
        ("x/201603-00001", False),
        ("x-0345-2016", False),
        ("0001970", False),
        ("", False),
    ],
)
def test_the_index_year_must_fit_the_dates(index, odd):
    head = parse_head(f"索引号: {index} | 生成日期: 2016-03-05 |\n标题: 某通知\n正文。")
    assert ("index_year_impossible" in head.findings) is odd


@pytest.mark.parametrize(("source", "odd"), [("请选择", True), ("--请选择--", True), ("請選(xuǎn)擇", True), ("县政府网站", False), ("", False)])
def test_a_source_left_at_the_drop_down_is_named(source, odd):
    assert ("source_unset" in parse_head(f"标题: 某通知\n信息来源: {source}\n正文。").findings) is odd


@pytest.mark.parametrize(
    ("body", "odd"),
    [
        ("全区各单位配合。我区进展顺利。", True),
        ("信息在白银区子网站上公开。", True),
        ("全县各单位配合，学习思明区的经验。", False),
        ("漳浦县各单位配合。全区推广。", False),
        ("各社区、开发区、园区配合。", False),
        ("本局工作进展顺利。", False),
    ],
)
def test_a_body_that_speaks_of_another_county_is_named(body, odd):
    head = parse_head(f"所属机构: | 漳浦县人力资源和社会保障局 |\n标题: 某通知\n{body}")
    assert ("unit_name_differs" in head.findings) is odd


def test_a_city_may_speak_of_its_districts():
    assert parse_head("所属机构: | 厦门市人力资源和社会保障局 |\n标题: 某通知\n思明区、集美区已完成。").findings == ()


def test_the_seed():
    if not SEED.exists():
        pytest.skip("the shared seed is not here")
    head = parse_head(next(SEED.glob("0*.txt")).read_text(encoding="utf-8"))
    assert head.index_number.endswith("/1970-172822")
    assert head.generated_on == date(2017, 1, 6)
    assert head.published_at == datetime(2017, 1, 6, 19, 37)
    assert (head.document_number, head.views) == ("", None)
    assert len(head.keywords) == 5
    assert head.title.endswith("人力资源和社会保障局")
    assert head.body.startswith("一、概述 2016年")
    assert head.body.endswith("发布。")
    assert head.findings == ("index_year_impossible", "source_unset", "unit_name_differs")
