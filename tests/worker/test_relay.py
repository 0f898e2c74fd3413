"""The relay on a real broker: rows become messages, a broker that is away costs nothing, a silent one does not hold it long."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from redis import Redis
from sqlalchemy import select

from board.inquiries.reconciling import heartbeats
from board.models import OutboxRow, OutboxState
from board.office import Office
from board.settings import Settings
from tests.bureau import Bureau
from worker.broker import configuration
from worker.relay import Broker, Relay

RowOf = Callable[[str, object], OutboxRow]


def celery_at(settings: Settings, address: str) -> Celery:
    """An application of its own, so that tests do not share a pool."""
    app = Celery("test", set_as_current=False)
    app.conf.update(configuration(settings, {"HUIYING_BROKER": address}))
    return app


@pytest.fixture
def relay_to(office: Office) -> Iterator[Callable[[str], Relay]]:
    """``relay_to(address)``: a relay of the office to this broker."""
    made: list[Celery] = []

    def make(address: str) -> Relay:
        made.append(celery_at(office.settings, address))
        return Relay(office.work, office.settings, Broker(made[-1]))

    yield make
    for app in made:
        app.close()


def waiting(redis_server: Path) -> int:
    """How many messages lie in the queue."""
    with Redis(unix_socket_path=str(redis_server)) as client:
        return int(client.llen("huiying"))


def test_due_rows_are_sent_once_and_come_due_again(
    bureau: Bureau, relay_to: Callable[[str], Relay], redis_url: str, redis_server: Path, row_of: RowOf
) -> None:
    posted = [bureau.post() for _ in range(3)]
    relay = relay_to(redis_url.replace("unix", "redis+socket"))
    assert relay.round() == 3
    assert relay.round() == 0
    assert waiting(redis_server) == 3
    row = row_of("draft_reply", posted[0].inquiry_id)
    assert (row.state, row.sent, row.attempts) == (OutboxState.open, 1, 0)
    assert 4 < row.next_attempt_at.timestamp() - time.time() <= 5
    with bureau.office.work.reading() as session:
        assert "relay" in heartbeats(session)


def test_the_message_carries_ids_only(bureau: Bureau, relay_to: Callable[[str], Relay], redis_url: str, redis_server: Path) -> None:
    bureau.post(text="我叫张三，电话13800138000，请问养老金怎么领？")
    relay_to(redis_url.replace("unix", "redis+socket")).round()
    with Redis(unix_socket_path=str(redis_server)) as client:
        message = client.lrange("huiying", 0, -1)[0]
    import base64
    import json

    body = json.loads(message)
    assert "13800138000" not in base64.b64decode(body["body"]).decode() + json.dumps(body["headers"])


def test_a_broker_that_is_away_claims_nothing(bureau: Bureau, relay_to: Callable[[str], Relay], tmp_path: Path, row_of: RowOf, until: Callable[..., float]) -> None:
    posted = bureau.post()
    path = tmp_path / "late.sock"
    relay = relay_to(f"redis+socket://{path}")
    began = time.monotonic()
    assert [relay.round() for _ in range(3)] == [0, 0, 0]
    assert time.monotonic() - began < 3
    assert row_of("draft_reply", posted.inquiry_id).sent == 0
    server = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
    try:
        until(lambda: relay.round() == 1, 10, "the relay did not find the broker again")
    finally:
        server.kill()
        server.wait()
    assert relay.round() == 0


def test_a_broker_that_never_answers_holds_the_relay_for_two_seconds_at_most(bureau: Bureau, relay_to: Callable[[str], Relay], row_of: RowOf) -> None:
    posted = bureau.post()
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen()
        relay = relay_to(f"redis://127.0.0.1:{hole.getsockname()[1]}/0")
        began = time.monotonic()
        assert relay.round() == 0
        assert time.monotonic() - began < 2.5
    assert row_of("draft_reply", posted.inquiry_id).sent == 0


def test_files_take_messages_too(bureau: Bureau, relay_to: Callable[[str], Relay]) -> None:
    bureau.post()
    relay = relay_to("filesystem://")
    assert relay.round() == 1
    assert len(list((bureau.office.settings.home / "run" / "messages").glob("*.msg"))) == 1


def test_nothing_is_sent_for_a_row_that_is_done(bureau: Bureau, relay_to: Callable[[str], Relay], redis_url: str) -> None:
    posted = bureau.post()
    bureau.draft(posted)
    assert relay_to(redis_url.replace("unix", "redis+socket")).round() == 0
    with bureau.office.work.reading() as session:
        assert session.scalars(select(OutboxRow.state)).all() == [OutboxState.done]
