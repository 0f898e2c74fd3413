"""Documents asked for by number or title: found first, whatever brackets and blanks were typed."""

from dataclasses import replace

import pytest

from responder.collection import Named
from responder.corpus import Document
from responder.matching import Matcher
from responder.naming import asked_numbers, asked_titles, cites, names_of
from responder.text import plain
from tests.responder.office_documents import PENSION, settings

SPELLINGS = [
    "青人社发〔2015〕8号", "青人社发[2015]8号", "青人社发【2015】8号", "青人社发(2015)8号", "青人社发（2015）8号", "青人社发﹝2015﹞8号", "青人社发〔２０１５〕８号",
    "青人社发 〔 2015 〕 第 8 号", "青人社发2015年第8号", "青人社发<2015>8号", "青人社发《2015》08号", "青人社發〔2015〕8號", "青人社发「2015」8号",
    "青人社发2015-8号", "青人社发<2015>第8号", "青人社发[2015]8", "青人社发二〇一五年八号", "青人社发〔二零一五〕第八号", "青人社发（二○一五）8号", "青人社发 〔 2 0 1 5 〕 8 号",
    "2015年8号", "你们局2015年第8号", "贵局〔2015〕8号",
]  # fmt: skip


def crowd() -> list[Document]:
    """Documents that share all words of the one that is asked for, so that only its number tells."""
    return [replace(PENSION, id=f"copy{i}", number=f"青人社发〔{2000 + i}〕{9 + i}号", text=PENSION.text + "办事指南文件规定领取条件。" * 3) for i in range(25)]


@pytest.fixture(scope="module")
def full() -> Matcher:
    matcher = Matcher(settings())
    for document in (*crowd(), replace(PENSION, text="第三条 另有规定的从其规定。")):
        matcher.put(document)
    return matcher


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_question_that_names_a_number_gets_that_document_first(full, spelling):
    question = f"请问{spelling}文件中领取条件的规定是什么?"
    match = full.match(question)
    assert match.candidates[0].document_id == PENSION.id
    for piece in match.candidates[0].evidence:
        assert piece.quote == "第三条 另有规定的从其规定。"[piece.start : piece.end]
        assert all(0 <= a < b <= len(question) for a, b in piece.question_marks)


def test_marks_in_the_question_show_what_was_typed():
    matcher = Matcher(settings())
    matcher.put(Document("d", "通知", "根据青人社发〔2015〕8号文件，申领时限为30日。"))
    question = "青人社发【２０１５】８号文件的申领时限?"
    piece = matcher.match(question).candidates[0].evidence[0]
    assert any("人社发" in question[a:b] for a, b in piece.question_marks)
    assert any("人社发" in piece.quote[a:b] for a, b in piece.marks)


NO_NUMBERS = ["第8号文件的领取条件?", "我家在幸福路2015年8号楼,能领养老金吗?", "2015年8月8号能领养老金吗?", "电话12015 8号", "2015年8岁了,8号领养老金?"]


@pytest.mark.parametrize("question", NO_NUMBERS)
def test_what_is_no_document_number_lifts_nothing(full, question):
    assert full.collection.named(plain(question)) == Named()


WRONG = ["青人社发〔2015〕88号", "白人社发【2015】8号", "白人社发二〇一五年八号", "(青政办)[2015]8号", "人社发〔2015〕8号", "青人社发〔2014〕8号"]


@pytest.mark.parametrize("number", WRONG)
def test_a_number_that_no_document_bears_is_not_answered_by_another(full, number):
    match = full.match(f"根据{number}，参加城乡居民基本养老保险的领取条件是什么?")
    assert (match.decision, match.reason, match.asked_for) == ("hand_over", "no_such_document", ())
    assert full.match("参加城乡居民基本养老保险的领取条件是什么?").reason != "no_such_document"


def test_a_number_that_the_found_document_cites_is_answered(full):
    matcher = Matcher(settings())
    matcher.put(replace(PENSION, number="", text=PENSION.text + "依据省人社厅白人社发〔2015〕8号文件制定。"))
    question = "白人社发【2015】8号里城乡居民基本养老保险的领取条件是什么?"
    assert matcher.match(question).reason != "no_such_document"
    assert matcher.match(question.replace("白", "黑")).reason == "no_such_document"


def test_cited_numbers_are_told_apart_by_their_office():
    (asked,) = asked_numbers(plain("请问云人社发〔2016〕8号怎么说?"))
    assert cites(plain("根据云人社发[2016]8号文件"), asked)
    assert not cites(plain("根据白人社发〔2016〕8号、云人社发〔2016〕9号文件"), asked)


def test_a_title_in_its_marks_is_found_and_the_own_title_goes_before_one_that_repeats_it():
    matcher = Matcher(settings())
    law = Document("law", "青禾县人才公寓管理办法", "第一条 为规范管理，制定本办法。")
    matcher.put(replace(law, id="notice", title="关于印发《青禾县人才公寓管理办法》的通知", text="青禾县人才公寓管理办法现印发给你们，请执行。人才公寓管理办法。"))
    assert matcher.match("《青禾县人才公寓管理办法》是怎么规定的?").candidates[0].document_id == "notice"
    matcher.put(law)
    assert matcher.match("《青禾县人才公寓管理办法》是怎么规定的?").candidates[0].document_id == "law"
    matcher.remove("law")
    assert matcher.collection.named(plain("《青禾县人才公寓管理办法》")).ids == ("notice",)


def test_a_named_document_that_was_repealed_is_told_and_not_quoted(full):
    matcher = Matcher(settings())
    for document in (*crowd(), replace(PENSION, in_force=False)):
        matcher.put(document)
    match = matcher.match("青人社发〔2015〕8号文件中领取条件的规定是什么?")
    assert (match.decision, match.reason) == ("hand_over", "out_of_force")
    assert match.ended[0].document_id == match.asked_for[0] == PENSION.id
    assert PENSION.id not in [candidate.document_id for candidate in match.candidates]


def test_names_stand_in_the_field_the_title_or_alone_at_the_opening():
    assert "青人社发2015/8" in names_of(PENSION)
    assert "青政办发2016/12" in names_of(Document("d", "通知（青政办发〔2016〕12号）", "正文"))
    assert "青政办发2016/12" in names_of(Document("d", "通知", "通知 青政办发〔2016〕12号 各有关单位："))
    assert names_of(Document("d", "通知", "根据青政办发〔2016〕12号文件")) == []


def test_names_are_bounded():
    assert len(asked_numbers("国发〔2016〕1号" * 3_000)) <= 8
    assert len(asked_titles("《某某管理办法》" * 3_000)) <= 8
    assert asked_numbers("2016" * 2_500) == asked_numbers("二〇" * 5_000) == asked_numbers("1 " * 5_000) == []
