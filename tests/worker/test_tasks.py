"""Each task runs twice and leaves one result; what fails is counted, kept and in the end shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from board.clock import local_day, now
from board.inquiries import answer_hooks
from board.inquiries.lifecycle import TRANSITIONS
from board.inquiries.reconciling import heartbeats
from board.models import (
    Account,
    CitizenNotice,
    DayCount,
    Event,
    HookDelivery,
    HookKind,
    Inquiry,
    InquiryState,
    Mail,
    MailState,
    OutboxRow,
    OutboxState,
    Publication,
    Reply,
)
from board.office import Office
from board.replies import drafting, review
from board.staff import webhooks
from board.storage import outbox
from tests.bureau import Bureau
from worker import tasks

RowOf = Callable[[str, object], OutboxRow]


def test_draft_reply_twice(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    inquiry_id = bureau.post().inquiry_id
    row = row_of("draft_reply", inquiry_id)
    outcomes = [tasks.draft_reply(row.id, str(inquiry_id)) for _ in range(2)]
    with at_work.work.reading() as session:
        assert session.scalar(select(func.count(Reply.id)).where(Reply.inquiry_id == inquiry_id)) == 1
        assert session.scalar(select(func.count(Event.id)).where(Event.action == "draft")) == 1
    after = row_of("draft_reply", inquiry_id)
    assert outcomes == ["drafted", "nothing to do"]
    assert (after.state, after.attempts, after.error) == (OutboxState.done, 1, "")


def test_draft_reply_twice_with_the_row_open_again(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    inquiry_id = bureau.post().inquiry_id
    row = row_of("draft_reply", inquiry_id)
    tasks.draft_reply(row.id, str(inquiry_id))
    with at_work.work.transaction() as session:
        outbox.write(session, "draft_reply", inquiry_id, now())
    assert tasks.draft_reply(row.id, str(inquiry_id)) == "skipped"
    with at_work.work.reading() as session:
        assert session.scalar(select(func.count(Reply.id))) == 1


def test_publish_reply_twice(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    posted = bureau.post()
    inquiry_id = posted.inquiry_id
    tasks.draft_reply(row_of("draft_reply", inquiry_id).id, str(inquiry_id))
    bureau.submit(posted)
    bureau.approve(posted)
    row = row_of("publish_reply", inquiry_id)
    outcomes = [tasks.publish_reply(row.id, str(inquiry_id)) for _ in range(2)]
    with at_work.work.transaction() as session:
        assert session.scalar(select(func.count(Publication.id))) == 1
        assert session.scalar(select(func.count(Event.id)).where(Event.action == "publish")) == 1
        outbox.write(session, "publish_reply", inquiry_id, now())
    outcomes.append(tasks.publish_reply(row.id, str(inquiry_id)))
    assert outcomes == ["published", "nothing to do", "skipped"]
    with at_work.work.reading() as session:
        assert session.scalar(select(func.count(Publication.id))) == 1
        assert session.get_one(Inquiry, inquiry_id).state in {InquiryState.answered, InquiryState.closed}


def counts(office: Office) -> list[tuple[object, ...]]:
    """All counted figures."""
    with office.work.reading() as session:
        found = session.execute(select(DayCount.day, DayCount.unit_id, DayCount.kind, DayCount.figure, DayCount.count))
        return sorted(tuple(row) for row in found)


def test_recount_day_twice(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    bureau.post(at=now())
    day = local_day(now()).isoformat()
    seen = []
    for _ in range(2):
        with at_work.work.transaction() as session:
            outbox.write(session, "recount_day", day, now())
        assert tasks.recount_day(row_of("recount_day", day).id, day) == "counted"
        assert row_of("recount_day", day).state == OutboxState.done
        seen.append(counts(at_work))
    assert seen[0] == seen[1] != []


def test_recount_yesterday_twice(at_work: Office, row_of: RowOf) -> None:
    for _ in range(2):
        tasks.recount_yesterday()
    assert row_of("recount_day", local_day(now()) - timedelta(days=1)).state == OutboxState.open


def test_learn_routing_twice(at_work: Office, bureau: Bureau, row_of: RowOf) -> None:
    with at_work.work.transaction() as session:
        outbox.write(session, "learn_routing", "2026-11-24", now())
    row = row_of("learn_routing", "2026-11-24")
    assert [tasks.learn_routing(row.id, "2026-11-24") for _ in range(2)] == ["skipped", "nothing to do"]
    assert row_of("learn_routing", "2026-11-24").state == OutboxState.done


def test_learn_nightly_twice(at_work: Office, row_of: RowOf) -> None:
    for _ in range(2):
        tasks.learn_nightly()
    assert row_of("learn_routing", local_day(now()).isoformat()).state == OutboxState.open


def test_heartbeat_twice(at_work: Office) -> None:
    before = now()
    for _ in range(2):
        tasks.heartbeat()
    with at_work.work.reading() as session:
        assert heartbeats(session)["worker"] >= before


def test_a_poison_item_is_given_up_after_three_attempts_and_its_text_stays_secret(
    bureau: Bureau, at_work: Office, row_of: RowOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room itself is made to fail: no real input does, and the rule is about any failure."""
    inquiry_id = bureau.post().inquiry_id
    row = row_of("draft_reply", inquiry_id)

    def fail(*_: object) -> str:
        raise RuntimeError("张三 13800138000")

    monkeypatch.setattr(drafting, "draft", fail)
    outcomes = [tasks.draft_reply(row.id, str(inquiry_id)) for _ in range(4)]
    after = row_of("draft_reply", inquiry_id)
    assert outcomes == ["error", "error", "error", "nothing to do"]
    assert (after.state, after.attempts) == (OutboxState.failed, 3)
    assert "RuntimeError" in after.error
    assert "138" not in after.error


