"""Lists, keys and the description of the interface: pages and links, 304, what a key may do and how often, what it leaves behind."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from board.clock import local_day, now
from board.errors import InvalidInput, NotAllowed
from board.models import ApiKey, Event
from board.staff import api_keys
from board.staff.api_keys import Wanted
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
ANSWERS, FIGURES, POST = "/api/v1/answers", "/api/v1/figures", "/api/v1/inquiries"


def key(bureau: Bureau, *scopes: str, **fields: object) -> dict[str, str]:
    with bureau.office.work.transaction() as session:
        _, token = api_keys.create(session, bureau.actors["admin"], Wanted("市平台", scopes, **fields), now())
    return {"Authorization": f"Bearer {token}"}


def test_lists_have_pages_and_links_and_single_pieces(client: FlaskClient, bureau: Bureau, answered: Callable) -> None:
    numbers = [answered(f"第{n}个问题：失业保险金怎么申领？电话13800138000。", title=f"失业金{n}").number for n in range(3)]
    first = client.get(ANSWERS, query_string={"per_page": "2", "q": "失业"}).json
    assert (first["total"], first["pages"], len(first["items"]), first["links"]["prev"]) == (3, 2, 2, None)
    second = client.get(first["links"]["next"]).json
    assert {one["number"] for one in first["items"] + second["items"]} == set(numbers)
    assert second["links"]["next"] is None
    one = client.get(f"{ANSWERS}/{numbers[0]}").json
    assert "13800138000" not in one["question"]
    assert "请到就业股2号窗口办理" in one["reply"]
    documents = client.get("/api/v1/documents", query_string={"validity": "repealed"}).json
    assert [row["title"] for row in documents["items"]] == ["关于失业保险金标准的通知"]
    document = client.get(f"/api/v1/documents/{bureau.document_ids[0]}").json
    assert "申领材料" in document["text"]
    for odd in ({"page": "0"}, {"per_page": "101"}, {"page": "abc"}, {"page": "9" * 30}, {"kind": "nonsense"}, {"year": "99999"}):
        assert client.get(ANSWERS, query_string=odd).status_code == 422, odd
    assert client.get("/api/v1/documents/999999").mimetype == "application/problem+json"
    assert client.get("/api").mimetype == "application/problem+json"


def test_what_did_not_change_is_not_sent_again(client: FlaskClient, bureau: Bureau) -> None:
    seen = client.get("/api/v1/documents")
    again = client.get("/api/v1/documents", headers={"If-None-Match": seen.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_key_opens_its_scope_and_no_other(client: FlaskClient, bureau: Bureau) -> None:
    refused = client.get(FIGURES)
    assert (refused.status_code, refused.headers["WWW-Authenticate"], refused.mimetype) == (401, "Bearer", "application/problem+json")
    figures, reading = key(bureau, "figures"), key(bureau, "read", "post")
    assert client.get(FIGURES, headers=figures).json["figures"]["inquiries.received"] == 0
    assert client.get(FIGURES, headers=reading).status_code == 403
    assert client.get(ANSWERS, headers=figures).status_code == 403
    assert client.get(ANSWERS, headers=reading).status_code == client.get(ANSWERS).status_code == 200
    for wrong in ("Bearer nonsense", "Basic YTpi", "Bearer", f"{reading['Authorization']}x", reading["Authorization"].replace("hyk_", "hyk_f")):
        assert client.get(ANSWERS, headers={"Authorization": wrong}).status_code == 401, wrong


def test_an_end_a_revoked_key_and_the_day_of_use(client: FlaskClient, bureau: Bureau) -> None:
    used = key(bureau, "read", expires_on=local_day(now()))
    assert client.get(ANSWERS, headers=used).status_code == 200
    with bureau.office.work.transaction() as session:
        row = session.scalar(select(ApiKey))
        assert row.last_used_on == local_day(now())
        assert used["Authorization"].rpartition("_")[2] not in f"{row.secret_hash} {row.prefix} {row.name}", "only the hash is stored"
        row.expires_on = local_day(now()) - timedelta(days=1)
    assert client.get(ANSWERS, headers=used).status_code == 401
    other = key(bureau, "read")
    with bureau.office.work.transaction() as session:
        api_keys.revoke(session, bureau.actors["admin"], other["Authorization"].split("_")[1], now())
        actions = session.scalars(select(Event.action).where(Event.chain == "interface")).all()
    assert client.get(ANSWERS, headers=other).status_code == 401
    assert actions == ["key_add", "key_add", "key_revoke"]


def test_each_key_has_its_own_share_and_the_public_another(limited_app: Flask, bureau: Bureau) -> None:
    client = limited_app.test_client()
    mine = key(bureau, "read", "post", per_minute=30)
    assert [client.get(ANSWERS, headers=mine).status_code for _ in range(8)] == [200] * 8
    posted = [client.post(POST, json={"text": f"第{n}件", "publish": True}, headers=mine).status_code for n in range(22)]
    assert posted == [201] * 22, "an office posts for many citizens from one address"
    refused = client.get(ANSWERS, headers=mine)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    most = bureau.office.settings.section("rate_limits")["api_per_minute"]
    assert [client.get("/api/v1/documents/999").status_code for _ in range(most + 1)] == [404] * most + [429]


@pytest.mark.parametrize("wanted", [
    Wanted("", ["read"]), Wanted("甲" * 81, ["read"]), Wanted("甲", []), Wanted("甲", ["admin"]), Wanted("甲", ["read"], 0), Wanted("甲", ["read"], 600, date(1999, 1, 1)),
])  # fmt: skip
def test_odd_keys_are_refused(bureau: Bureau, wanted: Wanted) -> None:
    with bureau.office.work.transaction() as session:
        with pytest.raises(InvalidInput):
            api_keys.create(session, bureau.actors["admin"], wanted, NOW)
        with pytest.raises(NotAllowed):
            api_keys.create(session, bureau.actors["manager"], wanted, NOW)


def test_the_page_of_the_administrator(client: FlaskClient, enter: Callable[[str], Staff], bureau: Bureau) -> None:
    admin = enter("admin")
    shown = admin.send("/desk/interface/keys", name="市平台", scopes="read", per_minute="60", expires="").get_data(as_text=True)
    token = shown.partition("hyk_")[2].partition("<")[0]
    assert client.get(ANSWERS, headers={"Authorization": f"Bearer hyk_{token}"}).status_code == 200
    page = admin.get("/desk/interface").get_data(as_text=True)
    assert f"hyk_{token[:8]}" in page
    assert token not in page
    kept = admin.send("/desk/interface/keys", name="省平台", per_minute="x")
    assert kept.status_code == 422
    assert "省平台" in kept.get_data(as_text=True)
    refused = admin.send("/desk/interface/hooks", hook_name="内网", address="https://10.0.0.8/x")
    assert refused.status_code == 422
    assert "https://10.0.0.8/x" in refused.get_data(as_text=True)
    made = admin.send("/desk/interface/hooks", hook_name="市平台", address="https://platform.example.gov.cn/hook")
    assert "whsec_" in admin.get(made.location).get_data(as_text=True)
    assert admin.send(f"{made.location}/off").status_code == 303
    assert admin.send(f"{made.location}/off").status_code == 409
    assert admin.send(f"/desk/interface/keys/{token[:8]}/revoke").status_code == 303


def test_the_page_for_readers_needs_no_other_host(client: FlaskClient) -> None:
    page = client.get("/api/docs").get_data(as_text=True)
    assert "Huiying-Signature" in page
    assert "/api/v1/documents/{key}" in page
    assert "<script" not in page.partition("<main")[2].partition("</main>")[0]
    assert not [part for part in page.split('"') if part.startswith(("http://", "https://", "//"))]
    described = client.get("/api/openapi.json").json
    assert described["webhooks"]["answer"]["post"]["requestBody"]
    assert described["paths"]["/api/v1/figures"]["get"]["security"] == [{"key": []}]
