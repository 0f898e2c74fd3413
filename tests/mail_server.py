"""A real mail server on loopback, an office that mails through it, and the rounds of its worker; imported by the tests of mails."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import select

from board.clock import now
from board.models import Account, Inquiry, OutboxRow, OutboxState, Unit
from board.office import Office, open_office
from board.replies import review
from tests.bureau import NOW, Bureau
from worker import post_office, tasks

WORK = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday 10:00 in Shanghai
NIGHT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


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
