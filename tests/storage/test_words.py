"""The words of inquiries: written with the inquiry, found by one or two signs in any script, gone with the person."""

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from board.models import Inquiry, InquiryWords
from board.storage import words
from responder.grams import grams, needed
from tests.bureau import Bureau


def found(session: Session, query: str, letters: str = "wnc") -> set[int]:
    """Ids of the inquiries that match."""
    return set(session.scalars(select(Inquiry.id).where(words.INQUIRIES.matches(session, words.search_words(query), letters))))


@pytest.fixture
def posted(bureau: Bureau) -> list[int]:
    """Three inquiries; the second by 王小明 with a telephone."""
    return [
        bureau.post("失业保险金怎么申领？需要提交什么材料？").inquiry_id,
        bureau.post("請問養老金什麼時候發放？", nickname="王小明", contact="138 0013 8000").inquiry_id,
        bureau.post("公司拖欠工资ＡＢＣ１２３，人社函〔2016〕123号怎么说？").inquiry_id,
    ]


@pytest.mark.parametrize(
    ("query", "letters", "which"),
    [
        ("失", "w", [0]),
        ("失业", "w", [0]),
        ("失業保險", "w", [0]),
        ("保险业", "w", []),
        ("养老金", "w", [1]),
        ("養老 发放", "w", [1]),
        ("养老 工资", "w", []),
        ("怎么", "w", [0, 2]),
        ("abc123", "w", [2]),
        ("ＡＢＣ", "w", [2]),
        ("〔２０１６〕123", "w", [2]),
        ("2016", "w", [2]),
        ("王小明", "w", []),
        ("王小明", "wn", [1]),
        ("明", "wn", [1]),
        ("0013", "wn", []),
        ("00138000", "wnc", [1]),
        ("0013", "wne", []),
        ("8000 王", "wne", [1]),
        ('" OR 1 --', "w", []),
        ("龘", "wnc", []),
    ],
)
def test_what_is_found(bureau: Bureau, posted: list[int], query: str, letters: str, which: list[int]) -> None:
    with bureau.office.work.reading() as session:
        assert found(session, query, letters) == {posted[n] for n in which}


def test_every_number_is_found_by_its_end(bureau: Bureau, posted: list[int]) -> None:
    with bureau.office.work.reading() as session:
        for one in session.scalars(select(Inquiry)):
            assert found(session, one.number) == {one.id}
            assert found(session, one.number[-4:].lower()) == {one.id}


def test_the_words_follow_the_inquiry_and_are_erased_with_the_person(bureau: Bureau, posted: list[int]) -> None:
    with bureau.office.work.transaction() as session:
        one = session.get_one(Inquiry, posted[1])
        one.nickname, one.contact, one.text = "", "", "内容已按要求删除"
    with bureau.office.work.reading() as session:
        assert found(session, "王小明") == found(session, "8000", "wnce") == set()
        assert found(session, "按要求删除") == {posted[1]}
        kept = session.scalars(select(InquiryWords.grams).where(InquiryWords.inquiry_id == posted[1])).one()
        assert not any(gram[0] in "nces" for gram in kept)


def test_an_inquiry_that_is_not_stored_leaves_no_words(bureau: Bureau, posted: list[int]) -> None:
    class Stopped(Exception):
        """Breaks the transaction off."""

    def post_and_stop() -> None:
        with bureau.office.work.transaction() as session:
            session.get_one(Inquiry, posted[0]).text = "从未保存的文字"
            session.flush()
            raise Stopped

    with pytest.raises(Stopped):
        post_and_stop()
    with bureau.office.work.reading() as session:
        assert found(session, "从未保存") == set()
        assert found(session, "失业") == {posted[0]}


def test_the_words_are_rebuilt_from_the_inquiries(bureau: Bureau, posted: list[int]) -> None:
    with bureau.office.work.transaction() as session:
        session.execute(delete(InquiryWords))
    with bureau.office.work.reading() as session:
        assert found(session, "失业") == set()
    with bureau.office.work.transaction() as session:
        assert words.INQUIRIES.missing(session) == 3
        assert words.INQUIRIES.rebuild(session, 0) == (max(posted), 3)
        assert words.INQUIRIES.rebuild(session, max(posted)) == (max(posted), 0)
        assert words.INQUIRIES.missing(session) == 0
    with bureau.office.work.reading() as session:
        assert found(session, "失业") == {posted[0]}
        assert session.scalar(select(func.count()).select_from(InquiryWords)) == 3


def test_a_word_needs_exactly_the_pieces_that_every_text_with_it_has() -> None:
    for text, word in (("关于失业保险金的通知", "失业保险"), ("电话13800138000", "38001380"), ("x一y", "一"), ("A1b2C3", "1B2c")):
        assert set(needed(word)) <= grams(text)
    assert needed("，。？") == ()
    assert len(grams("字" + "abc123" * 3000)) <= 20_000
