"""What stands over the section of a question, and matters told beside the questions of a message."""

import pytest

from responder.matching import Matcher
from responder.messages import MessageMatcher
from tests.responder.office_documents import settings
from tests.responder.test_questions import read


def captions(text: str) -> list[str]:
    """The captions of all questions that are read."""
    whole, message = read("", text)
    return [whole[slice(*question.caption)] for question in message.questions]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("请问补办社保卡要带什么材料？", "补办社保卡要带什么材料？"),
        ("我前年从厂里出来以后一直在外面打零工，今年回到镇上想自己干点小买卖，手头又没有多少积蓄，请问开店补贴怎么申请？", "开店补贴怎么申请？"),
        ("但是为什么我们村的补贴还没有公布名单？", "为什么我们村的补贴还没有公布名单？"),
        ("这群狗官到底什么时候给我们解决住房？", ""),
        ("你们这帮吃干饭的忽悠人，养老金认证什么时候开始？", "养老金认证什么时候开始？"),
        ("我妈的养老金资格认证怎么办？", "我妈的养老金资格认证怎么办？"),
        ("（见附件后面说明怎么补办社保卡？", ""),
    ],
)
def test_a_caption_is_clean_or_nothing(text: str, wanted: str) -> None:
    assert captions(text)[-1] == wanted


def test_a_trouble_of_another_office_told_in_between_is_not_lost(matcher: Matcher) -> None:
    text = "社保卡丢了怎么补办？巷子口的路灯不亮半年了，一直没人修！你们到底管不管？失业保险金每月发多少钱？"
    found = MessageMatcher(matcher, settings()).match(text)
    assert [(answer.number, answer.match.office) for answer in found.answers] == [(1, ""), (2, "城市管理局"), (3, "")]
    assert "路灯" in text[found.answers[1].question.start : found.answers[1].question.end]


def test_a_trouble_that_a_question_asks_about_is_named_once(matcher: Matcher) -> None:
    found = MessageMatcher(matcher, settings()).match("路灯坏了找谁修？巷子口的路灯一直没人管。补办社保卡要多少钱？")
    assert [answer.match.office for answer in found.answers] == ["城市管理局", ""]
