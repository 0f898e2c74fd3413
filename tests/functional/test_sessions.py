"""The session of staff: idle time-out, disabled accounts, raised epochs, refused roles."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from board.errors import Unavailable
from board.staff.accounts import disable, find_account
from board.staff.roles import Right
from board.web import guards, sessions
from tests.bureau import Bureau

START = "2026-11-24T02:00:00Z"


@pytest.fixture
def guarded(app: Flask, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A browser, a page for approvers, and a page that signs in whom the address names."""

    def enter(login: str) -> str:
        with bureau.office.work.transaction() as session:
            person = sessions.begin(session, find_account(session, login))
        sessions.enter(person)
        return "in"

    app.add_url_rule("/try/page", "try.page", lambda: "seen")
    app.add_url_rule("/try/enter/<login>", "try.enter", enter)
    table = dict(guards.ROUTES) | {"try.page": Right.approve, "try.enter": guards.PUBLIC}
    monkeypatch.setattr(guards, "ROUTES", table)
    monkeypatch.setattr(guards, "to_sign_in", lambda: ("sign in", 401))
    with time_machine.travel(START, tick=False):
        yield app.test_client()


def test_only_the_right_role_sees_the_page(guarded: FlaskClient) -> None:
    assert guarded.get("/try/page").status_code == 401
    guarded.get("/try/enter/clerk")
    assert guarded.get("/try/page").status_code == 403
    guarded.get("/try/enter/signer")
    assert guarded.get("/try/page").status_code == 200


def test_the_session_ends_when_idle(guarded: FlaskClient) -> None:
    guarded.get("/try/enter/signer")
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            clock.shift(29 * 60)
            assert guarded.get("/try/page").status_code == 200
        clock.shift(31 * 60)
        assert guarded.get("/try/page").status_code == 401


def test_the_session_ends_after_the_longest_time_even_in_use(guarded: FlaskClient) -> None:
    guarded.get("/try/enter/signer")
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(29):
            clock.shift(25 * 60)
            assert guarded.get("/try/page").status_code == (200 if _ < 28 else 401), _


def test_an_account_that_came_to_its_end_is_out_at_once(guarded: FlaskClient, bureau: Bureau) -> None:
    guarded.get("/try/enter/signer")
    with bureau.office.work.transaction() as session:
        find_account(session, "signer").expires_at = datetime.fromisoformat(START)
    assert guarded.get("/try/page").status_code == 401


def test_reading_goes_on_when_nothing_can_be_written(guarded: FlaskClient, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded.get("/try/enter/signer")

    def full(*_: object) -> None:
        raise Unavailable("磁盘已满")

    monkeypatch.setattr(sessions.browsers, "touch", full)
    with time_machine.travel(START, tick=False) as clock:
        clock.shift(120)
        assert guarded.get("/try/page").status_code == 200


def test_a_disabled_account_is_out_at_once(guarded: FlaskClient, bureau: Bureau) -> None:
    guarded.get("/try/enter/signer")
    with bureau.office.work.transaction() as session:
        disable(find_account(session, "signer"))
    assert guarded.get("/try/page").status_code == 401


def test_a_raised_epoch_ends_the_session(guarded: FlaskClient, bureau: Bureau) -> None:
    guarded.get("/try/enter/signer")
    with bureau.office.work.transaction() as session:
        find_account(session, "signer").session_epoch += 1
    assert guarded.get("/try/page").status_code == 401


def test_the_cookie_is_for_http_alone_and_signed(guarded: FlaskClient) -> None:
    cookie = guarded.get("/try/enter/signer").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    guarded.set_cookie("huiying", "eyJfdXNlcl9pZCI6IjA6c2lnbmVyIn0.forged.forged")
    assert guarded.get("/try/page").status_code == 401
