"""Notices to citizens against a real gateway on loopback and a real mail server: once an event, never twice, nothing personal, gone with the contact."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from board.errors import Conflict, InvalidInput
from board.inquiries import citizen_notices, merging, own_data
from board.models import CitizenNotice, Event, Inquiry, MailState, OutboxRow, OutboxState
from board.office import Office, open_office
from board.replies import review
from tests.bureau import NOW, Bureau
from tests.mail_server import Box, at_work, box, later
from worker import tasks
from worker.policy import OfficeTask

__all__ = ["at_work", "box"]


class Gateway:
    """What a gateway was sent; ``answers`` are (status, body) for the next requests, 0 breaks the connection off."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, str], str]] = []
        self.answers: list[tuple[int, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                form = "form" in self.headers["Content-Type"]
                fields = {name: values[0] for name, values in parse_qs(body.decode()).items()} if form else json.loads(body)
                outer.taken.append((self.path, fields, self.headers.get("Authorization", "")))
                status, said = outer.answers.pop(0) if outer.answers else (200, '{"code":0}')
                if status:
                    self.send_response(status)
                    self.send_header("Location", "/elsewhere")
                    self.end_headers()
                    self.wfile.write(said.encode())

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def telling(at_work: Office, gateway: Gateway) -> Iterator[Office]:
    """The office at work with notices by both ways."""
    chosen = {
        **at_work.settings.section("notices"), "enabled": True, "site": "https://www.office.test/", "sms_url": f"http://127.0.0.1:{gateway.server.server_port}/send?v=2",
        "sms_fields": {"phone": "mobile", "text": "content", "reference": "sid"}, "sms_extra": {"sign": "测试"}, "sms_headers": {"Authorization": "Bearer key"},
        "sms_success": '"code": ?0',
    }  # fmt: skip
    opened = open_office(replace(at_work.settings, tables={**at_work.settings.tables, "notices": chosen}), migrate=False)
    OfficeTask.opened = opened
    yield opened
    OfficeTask.opened = at_work
    opened.engine.dispose()


def asked(bureau: Bureau, office: Office, to: str, text: str = "我叫王小明，失业保险金怎么领？") -> int:
    """An inquiry whose citizen wants to be told."""
    posted = bureau.post(text, nickname="王小明", contact="13900139000")
    with office.work.transaction() as session:
        own_data.set_notices(session, office.settings, session.get_one(Inquiry, posted.inquiry_id), to, NOW)
    return posted.inquiry_id


def accepted(bureau: Bureau, office: Office, key: int) -> OutboxRow:
    """Staff take it in; returns the row that tells of it."""
    with office.work.transaction() as session:
        review.accept(session, bureau.actors["signer"], session.get_one(Inquiry, key), NOW)
    return row_of(office)


def row_of(office: Office) -> OutboxRow:
    with office.work.reading() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.task == citizen_notices.TASK).order_by(OutboxRow.id.desc())).first()


def state_of(office: Office) -> MailState:
    with office.work.reading() as session:
        return session.scalars(select(CitizenNotice.state).order_by(CitizenNotice.id.desc())).first()


def test_once_an_event_and_nothing_personal(bureau: Bureau, telling: Office, gateway: Gateway) -> None:
    key = asked(bureau, telling, "１３８ 0013-8000")
    row = accepted(bureau, telling, key)
    assert [tasks.send_notice(row.id, row.subject) for _ in range(3)] == ["sent", "nothing to do", "nothing to do"]
    ((path, fields, authorization),) = gateway.taken
    assert (path, authorization, fields["mobile"], fields["sign"]) == ("/send?v=2", "Bearer key", "13800138000", "测试")
    with telling.work.reading() as session:
        number = session.get_one(Inquiry, key).number
        events = session.scalars(select(Event).where(Event.inquiry_id == key)).all()
    assert number in fields["content"]
    assert "https://www.office.test/follow" in fields["content"]
    assert not any(words in fields["content"] for words in ("王小明", "失业", "139"))
    assert not [e for e in events if "13800138000" in f"{e.data}{e.reason}"]


@pytest.mark.parametrize(("answer", "outcome", "state"), [
    ((503, ""), "put off", MailState.waiting), ((400, "bad"), "refused", MailState.refused), ((200, '{"code":7}'), "refused", MailState.refused),
    ((302, ""), "refused", MailState.refused), ((500, ""), "doubtful", MailState.doubtful), ((0, ""), "doubtful", MailState.doubtful),
])  # fmt: skip
def test_what_a_gateway_says(sqlite_only: None, bureau: Bureau, telling: Office, gateway: Gateway, answer: tuple[int, str], outcome: str, state: MailState) -> None:
    row = accepted(bureau, telling, asked(bureau, telling, "13800138000"))
    gateway.answers = [answer]
    assert tasks.send_notice(row.id, row.subject) == outcome
    assert state_of(telling) == state
    assert row_of(telling).state == (OutboxState.open if outcome == "put off" else OutboxState.failed)
    assert len(gateway.taken) == 1


@pytest.fixture
def sqlite_only(request: pytest.FixtureRequest) -> None:
    """What a gateway says does not depend on the database."""
    if "postgresql" in request.node.callspec.id:
        pytest.skip("the database does not matter here")


def test_by_mail_to_all_that_hang_on_it_and_to_nobody_who_erased(bureau: Bureau, telling: Office, box: Box, gateway: Gateway) -> None:
    main, follower = asked(bureau, telling, "wang@example.com"), asked(bureau, telling, "li@example.com", "失业保险金怎么申请？")
    gone = asked(bureau, telling, "13800138000", "失业保险金怎么申报？")
    with telling.work.transaction() as session:
        for key in (follower, gone):
            merging.merge(session, bureau.actors["signer"], session.get_one(Inquiry, key), session.get_one(Inquiry, main), "重复", NOW)
        own_data.erase_contact(session, session.get_one(Inquiry, gone), later(1))
    posted = type("Posted", (), {"inquiry_id": main})
    bureau.submit(posted)
    bureau.approve(posted)
    with telling.work.reading() as session:
        publish = session.scalars(select(OutboxRow).where(OutboxRow.task == "publish_reply")).one()
    assert tasks.publish_reply(publish.id, publish.subject) == "published"
    with telling.work.reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.task == citizen_notices.TASK).order_by(OutboxRow.id)).all()
        told = session.scalars(select(CitizenNotice.inquiry_id).where(CitizenNotice.action == "publish")).all()
    outcomes = {row.subject: tasks.send_notice(row.id, row.subject) for row in rows}
    assert sorted(told) == sorted([main, follower])
    assert "settled" in outcomes.values()
    assert gateway.taken == []
    assert {mail["To"] for mail in box.taken if "已答复" in mail.get_content()} == {"wang@example.com", "li@example.com"}


@pytest.mark.parametrize(("given", "error"), [("a@b\nBcc: x", InvalidInput), ("12333", InvalidInput), ("<script>", InvalidInput), ("1" * 300, InvalidInput), ("13800138000", Conflict), ("a@example.com", Conflict)])
def test_what_is_no_address_or_not_offered(sqlite_office: Office, given: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        citizen_notices.address_of(sqlite_office.settings, given)
    assert citizen_notices.address_of(sqlite_office.settings, "  ") == ""
