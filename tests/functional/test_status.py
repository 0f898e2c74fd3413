"""Health in words."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import delete, update

from board.clock import now
from board.inquiries.reconciling import note_heartbeat
from board.models import Heartbeat, Unit
from tests.bureau import Bureau


def beat(bureau: Bureau, age: int) -> None:
    with bureau.office.work.transaction() as session:
        for name in ("worker", "relay"):
            note_heartbeat(session, name, now() - timedelta(seconds=age))


def test_the_process_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_ready_with_fresh_heartbeats(client: FlaskClient, bureau: Bureau) -> None:
    beat(bureau, 5)
    bureau.post(at=now() - timedelta(seconds=90))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["reasons"] == []
    assert answer.json["index"]["documents"] == 3
    assert 85 <= answer.json["oldest_outbox_seconds"] <= 120


def test_a_broker_that_is_away_is_degraded_and_posting_goes_on(client: FlaskClient, bureau: Bureau) -> None:
    beat(bureau, 120)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "degraded"
    assert "留言照常接收" in answer.json["reasons"][0]
    assert client.post("/api/v1/inquiries", json={"text": "照常", "publish": False}).status_code == 201


def test_no_heartbeat_at_all_is_degraded(client: FlaskClient, bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        session.execute(delete(Heartbeat))
    assert client.get("/readyz").json["status"] == "degraded"


def test_the_office_takes_a_new_name_from_the_database(client: FlaskClient, bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        session.execute(update(Unit).where(Unit.code == "bureau").values(name="改名后的机关"))
    assert "改名后的机关" in client.get("/about/map").get_data(as_text=True)


def test_a_sample_bureau_says_so_on_every_page(client: FlaskClient, bureau: Bureau) -> None:
    from board.models import Account

    with bureau.office.work.transaction() as session:
        session.execute(update(Account).where(Account.login == "clerk").values(sample=True))
    for path in ("/", "/post", "/inquiries", "/documents", "/follow", "/statistics", "/nowhere"):
        assert "样例" in client.get(path).get_data(as_text=True), path
