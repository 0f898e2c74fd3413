"""Whose matter a question is."""

import pytest

from responder.corpus import Document
from responder.duties import duties
from responder.matching import Matcher
from tests.responder.office_documents import DOCUMENTS, settings

OFFICES = {"offices": [{"name": "公积金中心", "words": ["公积金"]}, {"name": "公安局", "words": ["户口", "居住 证"]}]}


@pytest.mark.parametrize(
    ("question", "office"),
    [("住房公积金怎么提取?", "住房公积金管理中心"), ("孩子的户口怎么迁?", "公安局"), ("楼下夜宵摊太吵了找谁?", "城市管理局"), ("失业保险金每月发放多少?", ""), ("营业执照怎么办?", "市场监督管理局")],
)
def test_matters_of_other_offices_are_told_where_to_go(matcher, question, office):
    match = matcher.match(question)
    assert (match.reason == "not_our_duty", match.office) == (bool(office), office)
    assert not office or match.decision == "hand_over"


def test_a_letter_about_anothers_matter_is_told_so_whatever_else_it_says(matcher):
    match = matcher.match("小区门口的夜宵摊吵得睡不着\n楼下天天闹到后半夜,打过好几次电话也没人管。请人社局管管,什么时候能解决?")
    assert (match.reason, match.office) == ("not_our_duty", "城市管理局")


def test_a_matter_that_a_document_of_ours_is_about_is_ours():
    matcher = Matcher(settings())
    for document in (*DOCUMENTS, Document("fund", "住房公积金提取办事指南", "职工购买自住住房的,可以提取住房公积金,由窗口当场办理。")):
        matcher.put(document)
    match = matcher.match("住房公积金怎么提取?")
    assert (match.candidates[0].document_id, match.office) == ("fund", "")
    assert match.reason != "not_our_duty"


def test_a_mention_by_the_way_does_not_make_it_ours():
    matcher = Matcher(settings())
    matcher.put(Document("wage", "关于调整最低工资标准的通知", "最低工资标准包括个人缴纳的社会保险费和住房公积金,从七月起执行。"))
    assert matcher.match("住房公积金怎么提取?").office == "住房公积金管理中心"


def test_a_word_of_our_own_subjects_goes_before():
    ours = duties(OFFICES, {"subjects": [{"words": ["社保"]}]})
    assert ours.office_for("迁户口以后社保怎么转", []) == ""
    assert ours.office_for("户口怎么迁", []) == "公安局"
    assert duties({}, {}).office_for("户口怎么迁", []) == ""


def test_of_several_matters_the_longest_word_tells():
    assert duties(OFFICES, {}).office_for("居住证和户口", []) == "公安局"
