"""The web application over a small bureau on a real SQLite database, and a citizen who uses it."""

import html
import re
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from board.app import create_app
from board.inquiries.posting import Posted
from board.office import Office, open_office
from board.replies import publishing
from board.settings import Settings
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]

REPLY = (
    "网民您好！您的留言收悉。\n\n## 一、申领材料\n\n> 本人身份证、终止劳动关系的证明、近期照片一张。\n"
    "> ——《失业保险金申领办事指南》（测人社发〔2016〕8号），2016-03-01，现行有效，/documents/1\n\n请到就业股2号窗口办理。"
)


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """These tests ask what the web does; the rooms below are tested on both databases."""
    return sqlite_office


@pytest.fixture
def app(bureau: Bureau) -> Flask:
    """The application of the bureau."""
    made = create_app(bureau.office)
    made.testing = True
    return made


@pytest.fixture
def limited_app(bureau: Bureau, sqlite_url: str, make_settings: Callable[..., Settings]) -> Iterator[Flask]:
    """The same with rate limits."""
    opened = open_office(make_settings(DATABASE_URL=sqlite_url, HUIYING_RATE_LIMITS="on"), migrate=False)
    yield create_app(opened)
    opened.engine.dispose()


@dataclass
class Citizen:
    """A browser without scripts."""

    client: FlaskClient

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the page's form, as a browser would send them."""
        page = self.client.get(path).get_data(as_text=True)
        return hidden(page)

    def send(self, **fields: str) -> TestResponse:
        """Fills the form for posting and sends it."""
        filled = self.form("/post") | {"text": "失业保险金怎么申领？", "publish": "yes"} | fields
        return self.client.post("/post", data=filled)

    def receipt(self, **fields: str) -> tuple[str, str]:
        """Posts and reads number and tracking code from the receipt."""
        assert self.send(**fields).status_code == 303
        page = self.client.get("/post/receipt").get_data(as_text=True)
        values = hidden(page)
        return values["number"], values["code"]

    def follow(self, number: str, code: str, path: str = "/follow", **fields: str) -> TestResponse:
        """Sends number and code."""
        return self.client.post(path, data={"csrf_token": self.form("/follow")["csrf_token"], "number": number, "code": code, **fields})


def hidden(page: str) -> dict[str, str]:
    """Names and values of hidden fields."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser."""
    return app.test_client()


@pytest.fixture
def citizen(client: FlaskClient) -> Citizen:
    """A citizen at that browser."""
    return Citizen(client)


@pytest.fixture
def answered(bureau: Bureau) -> Callable[..., Posted]:
    """``answered(text, reply=..., publish=...)``: an inquiry that went the whole way."""

    def go(text: str = "失业保险金怎么申领？我的电话是13800138000。", reply: str = REPLY, **fields: object) -> Posted:
        with time_machine.travel(NOW, tick=False):
            posted = bureau.post(text, **fields)
            bureau.submit(posted, reply)
            bureau.approve(posted)
            with bureau.office.work.transaction() as session:
                assert publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW) == "published"
        return posted

    return go


def quoted(text: str) -> str:
    """A text for an address."""
    return urllib.parse.quote(text)
