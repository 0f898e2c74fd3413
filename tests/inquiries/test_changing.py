"""Settings changed on pages: versions that are only added, effective by day of receipt, in every process; on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries import changing
from board.inquiries.changing import Asked
from board.inquiries.holiday_notice import read_notice
from board.inquiries.limits import limit_for
from board.models import Event, Inquiry, Reply, SettingVersion, Unit
from board.office import Office, open_office
from board.wording.filling import check_variables, filled
from board.wording.sensitive import hits, words_of
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
TODAY = local_day(NOW)
ASKED = Asked(TODAY, 0)


def limit(bureau: Bureau, days: int | None, asked: Asked = ASKED, unit: str = "", who: str = "manager", kind: str = "consultation") -> int:
    """Changes a limit; returns the version."""
    with bureau.office.work.transaction() as session:
        version = changing.change_limit(session, bureau.actors[who], kind, unit, days, asked, NOW).id
    bureau.office.chosen.follow(NOW, at_once=True)
    return version


def days(office: Office, day: date, unit: str = "") -> int:
    """The limit for consultations received on the day."""
    return limit_for(office.settings, "consultation", day, unit).days


def test_a_limit_holds_for_what_is_received_from_its_day_on(bureau: Bureau) -> None:
    before = bureau.post()
    later = TODAY + timedelta(days=10)
    limit(bureau, 3, Asked(later, 0, "市里的新规定"))
    assert [days(bureau.office, day) for day in (TODAY, later - timedelta(days=1), later, later + timedelta(days=400))] == [5, 5, 3, 3]
    with bureau.office.work.reading() as session:
        assert session.get_one(Inquiry, before.inquiry_id).due_on == before.due


def test_due_dates_that_stand_are_not_moved_and_new_ones_follow(bureau: Bureau) -> None:
    before = bureau.post("第一个问题")
    limit(bureau, 1)
    after = bureau.post("第二个问题")
    with bureau.office.work.reading() as session:
        assert session.get_one(Inquiry, before.inquiry_id).due_on == before.due
    assert after.due < before.due


def test_a_limit_of_one_unit_and_back_to_the_default(bureau: Bureau) -> None:
    version = limit(bureau, 2, unit="jyg")
    assert [days(bureau.office, TODAY, unit) for unit in ("jyg", "sbj", "")] == [2, 5, 5]
    limit(bureau, None, replace(ASKED, seen=version, default=True), unit="jyg")
    assert days(bureau.office, TODAY, "jyg") == 5


def test_a_later_change_for_an_earlier_day_overtakes(bureau: Bureau) -> None:
    first = limit(bureau, 9, Asked(TODAY + timedelta(days=30), 0))
    limit(bureau, 7, Asked(TODAY + timedelta(days=10), first))
    assert [days(bureau.office, TODAY + timedelta(days=n)) for n in (0, 10, 30, 90)] == [5, 7, 7, 7]


@pytest.mark.parametrize(("number", "asked", "field"), [
    (0, ASKED, "days"), (61, ASKED, "days"), (None, ASKED, "days"), (3, Asked(TODAY - timedelta(days=1), 0), "effective_on"),
])  # fmt: skip
def test_impossible_limits_are_refused(bureau: Bureau, number: int | None, asked: Asked, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        limit(bureau, number, asked)
    assert refused.value.field == field
    assert days(bureau.office, TODAY) == 5


@pytest.mark.parametrize("who", ["clerk", "signer", "admin", "front", "head", "auditor"])
def test_only_a_manager_changes_settings(bureau: Bureau, who: str) -> None:
    with pytest.raises(NotAllowed):
        limit(bureau, 3, who=who)


def test_two_people_at_once_and_an_event_for_each_change(bureau: Bureau) -> None:
    limit(bureau, 3)
    with pytest.raises(Conflict):
        limit(bureau, 4)
    with bureau.office.work.reading() as session:
        events = session.query(Event).filter_by(chain="setting").all()
        assert [(event.action, event.data["name"]) for event in events] == [("setting_change", "consultation")]


def test_versions_cannot_be_changed(bureau: Bureau) -> None:
    limit(bureau, 3)
    for statement in ("UPDATE setting_versions SET name = 'x'", "DELETE FROM setting_versions"):
        with pytest.raises(Exception, match="append-only"), bureau.office.engine.begin() as connection:
            connection.execute(text(statement))


def test_another_process_follows(bureau: Bureau) -> None:
    other = open_office(bureau.office.chosen.default.settings, migrate=False)
    limit(bureau, 3)
    assert days(other, TODAY) == 5
    other.chosen.looked = float("-inf")
    other.chosen.follow(NOW)
    assert days(other, TODAY) == 3
    other.engine.dispose()


def test_a_pasted_year_counts_for_new_due_dates(bureau: Bureau) -> None:
    year = 2031
    notice = read_notice("一、元旦：1月1日至3日放假调休，共3天。1月5日（周日）上班。", year)
    assert bureau.office.calendar.day(date(year, 1, 2))[::2] == (True, False)
    with bureau.office.work.transaction() as session:
        changing.change_year(session, bureau.actors["manager"], year, notice, ASKED, NOW)
    bureau.office.chosen.follow(NOW, at_once=True)
    assert bureau.office.calendar.day(date(year, 1, 2)) == (False, "元旦", True)
    assert bureau.office.calendar.day(date(year, 1, 5)) == (True, "元旦调休", True)
    assert bureau.office.calendar.day(date(year, 3, 3))[2]


def test_the_wording_of_drafts_follows(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        manager, default = bureau.actors["manager"], bureau.office.chosen.default
        changing.change_phrase(session, manager, default, "reply.closing", "再次感谢您的留言。", ASKED, NOW)
        root = session.query(Unit).filter_by(code="bureau").one()
        values = {"name": root.name, "short_name": root.short_name, "signature": "测试县人社局（章）"}
        changing.change_unit(session, manager, root, values, ASKED, NOW)
        for name, wrong in (("reply.basis", "根据{titel}："), ("reply.basis", "根据{title.__class__}："), ("reply.closing", ""), ("reply.gap", "（请写：{what}）")):
            with pytest.raises(InvalidInput):
                changing.change_phrase(session, manager, default, name, wrong, ASKED, NOW)
    bureau.office.chosen.follow(NOW, at_once=True)
    posted = bureau.post()
    bureau.draft(posted)
    with bureau.office.work.reading() as session:
        written = session.query(Reply).filter_by(inquiry_id=posted.inquiry_id).one().text
    assert "再次感谢您的留言。" in written
    assert "\n\n测试县人社局（章）\n" in written


def test_a_unit_keeps_every_version_and_its_name_to_itself(bureau: Bureau) -> None:
    manager = bureau.actors["manager"]
    with bureau.office.work.transaction() as session:
        unit = session.query(Unit).filter_by(code="jyg").one()
        values = {"name": "就业促进股", "short_name": "就业股", "phone": "0900-5550199"}
        first = changing.change_unit(session, manager, unit, values, ASKED, NOW).id
        changing.change_unit(session, manager, unit, values | {"hours": "工作日 9:00—17:00"}, replace(ASKED, seen=first), NOW)
        assert (unit.phone, unit.hours, unit.window) == ("0900-5550199", "工作日 9:00—17:00", "")
        with pytest.raises(InvalidInput) as refused:
            changing.change_unit(session, manager, unit, {"name": "测试县社会保险事业管理局", "short_name": "就业股"}, replace(ASKED, seen=first + 1), NOW)
        assert refused.value.field == "name"
        assert [row.value["phone"] for row in session.query(SettingVersion).filter_by(topic="unit")] == ["0900-5550199"] * 2


def test_sensitive_words_are_found_however_they_are_written(bureau: Bureau) -> None:
    assert list(hits("有人代 开发票，ＡＢＣ也行", ["代开发票", "abc", "没有"])) == ["代开发票", "abc"]
    assert words_of("# 说明\n甲\n\n甲\n 乙 ") == ["甲", "乙"]
    assert "代开发票" in bureau.office.words
    with bureau.office.work.transaction() as session:
        changing.change_words(session, bureau.actors["manager"], "只有这个", ASKED, NOW)
    bureau.office.chosen.follow(NOW, at_once=True)
    assert bureau.office.words == ("只有这个",)
    for wrong in ("字" * 41, "\n".join(map(str, range(2001)))):
        with pytest.raises(InvalidInput):
            words_of(wrong)


def test_variables_are_filled_once_and_nothing_else_is_run() -> None:
    assert filled("{a}{b}{c.__class__}{0}{{a}}", {"a": "{b}", "b": "乙"}) == "{b}乙{c.__class__}{0}{{b}}"
    for wrong in ("{x}", "{a", "a}", "{a.b}", "{}"):
        with pytest.raises(InvalidInput):
            check_variables(wrong, ["a"])
