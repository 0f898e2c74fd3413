"""Web hooks against a real server on loopback: signed, at least once under one id, tried again, given up and switched off for all to see."""

import hashlib
import hmac
import ipaddress
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from board.clock import now
from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries import answer_hooks
from board.models import HookDelivery, HookState, Inquiry, OutboxRow, OutboxState, Webhook
from board.office import Office
from board.replies import consent, publishing
from board.staff import webhooks
from board.staff.hook_addresses import checked_address, may_be_called
from tests.bureau import NOW, Bureau
from tests.mail_server import at_work, box
from worker import hook_office, tasks

__all__ = ["at_work", "box"]


class Receiver:
    """What was sent; ``answers`` are the statuses of the next requests, 0 breaks the connection off."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.taken.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                status = outer.answers.pop(0) if outer.answers else 204
                if status:
                    self.send_response(status)
                    self.send_header("Location", "/elsewhere")
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook?a=1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def hook_id(at_work: Office, bureau: Bureau, receiver: Receiver) -> int:
    with at_work.work.transaction() as session:
        return webhooks.create(session, bureau.actors["admin"], at_work.settings, "市平台", receiver.address, NOW).id


def published(bureau: Bureau, office: Office, **fields: object) -> int:
    posted = bureau.post("失业保险金怎么领？我的电话13800138000，我叫王小明。", title="失业金电话13800138000", contact="13900139000", nickname="河边柳", **fields)
    bureau.submit(posted)
    bureau.approve(posted)
    with office.work.transaction() as session:
        assert publishing.publish(session, posted.inquiry_id, office.settings, NOW) == "published"
    return posted.inquiry_id


def rows(office: Office) -> list[OutboxRow]:
    with office.work.reading() as session:
        return list(session.scalars(select(OutboxRow).where(OutboxRow.task == webhooks.TASK).order_by(OutboxRow.id)))


def sent(office: Office) -> list[str]:
    return [tasks.send_webhook(row.id, row.subject) for row in rows(office) if row.state == OutboxState.open]


def test_one_delivery_signed_and_public_only(bureau: Bureau, at_work: Office, receiver: Receiver, hook_id: int) -> None:
    published(bureau, at_work)
    (row,) = rows(at_work)
    assert [tasks.send_webhook(row.id, row.subject) for _ in range(2)] == ["delivered", "nothing to do"]
    ((headers, body),) = receiver.taken
    with at_work.work.reading() as session:
        secret = webhooks.secret_of(at_work.key, session.get_one(Webhook, hook_id))
    expected = hmac.new(secret.encode(), headers["Huiying-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Huiying-Signature"] == f"v1={expected}"
    told = json.loads(body)
    assert (told["event"], headers["Huiying-Event"], told["id"]) == ("answer.published", "answer.published", headers["Huiying-Delivery"])
    assert told["inquiry"]["title"] == "失业金电话138****8000"
    assert not any(words in body.decode() for words in ("13800138000", "王小明", "13900139000", "河边柳"))


def test_a_private_answer_is_nobodys_business(bureau: Bureau, at_work: Office, hook_id: int) -> None:
    published(bureau, at_work, publish=False)
    assert rows(at_work) == []


def test_withdrawn_is_told_and_an_overtaken_word_is_not_sent(bureau: Bureau, at_work: Office, receiver: Receiver, hook_id: int) -> None:
    key = published(bureau, at_work)
    with at_work.work.transaction() as session:
        consent.change_consent(session, session.get_one(Inquiry, key), False, NOW)
    assert sent(at_work) == ["overtaken", "delivered"]
    told = json.loads(receiver.taken[0][1])
    assert (told["event"], set(told["inquiry"])) == ("answer.withdrawn", {"number"})


def test_a_lost_answer_is_sent_again_under_the_same_id(bureau: Bureau, at_work: Office, receiver: Receiver, hook_id: int) -> None:
    receiver.answers = [0, 302, 200]
    published(bureau, at_work)
    (row,) = rows(at_work)
    assert [tasks.send_webhook(row.id, row.subject) for _ in range(3)] == ["put off", "put off", "delivered"]
    assert len({headers["Huiying-Delivery"] for headers, _ in receiver.taken}) == 1


def test_a_worker_that_died_over_it_is_waited_for_and_then_replaced(bureau: Bureau, at_work: Office, receiver: Receiver, hook_id: int) -> None:
    published(bureau, at_work)
    (row,) = rows(at_work)
    with at_work.work.transaction() as session:
        assert not isinstance(answer_hooks.claim(session, at_work.settings, row.id, int(row.subject), now()), str)
    assert tasks.send_webhook(row.id, row.subject) == "busy"
    with at_work.work.transaction() as session:
        session.get_one(HookDelivery, int(row.subject)).claimed_at = now() - answer_hooks.GONE
    assert tasks.send_webhook(row.id, row.subject) == "delivered"


def test_given_up_is_seen_and_can_be_sent_again(bureau: Bureau, at_work: Office, receiver: Receiver, hook_id: int) -> None:
    published(bureau, at_work)
    (row,) = rows(at_work)
    receiver.answers = [500] * 8
    assert [tasks.send_webhook(row.id, row.subject) for _ in range(8)] == ["put off"] * 7 + ["given up"]
    assert rows(at_work)[0].state == OutboxState.failed
    with at_work.work.transaction() as session:
        admin, hook = bureau.actors["admin"], webhooks.hook(session, bureau.actors["admin"], hook_id)
        ((delivery, _),) = webhooks.last_deliveries(session, admin, hook)
        assert (delivery.state, delivery.status, delivery.error) == (HookState.given_up, 500, "对方回答 500")
        webhooks.send_again(session, admin, hook, delivery.id, now())
    assert sent(at_work) == ["delivered"]


def test_an_address_that_takes_nothing_for_days_is_switched_off(bureau: Bureau, at_work: Office, receiver: Receiver, hook_id: int) -> None:
    published(bureau, at_work)
    with at_work.work.transaction() as session:
        session.get_one(Webhook, hook_id).failing_since = now() - timedelta(days=6)
    receiver.answers = [503]
    assert sent(at_work) == ["put off"]
    published(bureau, at_work)
    (row,) = rows(at_work)
    assert tasks.send_webhook(row.id, row.subject) == "switched off"
    with at_work.work.transaction() as session:
        assert webhooks.in_trouble(session) == 1
        webhooks.switch_on(session, bureau.actors["admin"], webhooks.hook(session, bureau.actors["admin"], hook_id), now())
    assert sent(at_work) == ["delivered"]


@pytest.mark.parametrize("address", [
    "ftp://a.example/", "http://a.example/", "https://user:pw@a.example/", "https://10.0.0.8/", "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/",
    "https://2130706433/", "https://0x7f.1/", "https://0/", "https://[fe80::1]/", "https://a.example/#x", "http://[::1", "https://中文.example/", "https://a b/", "javascript:x",
    "https://192.168.1.1:8443/x", "http://8.8.8.8/", "https://[64:ff9b::a00:1]/",
])  # fmt: skip
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        checked_address(address, [])


def test_names_that_lead_inside_are_not_called() -> None:
    inside, outside, here = ipaddress.ip_address("10.1.2.3"), ipaddress.ip_address("93.184.216.34"), ipaddress.ip_address("127.0.0.1")
    assert may_be_called("https", [outside], [])
    assert not may_be_called("https", [outside, inside], []), "one of two is enough"
    assert not may_be_called("https", [outside, here], [])
    assert not may_be_called("https", [], [])
    assert may_be_called("https", [inside], ["10.1.0.0/16"])
    assert not may_be_called("http", [inside], ["10.1.0.0/16"])
    with pytest.raises(hook_office.NotTakenError):
        hook_office.checked("http", "10.1.2.3", 80, [])


def test_an_address_that_is_switched_off_is_told_nothing(bureau: Bureau, at_work: Office, hook_id: int) -> None:
    admin = bureau.actors["admin"]
    with at_work.work.transaction() as session:
        webhooks.switch_off(session, admin, webhooks.hook(session, admin, hook_id), NOW)
    published(bureau, at_work)
    assert rows(at_work) == []
    with at_work.work.transaction() as session:
        with pytest.raises(Conflict):
            webhooks.switch_off(session, admin, webhooks.hook(session, admin, hook_id), NOW)
        with pytest.raises(NotAllowed):
            webhooks.hook(session, bureau.actors["manager"], hook_id)
