"""What staff are mailed: once an item, event and day, in working hours, nothing about the citizen; against a real local mail server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from board.errors import InvalidInput
from board.inquiries import side_moves, urgent
from board.inquiries.case_file import add_file
from board.inquiries.lifecycle import TRANSITIONS, Told
from board.inquiries.term_clock import Rules
from board.models import Account, AccusedParty, Inquiry, Mail, MailItem, MailState, NumberSeries, Unit
from board.office import Office
from board.replies import mails, review, telling
from board.replies.paper_signing import sign_on_paper
from board.settings import merged
from board.wording.labels import load_labels
from tests.bureau import NOW, Bureau
from tests.mail_server import NIGHT, WORK, Box, assigned, at_work, box, later, rounds
from worker import post_office

__all__ = ["at_work", "box"]
SATURDAY = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
SHIFTED = datetime(2026, 2, 14, 2, 0, tzinfo=UTC)  # a Saturday that is worked (2026 Spring Festival)


def test_a_digest_says_what_waits_and_nothing_about_the_citizen(bureau: Bureau, at_work: Office, box: Box) -> None:
    inquiry_id = assigned(bureau)
    assert rounds(at_work, later(1)) == ["sent"]
    assert [mail["To"] for mail in box.taken] == ["clerk@office.test"]
    mail, text = box.taken[0], box.taken[0].get_content()
    with at_work.work.reading() as session:
        number = session.get_one(Inquiry, inquiry_id).number
        stored = session.scalars(select(Mail)).one()
    assert (mail["Message-ID"], stored.state) == (stored.message_id, MailState.sent)
    assert f"https://desk.office.test/desk/inquiries/{number}" in text
    assert "转来办理" in text
    assert "13800138000" not in text
    assert "失业保险金怎么领" not in text
    assert "138****8000" in text


def test_of_a_report_not_even_the_title_is_mailed(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau, kind="举报")
    assert rounds(at_work, later(1)) == ["sent"]
    assert "《" not in box.taken[0].get_content()


def test_an_item_event_and_day_are_told_once_whatever_runs_twice(bureau: Bureau, at_work: Office, box: Box) -> None:
    inquiry_id = assigned(bureau)
    assert rounds(at_work, later(1), number=3) == ["sent"]
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, inquiry_id)
        review.assign(session, bureau.actors["signer"], inquiry, session.get_one(Unit, bureau.root_id), later(2))
    assert rounds(at_work, later(200)) == []
    assert len(box.taken) == 1
    with at_work.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(MailItem)) == 1


def test_digests_wait_for_working_hours_and_for_one_another(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau, NIGHT)
    assert rounds(at_work, NIGHT + timedelta(minutes=1)) == []
    assert rounds(at_work, NIGHT + timedelta(hours=9, minutes=59)) == []
    assert rounds(at_work, NIGHT + timedelta(hours=10)) == ["sent"] * len(box.taken)
    assert [mail["To"] for mail in box.taken] == ["clerk@office.test"]
    assigned(bureau, NIGHT + timedelta(hours=10, minutes=1))
    assert rounds(at_work, NIGHT + timedelta(hours=10, minutes=2)) == []
    assert rounds(at_work, NIGHT + timedelta(hours=12, minutes=1)) == ["sent"]


@pytest.mark.parametrize(("moment", "works"), [(WORK, True), (NIGHT, False), (SATURDAY, False), (SHIFTED, True), (datetime(2026, 10, 1, 2, tzinfo=UTC), False)])
def test_working_hours_follow_the_calendar(at_work: Office, moment: datetime, works: bool) -> None:
    assert telling.working(at_work.settings, at_work.calendar, moment) is works


def test_urgent_news_go_out_at_any_hour(bureau: Bureau, at_work: Office, box: Box) -> None:
    inquiry_id = assigned(bureau, NIGHT)
    with bureau.office.work.transaction() as session:
        telling.write(session, [(bureau.actors["manager"].account_id, inquiry_id, "mark_urgent")], NIGHT, urgent=True)
    assert rounds(at_work, NIGHT + timedelta(minutes=1)) == ["sent"]
    assert (box.taken[0]["To"], box.taken[0]["Subject"]) == ("manager@office.test", "【急件】留言办理提醒 1 件")


def test_an_urgent_message_reaches_the_duty_in_the_night_once(bureau: Bureau, at_work: Office, box: Box) -> None:
    posted = bureau.post("三十多名工友被拖欠工资，有人要跳楼，请马上处理！", at=NIGHT)
    with bureau.office.work.transaction() as session:
        rules = Rules(bureau.office.settings, bureau.office.calendar)
        urgent.propose_urgent(session, rules, session.get_one(Inquiry, posted.inquiry_id), NIGHT)
    assert rounds(at_work, NIGHT + timedelta(minutes=1), number=2) == ["sent"]
    assert rounds(at_work, NIGHT + timedelta(minutes=5)) == []
    assert [(mail["To"], "疑似急件" in mail.get_content()) for mail in box.taken] == [("manager@office.test", True)]


def test_terms_are_noted_once_a_working_day(bureau: Bureau, at_work: Office, box: Box) -> None:
    inquiry_id = assigned(bureau)
    with bureau.office.work.transaction() as session:
        session.get_one(Inquiry, inquiry_id).due_on = (WORK - timedelta(days=1)).date()
        session.get_one(NumberSeries, telling.DAY_MARK).value -= 1
    rounds(at_work, later(1), number=2)
    text = box.taken[-1].get_content()
    assert (len(box.taken), text.count("■ 已逾期"), text.count("■ 转来办理")) == (1, 1, 1)
    assert rounds(at_work, later(300)) == []
    assert rounds(at_work, WORK + timedelta(days=1)) == ["sent"]
    assert "已逾期" in box.taken[-1].get_content()


def test_whoever_acts_and_whoever_is_complained_of_are_not_told(bureau: Bureau, at_work: Office) -> None:
    posted = bureau.post("投诉本局窗口态度差")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        session.add(AccusedParty(inquiry_id=inquiry.id, unit_id=bureau.root_id))
        side_moves.supervise(session, bureau.actors["manager"], inquiry, "抓紧", NOW, NOW.date() + timedelta(days=2))
    rounds(at_work, later(1))
    with at_work.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(MailItem)) == 0


def test_every_move_that_tells_staff_has_words_for_mails(root: Path) -> None:
    told = {name for name, step in TRANSITIONS.items() if step.tells - {Told.citizen}}
    assert told - set(load_labels(root / "config").tables["mail_action"]) == set()


def test_whose_turn_it_is_and_in_whose_name_was_signed_are_told(bureau: Bureau, at_work: Office, box: Box) -> None:
    """The head at the head's stage and not the leader; then whoever wrote the reply and the leader whose paper signature was recorded."""
    chain = {"approval": {"rules": [{"kind": "consultation", "chain": ["unit_head", "leader"]}]}}
    settings = replace(at_work.settings, tables=merged(at_work.settings.tables, chain))
    inquiry_id = assigned(bureau)
    rounds(at_work, later(1))
    with at_work.work.transaction() as session:
        for account in session.query(Account):
            account.email = f"{account.login}@office.test"
        inquiry = session.get_one(Inquiry, inquiry_id)
        inquiry.unit_id = session.query(Unit).filter_by(code="jyg").one().id
        reply = review.save_draft(session, bureau.actors["signer2"], inquiry, "请到窗口办理。", 0, settings, later(2))
        review.submit(session, bureau.actors["signer2"], inquiry, reply.revision, later(2), settings)
    with at_work.work.transaction() as session:
        telling.note_events(session, settings, later(4))
        told = set(session.execute(select(Account.login).join(MailItem, MailItem.account_id == Account.id).where(MailItem.action == "submit")).scalars())
    assert told == {"head", "signer"}
    with at_work.work.transaction() as session:
        inquiry = session.get_one(Inquiry, inquiry_id)
        seen = review.preview(session, inquiry, settings).content_hash
        review.approve(session, bureau.actors["head"], inquiry, seen, settings, later(5))
        scan = add_file(session, settings, bureau.actors["manager"], inquiry, "signed_slip", "签批.pdf", b"%PDF-1.7 x", later(6))
        sign_on_paper(session, bureau.actors["manager"], inquiry, "signer", scan.id, seen, settings, later(6))
    rounds(at_work, later(200))
    mails_to = {mail["To"]: mail.get_content() for mail in box.taken[1:]}
    assert "登记纸质签批" in mails_to["signer@office.test"]
    assert "登记纸质签批" in mails_to["signer2@office.test"]
    assert "登记纸质签批" not in mails_to.get("head@office.test", "") + mails_to.get("manager@office.test", "")


def test_nothing_is_noted_while_mail_is_off(bureau: Bureau, office: Office) -> None:
    assigned(bureau)
    assert post_office.mail_round(bureau.office, WORK) == 0
    with office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(MailItem)) == 0
        assert session.get(NumberSeries, telling.MARK) is None


@pytest.mark.parametrize("address", ["x", "a@b", "a b@office.test", "a@office.test\nBcc: x@evil.test", "a@office.test,b@office.test", "@office.test", "a" * 65 + "@office.test"])
def test_only_a_plain_address_is_taken(address: str) -> None:
    account = Account(login="x")
    with pytest.raises(InvalidInput) as refused:
        mails.set_address(account, address)
    assert refused.value.field == "email"
