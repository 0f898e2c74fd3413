"""The interface: its contract, its errors, and what it must not let through."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from board.models import Inquiry
from tests.bureau import Bureau

GOOD = {"text": "失业保险金怎么申领？", "publish": True}
POST = "/api/v1/inquiries"


def stored(bureau: Bureau) -> list[Inquiry]:
    with bureau.office.work.reading() as session:
        return list(session.scalars(select(Inquiry)))


def test_post_and_follow(client: FlaskClient, bureau: Bureau) -> None:
    made = client.post(POST, json=GOOD | {"kind": "求助", "title": "失业金", "nickname": "甲", "contact": "13800138000", "nonce": "nonce-0001"})
    assert made.status_code == 201
    assert set(made.json) == {"number", "tracking_code", "due"}
    seen = client.get(f"{POST}/{made.json['number']}", headers={"Tracking-Code": made.json["tracking_code"]})
    assert seen.status_code == 200
    assert seen.json["number"] == made.json["number"]
    assert seen.json["state"] == "received"
    assert seen.json["due"] == made.json["due"]
    assert [event["action"] for event in seen.json["events"]] == ["post"]
    assert seen.json["received"].endswith("Z")
    (row,) = stored(bureau)
    assert (row.kind, row.channel, row.publish) == ("help", "api", True)


def test_the_same_nonce_gives_the_same_receipt(client: FlaskClient, bureau: Bureau) -> None:
    answers = [client.post(POST, json=GOOD | {"nonce": "nonce-0002"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({json.dumps(answer.json) for answer in answers}) == 1
    assert len(stored(bureau)) == 1


def test_the_reply_comes_with_the_code(client: FlaskClient, answered: Callable) -> None:
    posted = answered(publish=False)
    seen = client.get(f"{POST}/{posted.number}", headers={"Tracking-Code": posted.tracking_code}).json
    assert seen["state"] == "closed"
    assert "请到就业股2号窗口办理" in seen["reply"]


def test_a_wrong_code_is_not_found_and_a_missing_one_is_named(client: FlaskClient, bureau: Bureau) -> None:
    posted = bureau.post()
    wrong = client.get(f"{POST}/{posted.number}", headers={"Tracking-Code": "AAAA-AAAA-AAAA-AAAA"})
    assert wrong.status_code == 404
    assert wrong.mimetype == "application/problem+json"
    assert wrong.json["status"] == 404
    assert client.get(f"{POST}/{posted.number}").status_code == 422


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == status
    assert response.json["detail"]
    return response.json


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"publish": True}, "text"), ({"text": "问"}, "publish"), (GOOD | {"publish": "yes"}, "publish"), (GOOD | {"publish": 1}, "publish"),
        (GOOD | {"text": True}, "text"), (GOOD | {"text": ["问"]}, "text"), (GOOD | {"text": {"a": 1}}, "text"), (GOOD | {"text": ""}, "text"),
        (GOOD | {"text": " 　\u200b"}, "text"), (GOOD | {"text": "字" * 10_001}, "text"), (GOOD | {"kind": "谩骂"}, "kind"), (GOOD | {"kind": 3}, "kind"),
        (GOOD | {"nonce": "长" * 201}, "nonce"), (GOOD | {"title": "题" * 101}, "title"), (GOOD | {"nickname": 5}, "nickname"), (GOOD | {"text": "\ud800"}, "text"),
    ],
)  # fmt: skip
def test_wrong_fields_are_named(client: FlaskClient, bureau: Bureau, body: dict[str, Any], field: str) -> None:
    answer = problem(client.post(POST, data=json.dumps(body), content_type="application/json"), 422)
    assert field in {error["field"] for error in answer["errors"]}
    assert stored(bureau) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"text": NaN}',
        b'{"text":"a","text":"b","publish":true}',
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b'{"text":"\xc9\xe7\xb1\xa3","publish":true}',
    ],
)
def test_what_is_no_json_is_400(client: FlaskClient, bureau: Bureau, body: bytes) -> None:
    problem(client.post(POST, data=body, content_type="application/json"), 400)
    assert stored(bureau) == []


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"3", b"null"])
def test_json_that_is_no_object_is_422(client: FlaskClient, body: bytes) -> None:
    problem(client.post(POST, data=body, content_type="application/json"), 422)


def test_other_refusals(client: FlaskClient, bureau: Bureau) -> None:
    problem(client.post(POST, data="text=a&publish=true", content_type="application/x-www-form-urlencoded"), 415)
    problem(client.post(POST, data=json.dumps(GOOD), content_type="application/json", headers={"Content-Encoding": "gzip"}), 415)
    problem(client.post(POST, data=b" " * 2_000_001, content_type="application/json"), 413)
    problem(client.put(POST, json=GOOD), 405)
    problem(client.get("/api/v1/nothing"), 404)
    assert stored(bureau) == []


def test_unknown_fields_change_nothing(client: FlaskClient, bureau: Bureau) -> None:
    sneaky = {
        "state": "closed",
        "received_at": "1999-01-01T00:00:00Z",
        "number": "LY1",
        "channel": "import",
        "imported": True,
        "reply": "答复",
        "held_reason": "x",
    }
    assert client.post(POST, json=GOOD | sneaky).status_code == 201
    (row,) = stored(bureau)
    assert (row.state, row.channel, row.imported, row.held_reason) == ("received", "api", False, "")
    assert row.received_at.year > 2000


def test_nul_and_controls_are_cleaned(client: FlaskClient, bureau: Bureau) -> None:
    assert client.post(POST, json=GOOD | {"text": "失业\u0000金\u001b[31m怎么领\u202e"}).status_code == 201
    (row,) = stored(bureau)
    assert not set(row.text) & set("\0\x1b\u202e")


def test_search_and_ask_quote_documents(client: FlaskClient, bureau: Bureau, answered: Callable) -> None:
    answered("社保卡丢了怎么补办？", title="补办社保卡")
    asked = client.post("/api/v1/ask", json={"question": "申领失业保险金需要提交什么材料？"}).json
    assert asked["found"] is True
    assert asked["evidence"][0]["link"] == f"/documents/{bureau.document_ids[0]}"
    assert asked["evidence"][0]["document_number"] == "测人社发〔2016〕8号"
    assert asked["evidence"][0]["published"] == "2016-03-01"
    found = client.get("/api/v1/search", query_string={"q": "社保卡"}).json
    assert found["inquiries"][0]["title"] == "补办社保卡"
    problem(client.post("/api/v1/ask", json={"question": ""}), 422)
    problem(client.get("/api/v1/search"), 422)


def test_the_description_is_openapi_3_1_and_names_every_route(client: FlaskClient, app: Flask) -> None:
    described = client.get("/api/openapi.json").json
    assert described["openapi"].startswith("3.1")
    paths = {re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("api.", "api_lists."))}
    assert set(described["paths"]) == paths
    errors = described["paths"]["/api/v1/inquiries"]["post"]["responses"]
    assert {"201", "400", "413", "415", "422", "429"} <= set(errors)


def test_the_interface_reads_no_cookie_and_needs_no_token(app: Flask) -> None:
    answer = app.test_client(use_cookies=False).post(POST, json=GOOD, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_rate_limits(limited_app: Flask, bureau: Bureau) -> None:
    client = limited_app.test_client()
    answers = [client.post(POST, json=GOOD, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(22)]
    assert answers == [201] * 20 + [429] * 2, "a forged X-Forwarded-For changes nothing"
    refused = client.post(POST, json=GOOD)
    assert int(refused.headers["Retry-After"]) > 0
    assert problem(refused, 429)
    assert client.post(POST, json=GOOD, environ_base={"REMOTE_ADDR": "198.51.100.9"}).status_code == 201
    assert len(stored(bureau)) == 21
