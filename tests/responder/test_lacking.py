"""What plainly cannot answer is not drafted, and only a document that would have answered is called out of force."""

import tomllib
from dataclasses import replace

import pytest

from responder.corpus import Document
from responder.matching import Matcher
from responder.places import places
from tests.responder.office_documents import DOCUMENTS, ROOT, settings


def matcher(*documents: Document) -> Matcher:
    made = Matcher(settings())
    for document in (*DOCUMENTS, *documents):
        made.put(document)
    return made


LEAVE = "职工连续工作满一年的，可以享受带薪探亲假。探亲假由单位统筹安排，工资照发。"


def test_an_amount_that_is_asked_for_must_stand_in_the_quotation():
    without = matcher(Document("leave", "职工带薪探亲假办法", LEAVE)).match("带薪探亲假有多少天？")
    held = matcher(Document("leave", "职工带薪探亲假办法", f"{LEAVE}探亲假每年20天。")).match("带薪探亲假有多少天？")
    assert without.candidates[0].document_id == held.candidates[0].document_id == "leave"
    assert without.decision == "hand_over"
    assert held.decision != "hand_over"
    assert without.confidence < held.confidence


def test_a_mention_by_the_way_answers_no_short_question():
    mention = Document("contract", "劳动合同补签说明", "补签合同要写明真实的入职日期，因为工龄是计算探亲假、经济补偿的基础，职工签字以前先看清日期，三天之内可以要求更正。")
    assert matcher(mention).match("探亲假有几天").decision == "hand_over"


def test_out_of_force_is_said_only_of_what_would_have_answered():
    ended = Document("old", "城区出租房登记管理办法", "出租房屋的，房主应当在签订租约之日起7日内到社区办理出租房登记，登记不收费。", in_force=False)
    office = matcher(ended)
    assert office.match("城区出租房登记应当在签订租约多少天内办理？").reason == "out_of_force"
    other = office.match("去火星旅行要在多少天内登记？")
    assert other.decision == "hand_over"
    assert other.reason in {"nothing_found", "low_confidence"}


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("请问兰州市的社保卡在哪里补办？", "兰州市人力资源和社会保障局"), ("在兰州怎么补办社保卡？", "兰州市人力资源和社会保障局"), ("延边的最低工资是多少", "延边朝鲜族自治州人力资源和社会保障局"),
        ("在兰州打工三年，社保卡怎么补办？", ""), ("从兰州把养老保险转回来要什么材料？", ""), ("云溪县和兰州的补贴一样吗？", ""), ("祝您安康！社保卡怎么补办？", ""), ("甘肃省最低工资是多少？", ""), ("社保卡在哪里补办？", ""),
    ],
)  # fmt: skip
def test_a_question_about_another_place_is_told_the_office_there(question, office):
    known = places(tomllib.loads((ROOT / "config" / "places.toml").read_text(encoding="utf-8")))
    here = known.at("云溪县", "云溪县人力资源和社会保障局（样例）", ["甘肃省"])
    assert here.office_for(question.replace("？", "?").replace("，", ",").replace("！", "!"), []) == office
    assert known.office_for(question, []) == ""


def test_the_office_of_another_place_is_named_with_the_message():
    given = settings()
    made = Matcher(replace(given, duties=given.duties.at("云溪县", "云溪县人力资源和社会保障局")))
    for document in DOCUMENTS:
        made.put(document)
    match = made.match("兰州的失业保险金每月发多少元？")
    assert (match.decision, match.reason, match.office) == ("hand_over", "not_our_duty", "兰州市人力资源和社会保障局")
    spoken = Document("lz", "兰州务工人员失业保险金对接办法", "在兰州参保的，失业保险金每月按兰州标准发放1200元。")
    made.put(spoken)
    assert made.match("兰州的失业保险金每月发多少元？").reason != "not_our_duty"


@pytest.mark.parametrize(
    "text",
    ["我的养老金什么时候到账", "帮我查一下补贴申请的进度", "我妈的退休手续什么时候能批下来？", "本人去年申请的创业补贴至今没有发放，是怎么回事", "制卡办到哪一步了？", "麻烦替我核实一下账户余额"],
)
def test_usual_wordings_of_a_personal_case(text):
    assert matcher().match(text).reason == "personal_case"


@pytest.mark.parametrize("text", ["养老金什么时候发放？", "我想问补贴多久到账", "工资至今没发去哪里投诉", "社保卡制卡要几天？", "我们这里的养老金标准是多少？"])
def test_a_general_question_is_no_personal_case(text):
    assert matcher().match(text).reason != "personal_case"
