"""The term of an inquiry: counted again from its events, paused, extended, begun anew; the same end on the row, on the page and by recount."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from board.cli.deadline import command
from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries import side_moves, term_clock, urgent, working_again, writing_again
from board.inquiries.deadlines import Calendar
from board.inquiries.limits import limit_for, unit_limit
from board.inquiries.queries import timeline
from board.inquiries.recounting import recount_terms
from board.inquiries.term_clock import Pause, Rules, Term, explained, why
from board.models import Inquiry, Publication, Unit, Urgency
from board.replies import publishing, review
from board.settings import Settings, merged
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
PLAIN = Calendar({}, frozenset())


def day(number: int, hour: int = 2) -> datetime:
    """A moment in November 2026, UTC; 24 November is a Tuesday."""
    return datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=number - 1)


def rules_of(bureau: Bureau, **deadlines: object) -> Rules:
    settings = bureau.office.settings
    tables = merged(settings.tables, {"deadlines": deadlines})
    changed = Settings(settings.home, settings.config_dir, settings.database_url, settings.redis_url, settings.port, settings.rate_limits, tables)
    return Rules(changed, bureau.office.calendar)


@pytest.mark.parametrize(
    ("received", "kind", "due"),
    [
        ("2016-12-30T10:00+08:00", "咨询", "2017-01-09"),
        ("2015-12-31", "咨询", "2016-01-08"),
        ("2017-01-25", "咨询", "2017-02-07"),
        ("2020-01-22T09:00", "咨询", "2020-02-06"),
        ("2026-02-12", "咨询", "2026-02-26"),
        ("2016-12-31T16:30Z", "咨询", "2017-01-09"),  # half past midnight of 1 January in Shanghai
        ("2019-05-14", "依申请公开", "2019-06-04"),  # the regulation of 2007: 15
        ("2019-05-15", "依申请公开", "2019-06-13"),  # that of 2019: 20
        ("2026-11-24", "投诉", "2026-12-15"),
    ],
)
def test_the_command_knows_known_days(received: str, kind: str, due: str) -> None:
    answer = json.loads(CliRunner().invoke(command, ["--kind", kind, "--received", received]).output)
    assert (answer["due"], answer["provisional"]) == (due, False)
    assert answer["days"][-1] == [due, len(answer["days"])]


def test_the_command_in_the_exact_shape_of_the_contract() -> None:
    answer = json.loads(CliRunner().invoke(command, ["--kind", "咨询", "--received", "2016-12-30T10:00+08:00"]).output)
    assert list(answer) == ["due", "provisional", "days"]
    assert answer["days"] == [["2017-01-03", 1], ["2017-01-04", 2], ["2017-01-05", 3], ["2017-01-06", 4], ["2017-01-09", 5]]
    three = json.loads(CliRunner().invoke(command, ["--kind", "咨询", "--received", "2030-12-30", "--days", "3"]).output)
    assert (three["provisional"], len(three["days"])) == (True, 3)
    for wrong in (["--kind", "别的", "--received", "2026-01-01"], ["--kind", "咨询", "--received", "明天"]):
        assert isinstance(CliRunner().invoke(command, wrong).exception, InvalidInput)


def test_limits_by_law_unit_and_day(bureau: Bureau) -> None:
    rule = {"kinds": ["complaint"], "unit": "sbj", "from": date(2026, 1, 1), "to": date(2026, 12, 31), "days": 10, "extension": 3, "source": "本局通知"}
    settings = rules_of(bureau, rules=[rule]).settings
    assert (limit_for(settings, "complaint", date(2026, 6, 1), "sbj").days, limit_for(settings, "complaint", date(2026, 6, 1), "jyg").days) == (10, 15)
    assert limit_for(settings, "complaint", date(2027, 1, 1), "sbj").days == 15
    assert unit_limit(settings, "complaint", date(2026, 6, 1), "jyg") is None
    with pytest.raises(InvalidInput):
        limit_for(settings, "application", date(2026, 6, 1))


def test_a_pause_leaves_its_days_out_and_says_so() -> None:
    term = Term(date(2026, 11, 24), 5, pauses=(Pause(date(2026, 11, 25), date(2026, 11, 27), "征求意见"),))
    found = explained(PLAIN, term)
    assert found.due == date(2026, 12, 3)  # 25 counts, 26 and 27 stand, 30 Nov to 3 Dec are 2 to 5
    assert [(d.day.day, d.number) for d in found.days][:3] == [(25, 1), (26, 0), (27, 0)]
    assert "暂停计时" in found.days[1].why
    assert explained(PLAIN, Term(date(2026, 11, 24), 5, pauses=(Pause(date(2026, 11, 25), None, "征求意见"),))).due is None
    same_day = explained(PLAIN, Term(date(2026, 11, 24), 5, pauses=(Pause(date(2026, 11, 25), date(2026, 11, 25), "征求意见"),)))
    assert same_day.due == explained(PLAIN, Term(date(2026, 11, 24), 5)).due
    assert same_day.notes[1] == "征求意见于2026年11月25日暂停计时，当日恢复，没有不计的日期。"


def test_extended_once_with_a_reason_before_the_end(bureau: Bureau) -> None:
    posted, rules, signer = bureau.post(at=day(24)), rules_of(bureau), bureau.actors["signer"]
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert inquiry.due_on == date(2026, 12, 1)
        review.accept(session, signer, inquiry, day(24))
        for days in (0, 16):
            with pytest.raises(InvalidInput):
                side_moves.extend(session, rules, signer, inquiry, days, "需要调查", day(25))
        with pytest.raises(InvalidInput):
            side_moves.extend(session, rules, signer, inquiry, 3, " ", day(25))
        with pytest.raises(NotAllowed):
            side_moves.extend(session, rules, bureau.actors["clerk"], inquiry, 3, "需要调查", day(25))
        with pytest.raises(Conflict, match="已超过办理期限"):
            side_moves.extend(session, rules, signer, inquiry, 3, "需要调查", day(32))
        side_moves.extend(session, rules, signer, inquiry, 3, "需要调查", day(31))
        assert (inquiry.due_on, inquiry.extended) == (date(2026, 12, 4), True)
        with pytest.raises(Conflict, match="已经延期一次"):
            side_moves.extend(session, rules, signer, inquiry, 3, "还要", day(31))
        told = why(session, rules, inquiry)
        assert told.due == inquiry.due_on
        assert [d.number for d in told.days if "延期" in d.why] == [6, 7, 8]


def test_the_clock_stands_and_runs_on(bureau: Bureau) -> None:
    posted, rules, clerk = bureau.post(at=day(24)), rules_of(bureau), bureau.actors["clerk"]
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        review.take(session, clerk, inquiry, day(24))
        side_moves.pause(session, rules, clerk, inquiry, "征求第三方意见", day(25))
        assert (inquiry.due_on, inquiry.paused_at) == (None, day(25))
        with pytest.raises(Conflict, match="已经暂停"):
            side_moves.pause(session, rules, clerk, inquiry, "再停", day(26))
        reply = review.save_draft(session, clerk, inquiry, "网民您好！请到窗口办理。", 0, rules.settings, day(26))
        with pytest.raises(Conflict, match="暂停"), session.begin_nested():
            review.submit(session, clerk, inquiry, reply.revision, day(26), rules.settings)
        side_moves.resume(session, rules, clerk, inquiry, "已收到意见", day(30))
        assert (inquiry.due_on, inquiry.paused_at) == (date(2026, 12, 4), None)
        assert why(session, rules, inquiry).due == inquiry.due_on


def test_a_correction_is_asked_once_and_begins_the_term_anew(bureau: Bureau) -> None:
    posted, rules, clerk = bureau.post(at=day(24)), rules_of(bureau), bureau.actors["clerk"]
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        side_moves.ask_correction(session, rules, clerk, inquiry, "请写明参保单位", day(25))
        row = writing_again.write_again(session, rules, inquiry, "单位是测试县纸箱厂。", day(30))
        assert (row.kind, inquiry.due_on, inquiry.paused_at) == ("correction", date(2026, 12, 7), None)
        assert [event.action for event in timeline(session, inquiry)][-1] == "correct"
        with pytest.raises(Conflict, match="要求过一次补正"):
            side_moves.ask_correction(session, rules, clerk, inquiry, "再补", day(30))
        again = writing_again.write_again(session, rules, inquiry, "电话是13800138000。", day(31))
        assert (again.kind, inquiry.due_on) == ("supplement", date(2026, 12, 7))
        assert writing_again.write_again(session, rules, inquiry, "电话是13800138000。", day(31)).id == again.id
        assert why(session, rules, inquiry).notes[0].startswith("自收到网民的补正的次日起算")


def answered(bureau: Bureau, at: datetime = NOW) -> int:
    """An inquiry that was answered and closed."""
    posted = bureau.post(at=at)
    bureau.submit(posted)
    bureau.approve(posted)
    with bureau.office.work.transaction() as session:
        assert publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW) == "published"
    return posted.inquiry_id


def test_a_follow_up_begins_a_new_term_and_a_new_answer_replaces_the_old(bureau: Bureau) -> None:
    key, rules = answered(bureau), rules_of(bureau)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, key)
        first, measured = inquiry.answered_at, inquiry.answer_due_on
        row = writing_again.write_again(session, rules, inquiry, "窗口周末开吗？我的电话13800138000。", day(30))
        assert (row.kind, inquiry.state, inquiry.due_on, inquiry.closed_at) == ("follow_up", "assigned", date(2026, 12, 7), None)
        assert session.query(Publication).filter_by(inquiry_id=key, withdrawn_at=None).one().reply
        clerk, signer = bureau.actors["clerk"], bureau.actors["signer"]
        standing = review.current_reply(session, inquiry)
        reply = review.save_draft(session, clerk, inquiry, "网民您好！窗口周末不开。", standing.revision, rules.settings, day(30))
        review.submit(session, clerk, inquiry, reply.revision, day(30), rules.settings)
        shown = review.preview(session, inquiry, rules.settings)
        assert "138****8000" in shown.question
        review.approve(session, signer, inquiry, shown.content_hash, rules.settings, day(30))
        publishing.publish(session, key, rules.settings, day(30))
        rows = session.query(Publication).filter_by(inquiry_id=key).order_by(Publication.id).all()
        assert [(p.withdrawn_at, "周末" in p.reply) for p in rows] == [(day(30), False), (None, True)]
        assert (inquiry.answered_at, inquiry.answer_due_on, inquiry.state) == (first, measured, "closed")


def test_what_was_signed_takes_no_supplement(bureau: Bureau) -> None:
    posted, rules = bureau.post(), rules_of(bureau)
    bureau.submit(posted)
    bureau.approve(posted)
    with bureau.office.work.transaction() as session, pytest.raises(Conflict, match="已经审签"):
        writing_again.write_again(session, rules, session.get_one(Inquiry, posted.inquiry_id), "还有一句。", NOW)


def test_retracted_is_seen_by_nobody_and_reopened_only_once(bureau: Bureau) -> None:
    key, rules = answered(bureau), rules_of(bureau)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, key)
        working_again.retract(session, rules, bureau.actors["signer"], inquiry, "答复有误", day(25))
        assert session.query(Publication).filter_by(inquiry_id=key, withdrawn_at=None).count() == 0
        assert (inquiry.state, inquiry.due_on) == ("assigned", date(2026, 12, 2))
    second = answered(bureau)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, second)
        working_again.reopen(session, rules, inquiry, "不满意", day(25))
        assert (inquiry.state, inquiry.reopened) == ("assigned", True)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, second)
        inquiry.state = "closed"
        session.flush()
        with pytest.raises(Conflict, match="重新办理过一次"):
            working_again.reopen(session, rules, inquiry, "还是不满意", day(25))


def test_urgent_by_its_words_has_its_own_end_until_a_person_clears_it(bureau: Bureau) -> None:
    rules, signer = rules_of(bureau), bureau.actors["signer"]
    posted = bureau.post("老板拖欠我们农民工三个月工资，再不给我就去跳楼。", at=day(24), kind="投诉")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert (inquiry.urgency, inquiry.due_on) == ("proposed", date(2026, 11, 26))
        assert posted.due == date(2026, 11, 26)
        assert why(session, rules, inquiry).due == inquiry.due_on
        urgent.mark_urgent(session, rules, signer, inquiry, "确属急件", day(25))
        assert (inquiry.urgency, inquiry.due_on) == ("confirmed", date(2026, 11, 26))
        urgent.clear_urgent(session, rules, signer, inquiry, "已核实平安", day(25))
        assert (inquiry.urgency, inquiry.due_on) == ("ordinary", date(2026, 12, 15))


def test_a_transfer_names_the_authority(bureau: Bureau) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        with pytest.raises(InvalidInput):
            side_moves.transfer(session, bureau.actors["signer"], inquiry, " ", "不属本局职责", NOW)
        side_moves.transfer(session, bureau.actors["signer"], inquiry, "测试县医疗保障局（电话12393）", "不属本局职责", NOW)
        assert (inquiry.state, inquiry.transferred_to) == ("transferred", "测试县医疗保障局（电话12393）")


def test_a_unit_with_its_own_limit_brings_it_along(bureau: Bureau) -> None:
    posted, rules = bureau.post(at=day(24)), rules_of(bureau, rules=[{"unit": "sbj", "days": 3, "kinds": ["consultation"]}])
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        review.assign(session, bureau.actors["manager"], inquiry, session.query(Unit).filter_by(code="sbj").one(), day(24), "", rules)
        assert (inquiry.due_on, why(session, rules, inquiry).due) == (date(2026, 11, 27), date(2026, 11, 27))


def test_an_urgent_term_into_a_year_without_data_is_provisional_too(bureau: Bureau) -> None:
    posted = bureau.post("有人要跳楼！失业保险金怎么申领？", at=datetime(2029, 12, 30, 2, tzinfo=UTC))
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert inquiry.urgency != Urgency.ordinary
        assert inquiry.due_provisional


def test_a_provisional_day_is_counted_again_when_the_calendar_is_known(bureau: Bureau) -> None:
    rules = rules_of(bureau)
    posted = bureau.post(at=datetime(2029, 12, 27, 2, tzinfo=UTC))
    known = Rules(rules.settings, Calendar({date(2030, 1, 1): (False, "元旦"), date(2030, 1, 2): (False, "元旦")}, frozenset({2029, 2030})))
    later = datetime(2029, 12, 28, 2, tzinfo=UTC)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert (inquiry.due_on, inquiry.due_provisional) == (date(2030, 1, 3), True)
        assert recount_terms(session, rules, later) == 0
        assert recount_terms(session, known, later) == 1
        session.refresh(inquiry)
        assert (inquiry.due_on, inquiry.due_provisional) == (date(2030, 1, 7), False)
        event = timeline(session, inquiry)[-1]
        assert (event.action, event.data["from"]) == ("recount_term", "2030-01-03")
        assert recount_terms(session, known, later) == 0


def test_an_event_without_effect_leaves_the_term_alone() -> None:
    term = Term(date(2026, 11, 24), 5)
    assert term_clock.after(term, "edit", date(2026, 11, 25), {}) == term
    assert term_clock.after(term, "unknown", date(2026, 11, 25), {}) == term
