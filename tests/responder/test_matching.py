"""The matcher over a small office's documents: what is found, quoted, decided; and what never happens."""

import threading
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from responder.corpus import Document
from responder.matching import Match, Matcher
from tests.responder.office_documents import CARD, DOCUMENTS, OLD_SUBSIDY, PENSION, UNEMPLOYMENT, office, settings

TEXTS = {document.id: document.text for document in DOCUMENTS}
QUESTIONS = {
    "城乡居民养老保险每年交多少钱?": ("pension", "200元"),
    "领取养老金需要满足什么条件?": ("pension", "满60周岁"),
    "失业保险金每月发放多少?": ("unemployment", "1036元"),
    "社保卡丢了在哪里挂失?": ("card", "12333"),
    "劳动合同试用期最长多久?": ("contract", "六个月"),
    "事业单位招聘什么时候报名?": ("recruitment", "5月9日"),
}


def assert_verbatim(match: Match, question: str, texts: dict[str, str]) -> None:
    """Every quotation stands in its document, every mark inside what it marks."""
    assert 0 <= match.confidence <= 1
    assert match.decision in {"draft", "suggest", "hand_over"}
    assert match.abstained == (match.decision == "hand_over")
    for candidate in match.candidates:
        assert len(candidate.evidence) <= 3
        for piece in candidate.evidence:
            assert piece.quote == texts[candidate.document_id][piece.start : piece.end]
            assert 0 < len(piece.quote) <= 240
            assert all(0 <= a < b <= len(piece.quote) for a, b in piece.marks)
            assert all(0 <= a < b <= len(question) for a, b in piece.question_marks)


@pytest.mark.parametrize(("question", "wanted"), QUESTIONS.items(), ids=list(QUESTIONS))
def test_the_answer_is_found_and_quoted(matcher, question, wanted):
    match = matcher.match(question)
    first = match.candidates[0]
    assert first.document_id == wanted[0]
    assert any(wanted[1] in piece.quote for piece in first.evidence)
    assert_verbatim(match, question, TEXTS)


@pytest.mark.parametrize("question", ["社會保障卡遺失如何掛失?", "社会保障卡遗失如何挂失？", "社会　保障卡遗失\u200b如何挂失?"])
def test_script_width_and_invisible_characters_do_not_matter(matcher, question):
    match = matcher.match(question)
    assert match.candidates[0].document_id == "card"
    marked = [question[a:b] for piece in match.candidates[0].evidence for a, b in piece.question_marks]
    assert any("保障卡" in word or "保障卡" in word.replace("\u200b", "") for word in marked)


def test_a_typing_error_still_finds_the_document(matcher):
    assert matcher.match("事业单位公开招骋工作人员报名时间?").candidates[0].document_id == "recruitment"


def test_marks_show_the_shared_words_on_both_sides(matcher):
    question = "失业保险金的领取期限是多久?"
    piece = matcher.match(question).candidates[0].evidence[0]
    assert "失业保险金" in {piece.quote[a:b] for a, b in piece.marks} | {question[a:b] for a, b in piece.question_marks}
    assert piece.marks
    assert piece.question_marks


def test_offsets_point_into_the_original_traditional_text():
    text = "關於補辦社會保障卡的通知\r\n補辦工本費２０元，\u200b十五個工作日內領取。其他事項請向櫃檯諮詢。"
    matcher = Matcher(settings())
    matcher.put(Document("t", "關於補辦社會保障卡的通知", text))
    piece = matcher.match("补办社会保障卡工本费多少元?").candidates[0].evidence[0]
    assert piece.quote == text[piece.start : piece.end]
    assert "２０元" in piece.quote
    assert any("補辦" in piece.quote[a:b] for a, b in piece.marks)


def test_what_no_document_knows_is_handed_over_with_low_confidence(matcher):
    match = matcher.match("桥梁加固工程什么时候完工?")
    assert match.abstained
    assert match.reason in {"nothing_found", "low_confidence", "too_close"}
    assert match.confidence < settings().thresholds.suggest


def test_a_good_question_is_surer_than_a_foreign_one(matcher):
    assert matcher.match("失业保险金发放标准每人每月多少元?").confidence > matcher.match("公园晚上几点关门?").confidence + 0.2


@pytest.mark.parametrize("question", ["", "   ", "？？？", "\n\u200b", "😀😀"])
def test_an_empty_question_is_handed_over(matcher, question):
    match = matcher.match(question)
    assert (match.candidates, match.confidence, match.decision, match.reason) == ((), 0.0, "hand_over", "empty_question")


def test_an_empty_index_finds_nothing():
    assert Matcher(settings()).match("养老金如何领取?").reason == "nothing_found"


def test_a_document_out_of_force_is_never_listed_and_gives_its_reason(matcher):
    match = matcher.match("困难家庭高校毕业生求职补贴多少元?")
    assert match.reason == "out_of_force"
    assert match.abstained
    assert OLD_SUBSIDY.id not in [candidate.document_id for candidate in match.candidates]
    matcher.put(replace(OLD_SUBSIDY, in_force=True))
    assert matcher.match("困难家庭高校毕业生求职补贴多少元?").candidates[0].document_id == OLD_SUBSIDY.id


def test_a_personal_case_is_handed_over_with_its_candidates(matcher):
    match = matcher.match("我父亲每月领取的养老金为什么停发了?")
    assert (match.decision, match.reason) == ("hand_over", "personal_case")
    assert match.candidates[0].document_id == "pension"


def test_of_copies_the_newer_comes_first():
    matcher = Matcher(settings())
    for key, day in (("a", date(2014, 1, 1)), ("b", date(2016, 1, 1)), ("c", date(2015, 1, 1))):
        matcher.put(replace(PENSION, id=key, issued=day))
    assert [c.document_id for c in matcher.match("居民养老保险领取条件?").candidates] == ["b", "c", "a"]


