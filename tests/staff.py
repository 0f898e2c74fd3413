"""Members of staff at their browsers; imported by the tests of the desk's pages."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.bureau import NOW, PASSWORD


class Staff:
    """A browser without scripts in which somebody signed in by the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def token(self) -> str:
        """The session's token, from the page that every role sees."""
        page = self.client.get("/desk", follow_redirects=True).get_data(as_text=True)
        return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def get(self, path: str) -> TestResponse:
        """Opens a page."""
        return self.client.get(path)

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page, which must answer with this status."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)[-1500:]
        return html.unescape(answer.get_data(as_text=True))

    def send(self, path: str, **fields: object) -> TestResponse:
        """Sends a form with its token."""
        return self.client.post(path, data={"csrf_token": self.token(), **fields})


def signed_in(app: Flask, login: str) -> Staff:
    """Signs in by the page."""
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post("/sign-in", data={"csrf_token": token, "login": login, "password": PASSWORD})
    assert answer.status_code == 303, answer.get_data(as_text=True)[-1500:]
    return Staff(client)


@pytest.fixture
def enter(app: Flask) -> Iterator[Callable[[str], Staff]]:
    """``enter("clerk")``: that person's browser; the clock stands at the bureau's time."""
    with time_machine.travel(NOW, tick=False):
        yield lambda login: signed_in(app, login)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])
