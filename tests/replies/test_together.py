"""Several units at one inquiry, supervision, reminders and sending on, on both databases."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotAllowed, NotConfigured, NotFound
from board.inquiries import side_moves
from board.inquiries.posting import Posted
from board.models import AccusedParty, Inquiry, PartState, Unit
from board.replies import other_offices, review, together
from board.replies.choosing import Choice
from board.replies.lanes import lines_on
from board.replies.queue import counts, desk_queue
from tests.bureau import NOW, Bureau

TODAY = local_day(NOW)
SOON = TODAY + timedelta(days=2)


@pytest.fixture
def posted(bureau: Bureau) -> Posted:
    """An inquiry of the bureau itself, in the clerk's hands."""
    posted = bureau.post("失业保险和社保转移怎么办？")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        review.accept(session, bureau.actors["signer"], inquiry, NOW)
    return posted


def asked(bureau: Bureau, posted: Posted, code: str = "sbj") -> int:
    """The signer asks a unit for its part."""
    with bureau.office.work.transaction() as session:
        inquiry, unit = session.get_one(Inquiry, posted.inquiry_id), session.query(Unit).filter_by(code=code).one()
        return together.ask_unit(session, bureau.actors["signer"], inquiry, unit, "请答复社保转移部分", SOON, NOW).id


def test_each_unit_writes_its_own_part_and_the_unit_in_charge_joins_them(bureau: Bureau, posted: Posted) -> None:
    first, second = asked(bureau, posted), asked(bureau, posted, "jyg")
    lines = lines_on(bureau.office.settings, bureau.office.calendar, TODAY)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert [one.id for one in desk_queue(session, bureau.actors["clerk-sbj"], Choice(lane="joint"), lines).items] == [inquiry.id]
        assert counts(session, bureau.actors["clerk-sbj"], lines)["joint"] == 1
        part = together.part_of(session, inquiry, first)
        assert (together.may_answer(bureau.actors["clerk-sbj"], part), together.may_answer(bureau.actors["manager"], part)) == (True, False)
        together.answer_part(session, bureau.actors["clerk-sbj"], inquiry, part, " 转移在社保局办理。 ", bureau.office.settings, NOW)
        with pytest.raises(Conflict, match="已经答复"):
            together.return_part(session, bureau.actors["clerk-sbj"], inquiry, part, "不是我们的", NOW)
        together.return_part(session, bureau.actors["clerk"], inquiry, together.part_of(session, inquiry, second), "这部分由社保局负责", NOW)
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        parts = together.parts_of(session, inquiry)
        assert [(one.unit.code, one.state, one.text, one.reason) for one in parts] == [
            ("sbj", PartState.answered, "转移在社保局办理。", ""), ("jyg", PartState.returned, "", "这部分由社保局负责"),
        ]  # fmt: skip
        assert together.open_parts(parts) == []
        text = together.joined("网民您好！", parts)
        assert text == "网民您好！\n\n## 测试县社会保险事业管理局答复\n\n转移在社保局办理。\n"
        assert together.joined(text, parts) == text
        assert [event.action for event in inquiry.events][-4:] == ["co_handle", "co_handle", "co_answer", "co_answer"]
        assert counts(session, bureau.actors["clerk-sbj"], lines)["joint"] == 0


def test_a_part_is_asked_for_once_by_a_day_that_lies_ahead_and_never_of_the_accused(bureau: Bureau, posted: Posted) -> None:
    asked(bureau, posted)
    signer = bureau.actors["signer"]
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        sbj, jyg, root = (session.query(Unit).filter_by(code=code).one() for code in ("sbj", "jyg", "bureau"))
        for unit, task, due, field in (
            (None, "x", SOON, "unit"), (root, "x", SOON, "unit"), (jyg, " ", SOON, "task"), (jyg, "长" * 501, SOON, "task"),
            (jyg, "x", TODAY - timedelta(days=1), "due_on"), (jyg, "x", None, "due_on"), (jyg, "x", date(9999, 1, 1), "due_on"),
        ):  # fmt: skip
            with pytest.raises(InvalidInput) as refused:
                together.ask_unit(session, signer, inquiry, unit, task, due, NOW)
            assert refused.value.field == field
        session.add(AccusedParty(inquiry_id=inquiry.id, unit_id=jyg.id))
        session.flush()
        session.refresh(inquiry)
        with pytest.raises(InvalidInput, match="被投诉"):
            together.ask_unit(session, signer, inquiry, jyg, "请说明", SOON, NOW)
        with pytest.raises(NotAllowed):
            together.ask_unit(session, bureau.actors["clerk"], inquiry, sbj, "请说明", SOON, NOW)
    with pytest.raises(Conflict, match="已请社保局会办"):
        asked(bureau, posted)


