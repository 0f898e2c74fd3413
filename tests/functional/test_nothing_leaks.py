"""The personal data of RELIABILITY 7 and the hostile texts of its section 5 go in by the interface; every public output is looked through for them."""

import io
import json
import logging
import re
import unicodedata
from xml.etree import ElementTree as ET  # our own output is read

import docx
import pytest
from flask.testing import FlaskClient

from board.inquiries import answer_hooks
from board.inquiries.posting import Posted
from board.models import HookDelivery, HookKind, Inquiry
from board.replies import publishing
from board.staff import webhooks
from tests.bureau import NOW, Bureau
from tests.functional.conftest import hidden

#: as written -> what of it must not be seen (compared without width, signs between and zero-width)
PERSONAL = {
    "19912345678": "19912345678", "138 0013 8000": "13800138000", "１３９００１３９０００": "13900139000", "137\u200b0013\u200b7000": "13700137000",
    "+86 13600136000": "13600136000", "电话:15000150000微信同号": "15000150000", "座机0596-1234567": "05961234567", "身份证110101199003071233": "110101199003071233",
    "35010219800512004X": "35010219800512004", "110101 19900307 1233": "110101199003071233", "身份证110101199003071234": "110101199003071234",
    "卡号6222021001112222333": "6222021001112222333", "银行卡6222021001112222334": "6222021001112222334", "车牌闽E12345": "闽e12345", "邮箱zhang.san@example.com": "zhangsan@example",
    "QQ:123456789": "123456789", "微信号 wxid_abc123": "wxidabc123", "住东山县西埔镇春光路12号3栋402室": "3栋402室", "护照E12345678": "e12345678", "姓名:张三丰": "张三丰",
}  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b onmouseover=alert(1)>', "javascript:alert(1)", "{{7*7}}", "{% import os %}", "${7*7}", "{0.__class__}",
    "[官网](http://evil.example)", "![x](http://track.example/x.png)", "\u202eabc\u2066", "\x1b[31m", "]]>", "&#x6A;avascript:alert(1)", "' OR 1=1--", "\nINFO login ok",
)  # fmt: skip
BLOCKED = re.compile(r"[\s\-.·_:：\u200b-\u200f\u2060\ufeff]")
SPEAKS = re.compile(r"<script>alert|<img src=x|<b onmouseover|href=[\"']?\s*(?:javascript|data):|(?:href|src)=[\"']?https?://(?:evil|track)\.example", re.IGNORECASE)
ANSWER = "网民您好！请携带身份证到就业股窗口办理，联系人手机18800188000。"


def bare(text: str) -> str:
    """A text in one width and case, without what may stand between the digits of a number."""
    return BLOCKED.sub("", unicodedata.normalize("NFKC", text)).lower()


def published(bureau: Bureau, client: FlaskClient, text: str, title: str) -> Posted:
    """Posts by the interface, answers and publishes; staff confirm what the checks ask."""
    body = {"text": text, "title": title, "publish": True, "nickname": "张三丰", "contact": "17700177000"}
    made = client.post("/api/v1/inquiries", json=body)
    assert made.status_code == 201, made.json
    with bureau.office.work.reading() as session:
        key = session.query(Inquiry.id).filter_by(number=made.json["number"]).scalar()
    posted = Posted(made.json["number"], made.json["tracking_code"], None, due_provisional=False, repeated=False, inquiry_id=key)
    bureau.submit(posted, ANSWER)
    bureau.approve(posted)
    with bureau.office.work.transaction() as session:
        assert publishing.publish(session, key, bureau.office.settings, NOW) == "published"
        entry = publishing.disclose(session, bureau.actors["manager"], session.get_one(Inquiry, key), bureau.office.taxonomy, NOW)
        bureau.document_ids.append(entry.id)
    return posted


