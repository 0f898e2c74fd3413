"""Messages with several questions: each is matched with what it takes from before, and one decision speaks of all."""

import json
import os
import random
from pathlib import Path

import pytest

from responder.confidence import DRAFT, HAND_OVER, SUGGEST
from responder.corpus import Document
from responder.matching import Match, Matcher, MatcherSettings
from responder.messages import MessageMatcher, judged
from tests.responder.office_documents import DOCUMENTS, OLD_SUBSIDY, settings

TEXTS = {document.id: document.text for document in DOCUMENTS}


@pytest.fixture
def messages(matcher: Matcher) -> MessageMatcher:
    """Over the small office's documents."""
    return MessageMatcher(matcher, settings())


def test_each_question_finds_its_own_document(messages: MessageMatcher) -> None:
    found = messages.match("失业金每月发放多少钱？社保卡丢了怎么挂失？城乡居民养老保险每年交多少？")
    assert [answer.match.candidates[0].document_id for answer in found.answers] == ["unemployment", "card", "pension"]
    assert [answer.number for answer in found.answers] == [1, 2, 3]


def test_a_question_that_says_little_is_matched_with_its_subject(messages: MessageMatcher) -> None:
    text = "我想问问城乡居民养老保险的事。领取条件是什么？需要带哪些材料？"
    found = messages.match(text)
    last = found.answers[-1]
    assert last.question.type == "papers"
    assert last.match.candidates[0].document_id == "pension"
    assert any("身份证" in piece.quote for piece in last.match.candidates[0].evidence)


def test_marks_and_quotations_point_into_the_message_and_the_document(messages: MessageMatcher) -> None:
    text = "補辦社會保障卡\n您好，我的社保卡遗失了。請問補辦工本費多少元？幾個工作日可以領取新卡？"
    found = messages.match(text, heading=8)
    assert len(found.answers) == 2
    for answer in found.answers:
        piece = answer.match.candidates[0].evidence[0]
        assert piece.quote == TEXTS[answer.match.candidates[0].document_id][piece.start : piece.end]
        assert piece.question_marks
        assert all(0 <= start < end <= len(text) for start, end in piece.question_marks)
    first = found.answers[0].match.candidates[0].evidence[0]
    assert any("補辦" in text[start:end] for start, end in first.question_marks)


def test_a_single_question_is_answered_as_by_the_matcher(messages: MessageMatcher, matcher: Matcher) -> None:
    for text in ("失业保险金每月发放多少?", "您好。家里老人的社保卡丢了，很着急。请问在哪里挂失？谢谢", "城西夜市太吵了。", "", "？？"):
        found, alone = messages.match(text), matcher.match(text)
        assert (found.decision, found.reason, found.confidence) == (alone.decision, alone.reason, alone.confidence)
        assert [answer.match for answer in found.answers] in ([alone], [])


def test_some_answered_is_partly(messages: MessageMatcher) -> None:
    found = messages.match("社保卡补办工本费多少元？河道清淤工程什么时候完工？")
    assert (found.decision, found.reason) == (SUGGEST, "partly")
    assert [answer.match.abstained for answer in found.answers] == [False, True]
    assert found.confidence == found.answers[1].match.confidence


def test_a_personal_case_among_others_is_handed_over_alone(messages: MessageMatcher) -> None:
    found = messages.match("社保卡补办工本费多少元？还有我父亲的养老金为什么停发了？")
    assert [answer.match.reason for answer in found.answers] == ["", "personal_case"]
    assert (found.decision, found.reason) == (SUGGEST, "partly")


def test_what_is_out_of_force_is_named_beside_what_is_found(messages: MessageMatcher) -> None:
    found = messages.match("困难家庭高校毕业生求职补贴多少元？社保卡补办工本费多少元？")
    (ended,) = found.answers[0].match.ended
    assert ended.document_id == OLD_SUBSIDY.id
    assert ended.evidence[0].quote in OLD_SUBSIDY.text
    assert found.answers[0].match.reason == "out_of_force"
    assert found.answers[1].match.ended == ()


def test_of_many_questions_some_are_only_named(messages: MessageMatcher) -> None:
    asked = [
        "社保卡丢了怎么挂失？",
        "失业金每月多少钱？",
        "养老金怎么领？",
        "劳动合同试用期最长多久？",
        "事业单位招聘什么时候报名？",
        "补办社保卡要几天？",
        "生育津贴多少钱？",
        "工伤认定找谁？",
    ]
    found = messages.match("".join(asked))
    most = settings().questions.most_matched
    assert len(found.answers) == len(asked)
    assert [answer.match.reason == "too_many" for answer in found.answers] == [False] * most + [True] * (len(asked) - most)


def of(decision: str, reason: str = "", confidence: float = 0.5) -> Match:
    """A match with this decision."""
    return Match((), confidence, decision, reason)


@pytest.mark.parametrize(
    ("matches", "wanted"),
    [
        ([of(DRAFT, confidence=0.9), of(DRAFT, confidence=0.8)], (DRAFT, "", 0.8)),
        ([of(DRAFT), of(SUGGEST, confidence=0.4)], (SUGGEST, "", 0.4)),
        ([of(DRAFT), of(HAND_OVER, "too_close", 0.1)], (SUGGEST, "partly", 0.1)),
        ([of(HAND_OVER, "personal_case"), of(HAND_OVER, "too_many", 0.0)], (HAND_OVER, "personal_case", 0.0)),
        ([of(HAND_OVER, "too_close"), of(HAND_OVER, "out_of_force", 0.2)], (HAND_OVER, "low_confidence", 0.2)),
    ],
)
def test_one_decision_about_all(matches: list[Match], wanted: tuple[str, str, float]) -> None:
    assert judged(matches) == wanted


STORIES = ("尊敬的领导您好！我们一家人为了这件事跑了好多趟。", "你好，本人在外地打工，不方便回去问。", "打了很多次电话没人接，心里很着急。")
LEADS = ("请问", "", "另外，", "想问一下，")


@pytest.mark.slow
def test_three_real_questions_in_one_message_are_answered_nearly_as_well_as_alone(shared_dir: Path, settings: MatcherSettings) -> None:
    matcher = Matcher(settings)
    for line in (shared_dir / "data" / "policy_documents.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        matcher.put(Document(row["id"], row["text"].split("\n")[0], row["text"]))
    asked = [json.loads(line) for line in (shared_dir / "data" / "policy_questions.jsonl").read_text(encoding="utf-8").splitlines()]
    dice = random.Random(3)  # repeatable, not secret
    dice.shuffle(asked)
    asked = asked if os.environ.get("HUIYING_NIGHTLY") else asked[:240]
    messages = MessageMatcher(matcher, settings)
    alone = sum(matcher.match(row["question"]).candidates[0].document_id == row["document"] for row in asked)
    together = 0
    for three in (asked[start : start + 3] for start in range(0, len(asked), 3)):
        text = dice.choice(STORIES) + "".join(f"{dice.choice(LEADS)}{row['question'].rstrip('?？')}？" for row in three) + "谢谢，盼复！"
        answers = messages.match(text).answers
        for row in three:
            key = row["question"].rstrip("?？")[-8:]
            mine = [answer.match for answer in answers if key in text[answer.question.start : answer.question.end]]
            together += any(match.candidates and match.candidates[0].document_id == row["document"] for match in mine[:1])
    assert together >= alone - 0.03 * len(asked)