def test_only_the_unit_that_was_asked_answers(bureau: Bureau, posted: Posted) -> None:
    part_id, other = asked(bureau, posted, "jyg"), bureau.post("另一件")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        part = together.part_of(session, inquiry, part_id)
        with pytest.raises(NotAllowed):
            together.answer_part(session, bureau.actors["clerk-sbj"], inquiry, part, "答复", bureau.office.settings, NOW)
        with pytest.raises(NotFound):
            together.part_of(session, session.get_one(Inquiry, other.inquiry_id), part_id)
        with pytest.raises(InvalidInput):
            together.answer_part(session, bureau.actors["clerk"], inquiry, part, "  ", bureau.office.settings, NOW)
        assert part.state == PartState.asked


def test_supervision_has_its_own_day_and_is_seen_in_its_lane(bureau: Bureau, posted: Posted) -> None:
    lines = lines_on(bureau.office.settings, bureau.office.calendar, TODAY)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        due = inquiry.due_on
        for who, reason, day, error in (("manager", "", SOON, InvalidInput), ("manager", "久拖不决", TODAY - timedelta(days=1), InvalidInput), ("clerk", "x", SOON, NotAllowed)):
            with pytest.raises(error):
                side_moves.supervise(session, bureau.actors[who], inquiry, reason, NOW, day)
        side_moves.supervise(session, bureau.actors["manager"], inquiry, "久拖不决", NOW, SOON)
        assert (inquiry.supervised_until, inquiry.due_on) == (SOON, due)
        assert [one.id for one in desk_queue(session, bureau.actors["clerk"], Choice(lane="supervised"), lines).items] == [inquiry.id]
        assert counts(session, bureau.actors["clerk"], lines)["supervised"] == 1


def test_a_reminder_goes_out_once_a_day(bureau: Bureau, posted: Posted) -> None:
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        side_moves.remind(session, bureau.actors["manager"], inquiry, NOW)
        with pytest.raises(Conflict, match="今天已经催办"):
            side_moves.remind(session, bureau.actors["signer"], inquiry, NOW + timedelta(hours=3), "请抓紧")
        side_moves.remind(session, bureau.actors["signer"], inquiry, NOW + timedelta(days=1), "请抓紧")
        assert [event.reason for event in inquiry.events if event.action == "remind"] == ["", "请抓紧"]


def test_an_inquiry_that_was_sent_on_knows_how_the_other_office_is_reached(bureau: Bureau, posted: Posted) -> None:
    known = other_offices.load_authorities(bureau.office.settings.config_dir, bureau.office.settings.home)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        side_moves.transfer(session, bureau.actors["manager"], inquiry, "住房公积金管理中心", "公积金由该中心负责", NOW)
        assert other_offices.where_to(known, inquiry) == known["住房公积金管理中心"]
        assert other_offices.last_reason(inquiry.events, "transfer") == "公积金由该中心负责"


def test_an_office_adds_authorities_of_its_own(bureau: Bureau, tmp_path: Path) -> None:
    (tmp_path / "offices.toml").write_text('[[offices]]\nname = "民政局"\nphone = "0900-1"\n[[offices]]\nname = "县残联"\n', encoding="utf-8")
    known = other_offices.load_authorities(bureau.office.settings.config_dir, tmp_path)
    assert (known["民政局"].phone, known["县残联"].phone, known["住房公积金管理中心"].phone) == ("0900-1", "", "12329")
    (tmp_path / "offices.toml").write_text('[[offices]]\nphone = "0900-1"\n', encoding="utf-8")
    with pytest.raises(NotConfigured):
        other_offices.load_authorities(bureau.office.settings.config_dir, tmp_path)
