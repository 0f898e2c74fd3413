"""Documents asked for by number or title: found first, whatever brackets and blanks were typed."""

from dataclasses import replace

import pytest

from responder.corpus import Document
from responder.matching import Matcher
from responder.naming import names_in, names_of
from responder.text import plain
from tests.responder.office_documents import PENSION, settings

SPELLINGS = [
    "青人社发〔2015〕8号", "青人社发[2015]8号", "青人社发【2015】8号", "青人社发(2015)8号", "青人社发（2015）8号", "青人社发﹝2015﹞8号", "青人社发〔２０１５〕８号",
    "青人社发 〔 2015 〕 第 8 号", "青人社发2015年第8号", "青人社发<2015>8号", "青人社发《2015》08号", "青人社發〔2015〕8號", "青人社发「2015」8号",
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


@pytest.mark.parametrize("question", ["青人社发〔2015〕88号规定了什么领取条件?", "社发〔2016〕8号规定了什么领取条件?", "第8号文件的领取条件?"])
def test_another_number_lifts_nothing(full, question):
    assert full.collection.named(plain(question)) == []


def test_a_title_in_its_marks_is_found_and_the_own_title_goes_before_one_that_repeats_it():
    matcher = Matcher(settings())
    law = Document("law", "青禾县人才公寓管理办法", "第一条 为规范管理，制定本办法。")
    matcher.put(replace(law, id="notice", title="关于印发《青禾县人才公寓管理办法》的通知", text="青禾县人才公寓管理办法现印发给你们，请执行。人才公寓管理办法。"))
    assert matcher.match("《青禾县人才公寓管理办法》是怎么规定的?").candidates[0].document_id == "notice"
    matcher.put(law)
    assert matcher.match("《青禾县人才公寓管理办法》是怎么规定的?").candidates[0].document_id == "law"
    matcher.remove("law")
    assert matcher.collection.named(plain("《青禾县人才公寓管理办法》")) == ["notice"]


def test_a_named_document_that_was_repealed_is_told_and_not_quoted(full):
    matcher = Matcher(settings())
    for document in (*crowd(), replace(PENSION, in_force=False)):
        matcher.put(document)
    match = matcher.match("青人社发〔2015〕8号文件中领取条件的规定是什么?")
    assert (match.decision, match.reason) == ("hand_over", "out_of_force")
    assert match.ended[0].document_id == PENSION.id
    assert PENSION.id not in [candidate.document_id for candidate in match.candidates]


def test_names_stand_in_the_field_the_title_or_alone_at_the_opening():
    assert "青人社发2015/8" in names_of(PENSION)
    assert "青政办发2016/12" in names_of(Document("d", "通知（青政办发〔2016〕12号）", "正文"))
    assert "青政办发2016/12" in names_of(Document("d", "通知", "通知 青政办发〔2016〕12号 各有关单位："))
    assert names_of(Document("d", "通知", "根据青政办发〔2016〕12号文件")) == []


def test_names_are_bounded():
    assert len(names_in("国发〔2016〕1号" * 3_000)) <= 8
    assert len(names_in("《某某管理办法》" * 3_000)) <= 8
    assert names_in("2016" * 2_500) == []
