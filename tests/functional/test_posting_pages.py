"""The form for posting: what is kept, what is refused, once and only once."""

import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from board.errors import Unavailable
from board.models import Event, Inquiry, OutboxRow
from board.web import forms
from tests.bureau import Bureau
from tests.functional.conftest import Citizen


def inquiries(bureau: Bureau) -> list[Inquiry]:
    with bureau.office.work.reading() as session:
        return list(session.scalars(select(Inquiry).order_by(Inquiry.id)))


def test_a_post_leads_to_a_receipt_that_is_shown_once(bureau: Bureau, citizen: Citizen, client: FlaskClient) -> None:
    sent = citizen.send(title="失业金", nickname="老王", contact="13800138000", kind="help")
    assert sent.status_code == 303
    assert sent.location == "/post/receipt"
    page = client.get("/post/receipt").get_data(as_text=True)
    (stored,) = inquiries(bureau)
    assert stored.number in page
    assert stored.due_on is not None
    assert f"{stored.due_on.month}月{stored.due_on.day}日" in page
    assert re.search(r"(<span>[0-9A-Z]{4}</span>){4}", page)
    assert "第 5 个工作日" in page
    assert (stored.kind, stored.title, stored.nickname, stored.contact, stored.publish, stored.channel) == (
        "help",
        "失业金",
        "老王",
        "13800138000",
        True,
        "web",
    )
    assert "只显示一次" in client.get("/post/receipt").get_data(as_text=True)
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1
        assert session.scalars(select(OutboxRow.task)).all() == ["draft_reply"]


def test_no_choice_of_publication_is_preset(client: FlaskClient) -> None:
    page = client.get("/post").get_data(as_text=True)
    assert page.count('name="publish"') == 2
    assert "checked" not in page


def test_every_wrong_field_is_named_and_all_that_was_typed_is_kept(bureau: Bureau, citizen: Citizen) -> None:
    typed = {"text": "  ", "title": "题" * 101, "kind": "谩骂", "nickname": "名" * 31, "contact": "某某路<b>1号", "publish": ""}
    response = citizen.send(**typed)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    for field in ("text", "title", "kind", "nickname", "publish"):
        assert f'id="{field}-error"' in page, field
    assert "题" * 101 in page
    assert "名" * 31 in page
    assert "某某路&lt;b&gt;1号" in page
    assert inquiries(bureau) == []


def test_the_same_form_sent_five_times_is_one_post_with_one_code(bureau: Bureau, citizen: Citizen, client: FlaskClient) -> None:
    filled = citizen.form("/post") | {"text": "失业保险金怎么申领？", "publish": "no"}
    codes = set()
    for _ in range(5):
        assert client.post("/post", data=filled).status_code == 303
        codes.add(re.search(r'name="code" value="([^"]+)"', client.get("/post/receipt").get_data(as_text=True))[1])
    assert len(inquiries(bureau)) == 1
    assert len(codes) == 1


def test_an_expired_token_keeps_the_text(bureau: Bureau, citizen: Citizen, client: FlaskClient) -> None:
    filled = citizen.form("/post") | {"text": "一段写了很久的话", "publish": "no", "csrf_token": "stale"}
    response = client.post("/post", data=filled)
    assert response.status_code == 400
    assert "一段写了很久的话" in response.get_data(as_text=True)
    assert inquiries(bureau) == []


@pytest.mark.parametrize(("changes", "held"), [({}, True), ({forms.TRAP: "http://example.org"}, True), ({"opened": "123.abc"}, True)])
def test_machines_are_held_and_never_dropped(bureau: Bureau, citizen: Citizen, changes: dict[str, str], held: bool) -> None:
    assert citizen.send(**changes).status_code == 303
    (stored,) = inquiries(bureau)
    assert bool(stored.held_reason) is held


def test_a_form_that_was_read_first_is_not_held(bureau: Bureau, citizen: Citizen, client: FlaskClient) -> None:
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False) as clock:
        filled = citizen.form("/post") | {"text": "失业保险金怎么申领？", "publish": "no"}
        clock.shift(30)
        assert client.post("/post", data=filled).status_code == 303
    (stored,) = inquiries(bureau)
    assert stored.held_reason == ""


def test_times_states_and_numbers_cannot_be_set_by_a_form(bureau: Bureau, citizen: Citizen) -> None:
    citizen.send(received_at="1999-01-01", state="closed", number="LY1", reply="官方答复", unit_id="99", due_on="1999-01-01")
    (stored,) = inquiries(bureau)
    assert stored.received_at.year > 2000
    assert stored.state == "received"
    assert stored.number.startswith("LY2")


def test_a_report_is_never_public(bureau: Bureau, citizen: Citizen) -> None:
    citizen.send(kind="report", publish="yes")
    (stored,) = inquiries(bureau)
    assert stored.publish is False


def test_the_receipt_can_be_saved_as_text(citizen: Citizen, client: FlaskClient) -> None:
    number, code = citizen.receipt()
    token = citizen.form("/follow")["csrf_token"]
    saved = client.post("/post/receipt.txt", data={"csrf_token": token, "number": number, "code": code})
    text = saved.get_data().decode("utf-8-sig")
    assert saved.headers["Content-Disposition"] == f'attachment; filename="{number}.txt"'
    assert number in text
    assert code in text
    assert "\r\n" in text
    assert client.post("/post/receipt.txt", data={"csrf_token": token, "number": number, "code": "AAAA"}).status_code == 404


def test_a_question_that_was_asked_is_taken_along(client: FlaskClient) -> None:
    assert "社保卡&lt;丢了&gt;怎么办" in client.get("/post?q=社保卡<丢了>怎么办").get_data(as_text=True)


def test_unreadable_signs_are_refused_not_stored(bureau: Bureau, citizen: Citizen, client: FlaskClient) -> None:
    filled = citizen.form("/post")
    body = f"csrf_token={filled['csrf_token']}&nonce={filled['nonce']}&opened={filled['opened']}&publish=no&text=".encode() + b"%C9%E7%B1%A3%BF%A8"
    response = client.post("/post", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert "UTF-8" in response.get_data(as_text=True)
    parts = filled | {"text": "\ufffd\ufffd卡", "publish": "no"}
    assert client.post("/post", data=parts, content_type="multipart/form-data").status_code == 422
    assert inquiries(bureau) == []


def test_a_database_that_is_away_loses_no_words(app: Flask, citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = citizen.form("/post") | {"text": "不能丢的话", "publish": "no"}

    def away(*_: object) -> None:
        raise Unavailable("系统暂时无法保存，请稍后再试；您填写的内容没有丢失。")

    monkeypatch.setattr("board.web.posting.post_inquiry", away)
    response = citizen.client.post("/post", data=filled)
    assert response.status_code == 503
    assert "不能丢的话" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><b onmouseover=x>', "{{7*7}}{% import os %}", "javascript:alert(1)", "[官网](http://evil.example)"]
)
def test_what_people_write_is_text_on_the_public_page(client: FlaskClient, answered: Callable, text: str) -> None:
    posted = answered(text + "，请问怎么办？", title=text)
    page = client.get(f"/inquiries/{posted.number}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<b onmouseover" not in page
    assert 'href="javascript:' not in page
    assert 'href="http://evil' not in page
    assert "7*7" in page or "{{" not in text
