"""The way of a citizen on SQLite and on PostgreSQL: odd input must be as harmless on both."""

import pytest
from flask.testing import FlaskClient

from board.app import create_app
from tests.bureau import Bureau, bureau

__all__ = ["bureau"]


@pytest.fixture
def client(bureau: Bureau) -> FlaskClient:
    """A browser at an application on either database."""
    return create_app(bureau.office).test_client()


def test_post_follow_search(client: FlaskClient) -> None:
    made = client.post("/api/v1/inquiries", json={"text": "社保卡丢了怎么补办？\u0000", "publish": True, "nonce": "nonce-both"})
    assert made.status_code == 201
    seen = client.get(f"/api/v1/inquiries/{made.json['number']}", headers={"Tracking-Code": made.json["tracking_code"].lower()})
    assert seen.status_code == 200
    assert seen.json["state"] == "received"
    assert client.get("/api/v1/inquiries/nothing", headers={"Tracking-Code": "' OR 1=1--"}).status_code == 404
    assert client.get("/api/v1/search", query_string={"q": "社保卡"}).json["documents"][0]["title"] == "社会保障卡补办须知"


@pytest.mark.parametrize("query", ["' OR 1=1--", "%", "_", "\\", 'NEAR("', "*", '"', "𠮷", "🙂", "ﷺ" * 200])
def test_odd_searches(client: FlaskClient, query: str) -> None:
    for path in ("/inquiries", "/documents", "/ask", "/api/v1/search"):
        assert client.get(path, query_string={"q": query}).status_code in (200, 422), path


def test_pages_answer(client: FlaskClient, bureau: Bureau) -> None:
    for path in ("/", "/inquiries", "/documents", f"/documents/{bureau.document_ids[0]}", "/statistics", "/readyz", "/post", "/follow"):
        assert client.get(path).status_code == 200, path
