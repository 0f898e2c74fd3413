"""Everyday questions to a small office's own documents: the sample bureau's, about a hundred."""

import json
import time
from datetime import date

import pytest

from responder.corpus import Document
from responder.matching import Match, Matcher
from tests.responder.office_documents import ROOT, settings

SAMPLE = ROOT / "board" / "sample"
ENDED = {"repealed", "expired"}

# What is asked at the counter every day, and the documents of the sample that answer it (guide, or what explains it).
EVERYDAY = {
    "失业金怎么领？": ("D2016-13", "D2016-14", "R-01"),
    "失业保险金怎么领，需要什么材料？": ("D2016-13", "D2016-14", "R-01"),
    "失业保险金标准是多少": ("D2016-13", "D2016-14"),
    "社会保障卡丢失了怎么补办": ("D2016-04",),
    "补办社会保障卡要多少钱？": ("D2016-04",),
    "拖欠工资到哪里投诉": ("D2015-05", "I-11", "R-08"),
    "最低工资是多少": ("D2015-07",),
    "企业职工退休审批要带什么材料": ("D2014-03", "I-08"),
    "工伤认定多久内申请": ("D2015-08", "I-12", "R-03"),
    "上下班路上出车祸算工伤吗": ("D2015-08", "I-12", "R-03"),
    "劳动仲裁怎么申请": ("D2015-09", "R-04", "I-11"),
    "生育津贴怎么领": ("D2016-23",),
    "住院能报销多少": ("D2016-21", "I-15"),
    "灵活就业人员养老保险怎么交": ("D2016-08",),
    "就业创业证怎么办理": ("D2014-04",),
    "创业担保贷款最多能贷多少钱": ("D2016-07", "I-13"),
    "公司辞退我补偿多少": ("D2015-03", "I-10", "R-02"),
    "丧葬费怎么领取": ("D2014-06",),
    "养老保险怎么转移到外地": ("D2015-04", "I-02"),
    "养老金资格认证怎么办": ("D2016-06",),
    "职业培训补贴怎么申请": ("D2016-20",),
    "就业见习补贴一个月多少": ("D2015-10",),
    "公益性岗位怎么申请": ("D2015-13",),
    "城乡居民养老保险交多少钱": ("D2016-11", "I-14", "R-05"),
    "事业单位招聘面试什么时候": ("D2016-10",),
    "农民工工资保证金怎么退": ("D2014-09", "I-09"),
    "政府信息公开怎么申请": ("D2008-01", "R-06"),
}
ELSEWHERE = (
    "今天天气怎么样",
    "到火车站坐几路公交车",
    "住房公积金怎么提取",
    "年休假有几天",
    "闯红灯罚多少钱",
    "小区噪音找谁管",
    "护照怎么办理",
    "孩子上小学怎么报名",
    "房产证怎么办",
    "自来水停水了找谁",
    "营业执照怎么办理",
    "驾驶证到期怎么换",
    "结婚登记需要什么材料",
    "怎么查违章",
)


@pytest.fixture(scope="module")
def bureau() -> Matcher:
    """A matcher over the sample's documents."""
    matcher = Matcher(settings())
    for name in ("disclosures", "interpretations", "references"):
        for line in (SAMPLE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            matcher.put(
                Document(
                    row["ref"],
                    row["title"],
                    row["text"],
                    number=row["document_number"],
                    issued=date.fromisoformat(row["made_on"]),
                    authority="云溪县人力资源和社会保障局",
                    kind=row["kind"],
                    in_force=row["validity"] not in ENDED,
                )
            )
    return matcher


def first(match: Match) -> str:
    """The id of the first document, empty when there is none."""
    return match.candidates[0].document_id if match.candidates else ""


def test_the_right_document_stands_first(bureau):
    wrong = {question: first(bureau.match(question)) for question, wanted in EVERYDAY.items() if first(bureau.match(question)) not in wanted}
    assert len(wrong) <= 0.2 * len(EVERYDAY), wrong


def test_most_everyday_questions_get_a_draft_or_a_suggestion(bureau):
    left = {question: bureau.match(question) for question in EVERYDAY if bureau.match(question).abstained}
    assert len(left) <= 0.4 * len(EVERYDAY), {question: (match.confidence, match.reason) for question, match in left.items()}


def test_matters_of_other_offices_are_handed_over(bureau):
    taken = {question: bureau.match(question).confidence for question in ELSEWHERE if not bureau.match(question).abstained}
    assert len(taken) <= 2, taken


def test_a_long_story_does_not_crush_its_question(bureau):
    question = "请问丧葬费怎么领取？"
    story = "我们村离县城三十多里路，去年修了水渠，今年雨水多，庄稼长得还可以。老人一辈子种地，上个月走的，家里事情一直很多。" * 4
    alone, told = bureau.match(question), bureau.match(story + question + story)
    assert first(told) == first(alone) == "D2014-06"
    assert told.confidence == pytest.approx(alone.confidence, abs=0.1)
    assert not told.abstained


def test_of_several_questions_each_sure_one_brings_its_document(bureau):
    message = "想问两件事。丧葬费怎么领取？另外，养老金资格认证怎么办？"
    match = bureau.match(message)
    assert {candidate.document_id for candidate in match.candidates[:2]} >= {"D2014-06", "D2016-06"}
    for candidate in match.candidates:
        for piece in candidate.evidence:
            assert all(0 <= a < b <= len(message) for a, b in piece.question_marks)


def test_a_document_in_force_takes_the_place_of_a_repealed_one(bureau):
    match = bureau.match("失业保险金标准是多少")
    assert first(match) in {"D2016-13", "D2016-14"}
    assert match.reason != "out_of_force"


def test_the_longest_message_is_matched_in_time(bureau):
    message = ("失业保险金怎么领取？社会保障卡丢失怎么补办？拖欠工资到哪里投诉？" * 400)[:10_000]
    bureau.match(message)
    spent = time.process_time()
    bureau.match(message)
    assert time.process_time() - spent < 1.0
