"""Complaints and reports: the accused never handle them and are never named; 急件 stand first and tell the duty; a report's author stays hidden."""

import pytest
from sqlalchemy import select

from board.errors import InvalidInput, NotAllowed, NotFound
from board.inquiries import delicate, urgent
from board.inquiries.lifecycle import TRANSITIONS, Told
from board.inquiries.public_text import redacted
from board.inquiries.queries import timeline
from board.models import Event, Inquiry, Unit
from board.replies import review
from board.replies.queue import urgent_items
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
COMPLAINT = "我要投诉社保局窗口的张大山，他和测试县宏达劳务公司串通，刁难我们。"


def marked(bureau: Bureau, code: str = "sbj", names: str = "张大山\n测试县宏达劳务公司\n") -> int:
    posted = bureau.post(COMPLAINT, kind="投诉")
    with bureau.office.work.transaction() as session:
        unit = session.scalar(select(Unit).where(Unit.code == code))
        delicate.mark_accused(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), unit, names, NOW)
    return posted.inquiry_id


def test_an_accused_unit_never_gets_the_complaint(bureau: Bureau) -> None:
    key = marked(bureau)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, key)
        accused, other = (session.scalars(select(Unit).where(Unit.code == code)).one() for code in ("sbj", "jyg"))
        with pytest.raises(InvalidInput, match="被投诉"):
            review.assign(session, bureau.actors["manager"], inquiry, accused, NOW)
        assert inquiry.state == "received"
        review.assign(session, bureau.actors["manager"], inquiry, other, NOW)
        with pytest.raises(NotFound):
            review.inquiry_for_staff(session, bureau.actors["clerk-sbj"], inquiry.number)
        assert review.inquiry_for_staff(session, bureau.actors["clerk"], inquiry.number) is inquiry


def test_marking_takes_the_item_out_of_accused_hands(bureau: Bureau) -> None:
    posted = bureau.post("窗口的张大山刁难我们。", kind="投诉")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        sbj = session.scalars(select(Unit).where(Unit.code == "sbj")).one()
        review.assign(session, bureau.actors["manager"], inquiry, sbj, NOW)
        review.take(session, bureau.actors["clerk-sbj"], inquiry, NOW)
        delicate.mark_accused(session, bureau.actors["manager"], inquiry, sbj, "", NOW)
        assert (inquiry.state, inquiry.unit_id, inquiry.claimed_by_id) == ("accepted", bureau.root_id, None)
        assert [event.action for event in timeline(session, inquiry)][-2:] == ["mark_accused", "divert"]


def test_accused_names_are_no_part_of_public_text_and_of_no_event(bureau: Bureau) -> None:
    key = marked(bureau)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, key)
        review.save_draft(session, bureau.actors["clerk"], inquiry, "网民您好！已约谈张大山和测试县宏达劳务公司。", 0, bureau.office.settings, NOW)
        shown = review.preview(session, inquiry, bureau.office.settings)
        for text in (shown.title, shown.question, shown.reply):
            assert "张大山" not in text
            assert "宏达" not in text
        assert "某某" in shown.reply
        said = [f"{event.reason}{event.data}" for event in session.scalars(select(Event).where(Event.inquiry_id == key))]
        assert not any("张大山" in words for words in said)


def test_a_longer_name_goes_first() -> None:
    assert redacted("宏达公司与宏达公司分部", ["宏达公司", "宏达公司分部"]) == "某某与某某"


def test_odd_names_and_the_office_itself_are_refused(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput, match="上级机关"):
        marked(bureau, code="bureau")
    for names in ("张", "\n".join(f"某公司{n}" for n in range(21)), "某" * 101, "  \n"):
        with pytest.raises(InvalidInput):
            marked(bureau, code="none", names=names)


def test_urgent_items_stand_above_the_queue(bureau: Bureau) -> None:
    bureau.post()
    pressing = bureau.post("有人要跳楼，快来人！")
    with bureau.office.work.reading() as session:
        found = urgent_items(session, bureau.actors["clerk"])
        assert [item.id for item in found] == [pressing.inquiry_id]
        with pytest.raises(NotAllowed):
            urgent_items(session, bureau.actors["admin"])


def test_words_of_an_urgent_item_in_any_width_and_only_together(bureau: Bureau) -> None:
    settings = bureau.office.settings
    assert list(urgent.urgent_words(settings, "", "再不管我就跳樓")) == ["跳楼"]
    assert list(urgent.urgent_words(settings, "欠薪", "我们几位农民工")) == ["欠薪+农民工"]
    assert not urgent.urgent_words(settings, "", "欠薪怎么投诉？")
    for action in ("propose_urgent", "mark_urgent"):
        assert Told.duty in TRANSITIONS[action].tells
