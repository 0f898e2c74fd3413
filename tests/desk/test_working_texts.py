"""What is typed is never lost: a kept text gives way only to one that contains it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from board.errors import InvalidInput, NotAllowed, NotFound
from board.models import Inquiry, WorkingText
from board.replies import review, working_texts
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]


def keep(bureau: Bureau, posted, text: str, who: str = "clerk", sheet: str = "page-one", **more):
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        row = working_texts.keep(session, bureau.actors[who], inquiry, text, 0, sheet, bureau.office.settings, more.pop("at", NOW), **more)
        return row.id if row else None


def all_texts(bureau: Bureau) -> list[str]:
    with bureau.office.work.reading() as session:
        return list(session.scalars(select(WorkingText.text).order_by(WorkingText.id)))


def offered(bureau: Bureau, posted, standing: str = "") -> list[str]:
    with bureau.office.work.reading() as session:
        return [row.text for row in working_texts.offered(session, session.get_one(Inquiry, posted.inquiry_id), standing)]


def test_typing_on_fills_one_row_and_taking_away_begins_another(bureau: Bureau) -> None:
    posted = bureau.post()
    for text in ("网民", "网民您好", "网民您好！请到窗口办理。", "网民您好！请带身份证到窗口办理。"):
        keep(bureau, posted, text)
    keep(bureau, posted, "网民您好！")
    keep(bureau, posted, "网民您好！谢谢。")
    assert all_texts(bureau) == ["网民您好！请带身份证到窗口办理。", "网民您好！谢谢。"]
    assert offered(bureau, posted) == ["网民您好！谢谢。"]
    assert offered(bureau, posted, "网民您好！谢谢。") == []


@given(st.lists(st.text(alphabet="甲乙丙\n", max_size=6), max_size=8))
def test_whatever_is_typed_can_be_read_again(texts: list[str]) -> None:
    rows: list[str] = []
    for text in texts:
        if rows and working_texts.contains(text, rows[-1]):
            rows[-1] = text
        else:
            rows.append(text)
    assert all(any(letters_of(text, row) for row in rows) for text in texts)


def letters_of(text: str, row: str) -> bool:
    """Whether the letters of the text stand in the row in this order."""
    rest = iter(row)
    return all(letter in rest for letter in text)


def test_an_older_state_that_arrives_late_changes_nothing(bureau: Bureau) -> None:
    posted = bureau.post()
    assert keep(bureau, posted, "第三次", turn=3)
    assert keep(bureau, posted, "第二次", turn=2) is None
    assert keep(bureau, posted, "  ", turn=4) is None
    assert all_texts(bureau) == ["第三次"]


def test_two_pages_of_one_person_keep_a_text_each(bureau: Bureau) -> None:
    posted = bureau.post()
    keep(bureau, posted, "左边窗口", sheet="left")
    keep(bureau, posted, "右边窗口", sheet="right", at=NOW + timedelta(seconds=3))
    keep(bureau, posted, "左边窗口写完", sheet="left", at=NOW + timedelta(seconds=6))
    assert offered(bureau, posted) == ["左边窗口写完", "右边窗口"]


def test_saving_settles_what_its_page_kept_and_nothing_else(bureau: Bureau) -> None:
    posted = bureau.post()
    keep(bureau, posted, "正在写", sheet="left")
    keep(bureau, posted, "另一窗口", sheet="right")
    keep(bureau, posted, "同事写的", who="signer", sheet="other")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        review.save_draft(session, bureau.actors["clerk"], inquiry, "写好了", 0, bureau.office.settings, NOW, "left")
    assert sorted(offered(bureau, posted)) == ["另一窗口", "同事写的"]
    with bureau.office.work.reading() as session:
        row = session.scalars(select(WorkingText).where(WorkingText.sheet == "left")).one()
        assert (row.text, row.revision, row.settled_at) == ("正在写", 1, NOW)
    assert keep(bureau, posted, "正在写", sheet="left") is None
    assert keep(bureau, posted, "正在写，又写", sheet="left")
    assert len(all_texts(bureau)) == 4


def test_putting_aside_keeps_the_text_and_is_for_the_own_one_only(bureau: Bureau) -> None:
    posted, other = bureau.post(), bureau.post("另一条留言")
    mine, his = keep(bureau, posted, "不要了"), keep(bureau, posted, "同事写的", who="signer", sheet="other")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        working_texts.put_aside(session, bureau.actors["clerk"], inquiry, mine, NOW)
        with pytest.raises(NotFound):
            working_texts.put_aside(session, bureau.actors["clerk"], inquiry, his, NOW)
        with pytest.raises(NotFound):
            working_texts.text_of(session, session.get_one(Inquiry, other.inquiry_id), mine)
    assert offered(bureau, posted) == ["同事写的"]
    assert sorted(all_texts(bureau)) == ["不要了", "同事写的"]


def test_a_draft_that_is_too_long_or_from_a_foreign_unit_is_refused(bureau: Bureau) -> None:
    posted = bureau.post()
    with pytest.raises(InvalidInput):
        keep(bureau, posted, "长" * 40_001)
    with pytest.raises(InvalidInput):
        keep(bureau, posted, "字", sheet="s" * 41)
    with pytest.raises(NotAllowed):
        keep(bureau, posted, "别的单位", who="clerk-sbj")
    assert keep(bureau, posted, "长" * 20_500)
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(WorkingText)) == 1