@pytest.mark.parametrize("task", ["draft_reply", "publish_reply"])
def test_a_message_for_something_that_is_gone_does_nothing(at_work: Office, task: str) -> None:
    assert getattr(tasks, task)(4711, "4711") == "nothing to do"


def test_send_mail_twice(bureau: Bureau, at_work: Office) -> None:
    with at_work.work.transaction() as session:
        account = session.get_one(Account, bureau.actors["clerk"].account_id)
        account.email = "clerk@office.test"
        mail = Mail(account_id=account.id, message_id="<1@office.test>", urgent=False, state=MailState.sent, created_at=now(), sent_at=now())
        session.add(mail)
        session.flush()
        outbox.write(session, "send_mail", mail.id, now())
        row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
        key = mail.id
    assert [tasks.send_mail(row.id, str(key)) for _ in range(2)] == ["settled", "nothing to do"]


def test_send_notice_twice(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    """A citizen who erased the address meanwhile is told nothing (what is sent is in test_notices)."""
    posted = bureau.post()
    with at_work.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        inquiry.notice_to = "13800138000"
        review.accept(session, bureau.actors["signer"], inquiry, now())
        inquiry.notice_to = ""
        key = session.scalars(select(CitizenNotice.id)).one()
    row = row_of("send_notice", key)
    assert [tasks.send_notice(row.id, str(key)) for _ in range(2)] == ["settled", "nothing to do"]


def test_send_webhook_twice(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    """An answer that is not public any more is told to nobody (what is sent is in test_hooks)."""
    posted = bureau.post()
    with at_work.work.transaction() as session:
        webhooks.create(session, bureau.actors["admin"], at_work.settings, "市平台", "https://platform.example.gov.cn/hook", now())
        answer_hooks.note(session, posted.inquiry_id, HookKind.published, now())
        key = session.scalars(select(HookDelivery.id)).one()
    row = row_of("send_webhook", key)
    assert [tasks.send_webhook(row.id, str(key)) for _ in range(2)] == ["overtaken", "nothing to do"]


def test_mail_round_twice(bureau: Bureau, at_work: Office) -> None:
    assert [tasks.mail_round() for _ in range(2)] == [0, 0]
    with at_work.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Mail)) == 0


def test_archive_nightly_twice(bureau: Bureau, at_work: Office) -> None:
    """What was closed half a year ago is archived once; what was closed yesterday stays, an archived answer can still be corrected."""
    old, new = bureau.post(), bureau.post("社保卡怎么补办？")
    with at_work.work.transaction() as session:
        for posted, days in ((old, 181), (new, 1)):
            inquiry = session.get_one(Inquiry, posted.inquiry_id)
            inquiry.state, inquiry.closed_at = InquiryState.closed, now() - timedelta(days=days)
    assert [tasks.archive_nightly(), tasks.archive_nightly()] == [1, 0]
    with at_work.work.reading() as session:
        assert [session.get_one(Inquiry, one.inquiry_id).state for one in (old, new)] == [InquiryState.archived, InquiryState.closed]
    assert InquiryState.archived in TRANSITIONS["retract"].sources & TRANSITIONS["revise"].sources


def test_recount_terms_twice(bureau: Bureau, at_work: Office) -> None:
    """A day that rests on an unpublished calendar is counted again once it is known, and only then."""
    posted = bureau.post(at=datetime(2029, 12, 27, 2, tzinfo=UTC))
    assert tasks.recount_terms() == 0
    with at_work.work.transaction() as session:
        session.get_one(Inquiry, posted.inquiry_id).due_on = date(2030, 1, 31)
    assert [tasks.recount_terms(), tasks.recount_terms()] == [1, 0]
    with at_work.work.reading() as session:
        assert session.get_one(Inquiry, posted.inquiry_id).due_on == date(2030, 1, 3)
        assert session.scalar(select(func.count(Event.id)).where(Event.action == "recount_term")) == 1