def outputs(client: FlaskClient, bureau: Bureau, posted: Posted) -> dict[str, str]:
    """Every address that anybody may read and that could show the message, with its text; read in the words of JSON where it is JSON."""
    entry, number = bureau.document_ids[-1], posted.number
    paths = [
        "/", "/inquiries", "/inquiries?q=申领", f"/inquiries?q={number}", f"/inquiries/{number}", "/inquiries.atom", "/statistics", "/sitemap.xml", "/sitemap-inquiries-0.xml", "/sitemap-documents-0.xml", "/documents",
        "/documents?q=申领", f"/documents/{entry}", f"/documents/{entry}/download.txt", "/ask?q=失业保险金怎么申领", "/api/v1/answers",
        f"/api/v1/answers/{number}", "/api/v1/documents", f"/api/v1/documents/{entry}", "/api/v1/search?q=申领", "/api/docs", "/healthz", "/readyz",
    ]  # fmt: skip
    found = {path: client.get(path) for path in paths}
    found["POST ask"] = client.post("/api/v1/ask", json={"question": "失业保险金怎么申领？"})
    token = hidden(client.get("/post").get_data(as_text=True))["csrf_token"]
    found["POST suggestions"] = client.post("/post/suggestions", data={"csrf_token": token, "text": "失业保险金怎么申领？"}, headers={"X-Fragment": "1"})
    assert all(answer.status_code < 500 for answer in found.values())
    read = {path: answer.get_data(as_text=True) for path, answer in found.items() if answer.status_code == 200}
    assert {f"/inquiries/{number}", "/inquiries.atom", f"/api/v1/answers/{number}", f"/documents/{entry}", f"/documents/{entry}/download.txt", "POST ask", "POST suggestions"} <= set(read)
    texts = {path: json.dumps(json.loads(text), ensure_ascii=False) if found[path].mimetype == "application/json" else text for path, text in read.items()}
    file = docx.Document(io.BytesIO(client.get(f"/documents/{entry}/download.docx").data))
    return texts | {"web hook": hook_body(bureau, posted), "file.txt": "\n".join(block.text for block in file.paragraphs)}


def hook_body(bureau: Bureau, posted: Posted) -> str:
    """What other programs are told."""
    with bureau.office.work.transaction() as session:
        hook = webhooks.create(session, bureau.actors["admin"], bureau.office.settings, "市平台", "https://platform.example.gov.cn/hook", NOW)
        answer_hooks.note(session, posted.inquiry_id, HookKind.published, NOW)
        row = session.query(HookDelivery).filter_by(webhook_id=hook.id).one()
        parcel = answer_hooks.claim(session, bureau.office.settings, 0, row.id, NOW)
        assert not isinstance(parcel, str)
        return parcel.body.decode()


def test_personal_data_is_in_no_public_output(client: FlaskClient, bureau: Bureau, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        posted = published(bureau, client, "失业保险金怎么申领？" + "；".join(PERSONAL), "失业保险金申领，电话13800138000")
        texts = outputs(client, bureau, posted)
    assert "失业保险金" in texts[f"/inquiries/{posted.number}"]
    shown = {place: bare(text) for place, text in texts.items()}
    secrets = {**PERSONAL, "contact": "17700177000", "reply": "18800188000", "nickname": "张三丰"}
    leaks = [(written, place) for written, secret in secrets.items() for place, text in shown.items() if secret in text]
    assert leaks == []
    log = bare("\n".join(record.getMessage() for record in caplog.records))
    assert [written for written, secret in secrets.items() if secret in log] == []


def test_hostile_texts_stay_texts_in_every_public_output(client: FlaskClient, bureau: Bureau, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        posted = published(bureau, client, "失业保险金怎么申领？" + "。".join(HOSTILE), "<svg/onload=alert(1)>\"'&{{7*7}}")
        texts = outputs(client, bureau, posted)
    for place, text in texts.items():
        if not place.startswith(("/api/v1", "POST ask", "web hook")) and not place.endswith(".txt"):
            assert not SPEAKS.search(text), place
            assert "<svg/onload" not in text, place
        assert not set("\u202e\u2066\x1b\x00") & set(text), place
    ET.fromstring(texts["/inquiries.atom"])  # our own feed
    card = texts[f"/inquiries/{posted.number}"]
    assert "{{7*7}}" in card, "shown as it was written"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in card
    assert "\nINFO login ok" not in "\n".join(record.getMessage() for record in caplog.records)