def test_the_region_that_is_asked_for_is_preferred():
    matcher = Matcher(settings())
    for region in ("浙江", "江苏", "安徽"):
        matcher.put(Document(region, f"{region}省稳岗返还办法", f"{region}省稳岗返还办法\n不裁员的企业返还上年度失业保险费的一半。"))
    assert matcher.match("江苏省稳岗返还比例是多少?").candidates[0].document_id == "江苏"


def test_put_replaces_and_remove_forgets(matcher):
    question = "社保卡补办工本费多少元?"
    assert "20元" in matcher.match(question).candidates[0].evidence[0].quote
    matcher.put(replace(CARD, text=CARD.text.replace("20元", "15元")))
    assert "15元" in matcher.match(question).candidates[0].evidence[0].quote
    assert len(matcher) == len(DOCUMENTS)
    matcher.remove(CARD.id)
    matcher.remove("unknown")
    assert CARD.id not in [c.document_id for c in matcher.match(question).candidates]


def test_a_changed_matcher_answers_like_a_new_one(matcher):
    for turn in range(30):
        matcher.put(replace(CARD, id=f"x{turn}"))
        matcher.put(replace(UNEMPLOYMENT, id=f"x{turn}"))
        matcher.remove(f"x{turn}")
    for question in QUESTIONS:
        assert matcher.match(question) == office().match(question)


def test_limit_and_evidence_of_the_first_few():
    matcher = Matcher(settings())
    for turn in range(30):
        matcher.put(replace(PENSION, id=f"{turn:02}", text=PENSION.text + f"\n第{turn}号"))
    match = matcher.match("养老保险领取条件?", limit=25)
    assert len({c.document_id for c in match.candidates}) == 25
    assert [bool(c.evidence) for c in match.candidates[:4]] == [True, True, True, False]
    scores = [c.score for c in match.candidates]
    assert scores == sorted(scores, reverse=True)
    assert len(matcher.match("养老保险领取条件?", limit=2).candidates) == 2


def test_a_long_message_is_matched_by_what_it_asks(matcher):
    story = "尊敬的领导您好,我是河东村村民,今年家里盖房子,路也不好走,下雨天孩子上学很不方便。" * 6
    match = matcher.match(story + "想请问一下失业保险金每月发放多少?盼望早日答复,祝工作顺利。" + story)
    assert match.candidates[0].document_id == "unemployment"


HOSTILE = {
    "one character": "补" * 10_000,
    "pairs": "补贴" * 5_000,
    "commas": "养老金," * 2_500,
    "questions": "养老金?" * 2_500,
    "circled": "①" * 10_000,
    "marks": "a" + "\u0301" * 9_999,
    "lines": "\n" * 10_000,
    "half characters": "\ud800养老金" * 2_000,
    "nul": "养老金\x00领取" * 1_000,
    "ligature": "ﷺ" * 10_000,
}


@pytest.mark.parametrize("question", HOSTILE.values(), ids=list(HOSTILE))
def test_any_input_is_bounded(matcher, question):
    matcher.put(Document("long", "长文件", "补贴申领。养老金,领取;" * 1_700))
    matcher.match(question)
    spent = time.process_time()
    match = matcher.match(question)
    assert time.process_time() - spent < 1.0
    assert_verbatim(match, question, {**TEXTS, "long": "补贴申领。养老金,领取;" * 1_700})


@pytest.mark.parametrize("text", ["", " ", "。", "补" * 20_000, "补。贴。" * 5_000, "①" * 3_000, "\ud800" * 50, "\u200b" * 50])
def test_any_document_can_be_put_and_matched(matcher, text):
    matcher.put(Document("odd", "补贴怪文件", text))
    match = matcher.match("补贴怪文件补补贴?")
    assert_verbatim(match, "补贴怪文件补补贴?", {**TEXTS, "odd": text})


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(alphabet="养老金领取補貼ａ1２①。，；?！ \n\u200b\u0301”（）", max_size=400), min_size=1, max_size=4),
    st.text(alphabet="养老金领取补贴①a2？，。 \u200b什么", max_size=300),
)
def test_quotations_are_verbatim_whatever_comes(texts, question):
    matcher = Matcher(settings())
    for number, text in enumerate(texts):
        matcher.put(Document(str(number), text[:10], text))
    assert_verbatim(matcher.match(question), question, {str(number): text for number, text in enumerate(texts)})


def test_readers_while_documents_change(matcher):
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert matcher.match("失业保险金每月发放多少?").candidates[0].document_id == "unemployment"
        except BaseException as error:  # noqa: BLE001 - told to the main thread
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(300):
        matcher.put(replace(CARD, id=f"n{turn % 7}"))
        matcher.remove(f"n{(turn + 3) % 7}")
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []


def test_behind_a_quotation_that_ends_in_a_heading_comes_what_stands_under_it():
    opening = "任何人发现骗取补贴行为的，都可以通过窗口、信函、电话等途径举报，骗取补贴行为一经属实，对举报骗取补贴行为的人按照本办法给予奖励。" * 2
    under = "由本级财政负担，给予最先提供线索的人一千元至一万元，多人联名的按一个线索计算，" * 5 + "按月支付。"
    matcher = Matcher(settings())
    matcher.put(Document("reward", "举报骗取补贴行为奖励办法", f"举报骗取补贴行为奖励办法\n{opening}\n三、奖励标准\n{under}\n{opening}"))
    first, second = matcher.match("举报骗取补贴行为有什么奖励?").candidates[0].evidence[:2]
    assert first.quote.endswith("三、奖励标准")
    assert second.quote == f"三、奖励标准\n{under}"
