"""Mails to staff against a real local mail server: once, in working hours, without personal data, and what happens when the server fails."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from board.clock import now
from board.errors import InvalidInput
from board.inquiries import side_moves, urgent
from board.inquiries.term_clock import Rules
from board.models import Account, AccusedParty, Inquiry, Mail, MailItem, MailState, NumberSeries, OutboxRow, OutboxState, Unit
from board.office import Office, open_office
from board.replies import mails, review, telling, unfinished
from tests.bureau import NOW, Bureau
from worker import post_office, tasks

WORK = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday 10:00 in Shanghai
NIGHT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
SHIFTED = datetime(2026, 2, 14, 2, 0, tzinfo=UTC)  # a Saturday that is worked (2026 Spring Festival)


class Box:
    """What the mail server took; ``answers`` are given to the next mails, at RCPT or at the end of DATA."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802  # aiosmtpd calls it so
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  # aiosmtpd calls it so
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        if answer == "250 break":
            server.transport.abort()
        return answer


def served(handler: Box, **options: object) -> Controller:
    """A mail server on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = int(probe.getsockname()[1])
    server = Controller(handler, hostname="127.0.0.1", port=handler.port, **options)
    server.start()
    return server


@pytest.fixture
def box() -> Iterator[Box]:
    """What a mail server took."""
    handler = Box()
    server = served(handler)
    yield handler
    server.stop(no_assert=True)


OPENED: list[Office] = []


def with_mail(office: Office, port: int, **chosen: object) -> Office:
    """The office with mail switched on."""
    mail = {**office.settings.section("mail"), "enabled": True, "port": port, "from": "huiying@office.test", "site": "https://desk.office.test/", **chosen}
    opened = open_office(replace(office.settings, tables={**office.settings.tables, "mail": mail}), migrate=False)
    OPENED.append(opened)
    return opened


@pytest.fixture
def at_work(bureau: Bureau, box: Box) -> Iterator[Office]:
    """A worker's process whose office has mail, with addresses for the clerk, the signer and the manager."""
    from worker.policy import OfficeTask

    OfficeTask.opened = opened = with_mail(bureau.office, box.port)
    with opened.work.transaction() as session:
        for account in session.scalars(select(Account).where(Account.login.in_(["clerk", "signer", "manager"]))):
            account.email = f"{account.login}@office.test"
    with time_machine.travel(WORK, tick=False):
        post_office.mail_round(opened, now())
        yield opened
    OfficeTask.opened = None
    while OPENED:
        OPENED.pop().engine.dispose()


def assigned(bureau: Bureau, at: datetime = NOW, **fields: str) -> int:
    """An inquiry that the signer assigns to the bureau's own unit, where the clerk works."""
    posted = bureau.post("我叫王小明，电话13800138000，失业保险金怎么领？", title="王小明问：电话13800138000", nickname="王小明", contact="13800138000", **fields)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        review.assign(session, bureau.actors["signer"], inquiry, session.get_one(Unit, bureau.root_id), at)
    return posted.inquiry_id


def rounds(office: Office, at: datetime, *, number: int = 1) -> list[str]:
    """The round of this moment, and the mails that it made handed over; what came of each."""
    outcomes = []
    with time_machine.travel(at, tick=False):
        for _ in range(number):
            tasks.mail_round()
        with office.work.reading() as session:
            due = select(OutboxRow).where(OutboxRow.task == "send_mail", OutboxRow.state == OutboxState.open, OutboxRow.next_attempt_at <= now())
            rows = session.scalars(due.order_by(OutboxRow.id)).all()
        outcomes += [tasks.send_mail(row.id, row.subject) for row in rows]
    return outcomes


def later(minutes: float) -> datetime:
    """So many minutes after the working morning began."""
    return WORK + timedelta(minutes=minutes)


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


def test_a_server_that_is_away_is_tried_again_later_and_seen(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    box.rcpt = ["451 try again later"]
    assert rounds(at_work, later(1)) == ["put off"]
    with at_work.work.reading() as session:
        assert [(state, number) for state, _, number in mails.troubled(session)] == [(MailState.waiting, 1)]
        assert "451" in session.scalars(select(OutboxRow.error).where(OutboxRow.task == "send_mail")).one()
    assert rounds(at_work, later(1.5)) == []
    assert rounds(at_work, later(2.1)) == ["sent"]
    assert len(box.taken) == 1
    with at_work.work.reading() as session:
        assert mails.troubled(session) == []


def test_a_server_that_stays_away_leaves_the_mail_with_staff(bureau: Bureau, at_work: Office, box: Box, free_port: int) -> None:
    from worker.policy import OfficeTask

    assigned(bureau)
    OfficeTask.opened = with_mail(bureau.office, free_port)
    outcomes, minute = [], 1.0
    for pause in (0, *mails.PAUSES):
        minute += pause
        outcomes += rounds(OfficeTask.opened, later(minute))
    assert outcomes == ["put off"] * len(mails.PAUSES) + ["refused"]
    with at_work.work.transaction() as session:
        shown = [row for row in unfinished.failed_work(session, bureau.actors["manager"]) if row.task == "send_mail"]
        assert len(shown) == 1
        assert "邮件服务器没有收下" in shown[0].error
        unfinished.requeue(session, bureau.actors["manager"], shown[0].row_id, later(minute))
    OfficeTask.opened = at_work
    assert rounds(at_work, later(minute + 1)) == ["sent"]


def test_an_unknown_recipient_is_final(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    box.rcpt = ["550 no such user"]
    assert rounds(at_work, later(1)) == ["refused"]
    assert rounds(at_work, later(300)) == []


def test_a_refused_text_is_put_off_and_a_broken_line_is_doubtful(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    box.data = ["452 no space"]
    assert rounds(at_work, later(1)) == ["put off"]
    box.data = ["250 break"]
    assert rounds(at_work, later(3)) == ["doubtful"]
    assert rounds(at_work, later(300)) == []
    assert len(box.taken) == 1
    with at_work.work.reading() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
        assert (row.state, "可能已经发出" in row.error) == (OutboxState.failed, True)


def test_a_taker_that_died_never_sends_twice(bureau: Bureau, at_work: Office, box: Box) -> None:
    assigned(bureau)
    with time_machine.travel(later(1), tick=False):
        tasks.mail_round()
        with at_work.work.transaction() as session:
            row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
            assert mails.claim(session, int(row.subject), now())[0] is mails.Claimed.ready
        assert tasks.send_mail(row.id, row.subject) == "busy"
    with time_machine.travel(later(10), tick=False):
        assert tasks.send_mail(row.id, row.subject) == "doubtful"
        assert tasks.send_mail(row.id, row.subject) == "nothing to do"
    assert box.taken == []
    first_id = row.subject
    with at_work.work.transaction() as session:
        unfinished.requeue(session, bureau.actors["manager"], row.id, later(11))
    assert rounds(at_work, later(12)) == ["sent"]
    with at_work.work.reading() as session:
        assert box.taken[0]["Message-ID"] == session.get_one(Mail, int(first_id)).message_id


KILLED = """
import os, signal, sys
from board.office import open_office
from board.settings import load_settings
from dataclasses import replace
from board.replies import mails
from worker import post_office
settings = load_settings()
mail = {**settings.section("mail"), "enabled": True, "port": int(sys.argv[1]), "from": "huiying@office.test"}
office = open_office(replace(settings, tables={**settings.tables, "mail": mail}), migrate=False)
mails.confirm = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # the machine dies between the server's answer and our note of it
post_office.deliver(office, int(sys.argv[2]), int(sys.argv[3]))
"""


def test_a_kill_between_sending_and_noting_it_sends_nothing_twice(bureau: Bureau, at_work: Office, box: Box, root) -> None:
    assigned(bureau)
    with time_machine.travel(later(1), tick=False):
        tasks.mail_round()
    with at_work.work.reading() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
    home = {"HUIYING_HOME": str(at_work.settings.home), "DATABASE_URL": at_work.settings.database_url, "PYTHONPATH": str(root)}
    child = subprocess.run([sys.executable, "-c", KILLED, str(box.port), str(row.id), row.subject], env={**os.environ, **home}, check=False, timeout=60)
    assert child.returncode == -signal.SIGKILL
    assert len(box.taken) == 1
    with at_work.work.reading() as session:
        assert session.get_one(Mail, int(row.subject)).state == MailState.sending
    with at_work.work.transaction() as session:
        session.get_one(Mail, int(row.subject)).claimed_at = later(2)  # the child's clock was the machine's
    with time_machine.travel(later(10), tick=False):
        assert tasks.send_mail(row.id, row.subject) == "doubtful"
    assert len(box.taken) == 1


def test_two_at_once_hand_over_once(bureau: Bureau, at_work: Office, box: Box) -> None:
    import threading

    assigned(bureau)
    with time_machine.travel(later(1), tick=False):
        tasks.mail_round()
        with at_work.work.reading() as session:
            row = session.scalars(select(OutboxRow).where(OutboxRow.task == "send_mail")).one()
        found: list[str] = []
        both = [threading.Thread(target=lambda: found.append(post_office.deliver(at_work, row.id, int(row.subject)))) for _ in range(4)]
        for one in both:
            one.start()
        for one in both:
            one.join()
    assert found.count("sent") == 1
    assert len(box.taken) == 1
    assert set(found) <= {"sent", "busy", "settled"}


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


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_the_server_can_ask_for_a_name_and_password(bureau: Bureau, at_work: Office, make_smtp: Callable[..., int]) -> None:
    from worker.policy import OfficeTask

    assigned(bureau)
    OfficeTask.opened = with_mail(bureau.office, make_smtp(), user="huiying", password="wrong")
    assert rounds(OfficeTask.opened, later(1)) == ["put off"]
    OfficeTask.opened = with_mail(bureau.office, make_smtp(), user="huiying", password="right")
    assert rounds(OfficeTask.opened, later(3)) == ["sent"]


@pytest.fixture
def make_smtp() -> Iterator[Callable[..., int]]:
    """A mail server that wants huiying/right; returns its port."""
    from aiosmtpd.smtp import AuthResult

    servers: list[Controller] = []

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"huiying", b"right"))

    def make() -> int:
        handler = Box()
        servers.append(served(handler, authenticator=check, auth_required=True, auth_require_tls=False))
        return handler.port

    yield make
    for server in servers:
        server.stop(no_assert=True)
