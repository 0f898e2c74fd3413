"""Signing in, and who may call which page of the desk: every role on every route."""

import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask

from board.models import Account
from board.staff.roles import ALLOWED, Right
from board.web import guards
from tests.bureau import NOW, PASSWORD, Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
Enter = Callable[[str], Staff]
ROLES = {
    "clerk": "editor", "signer": "approver", "manager": "manager", "admin": "admin", "front": "front_office", "head": "unit_head", "auditor": "auditor",
}  # fmt: skip
#: routes with more methods have one endpoint each
VALUES = {"number": "LY1", "view_id": "1", "row_id": "1", "form": "xlsx", "login": "nobody", "session_id": "1", "code": "jyg", "key": "x"}


def routes(app: Flask, method: str) -> list[tuple[str, str]]:
    """(endpoint, path) of all routes that take the method and are guarded by a right."""
    found = [
        (rule.endpoint, re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda m, rule=rule: value_of(rule, m[1]), rule.rule))
        for rule in app.url_map.iter_rules()
        if method in rule.methods and isinstance(guards.ROUTES[rule.endpoint], Right)
    ]
    assert len(found) > 20
    return found


def value_of(rule, name: str) -> str:
    """Something to put in for a variable of a route: one of the named choices, else the usual."""
    if f"<int:{name}>" in rule.rule:
        return "1"
    choices = re.search(rf"<any\(([^)]*)\):{name}>", rule.rule)
    return choices[1].split(",")[0].strip() if choices else VALUES.get(name, "1")


@pytest.mark.parametrize("login", ROLES)
def test_pages_by_role(app: Flask, enter: Enter, bureau: Bureau, login: str) -> None:
    person = enter(login)
    for endpoint, path in routes(app, "GET"):
        allowed = ROLES[login] in ALLOWED[guards.ROUTES[endpoint]]
        status = person.get(path).status_code
        assert status in ((200, 404, 409) if allowed else (403,)), (endpoint, login, status)
        assert person.client.head(path).status_code == status, (endpoint, login)


@pytest.mark.parametrize("login", ROLES)
def test_forms_by_role(app: Flask, enter: Enter, bureau: Bureau, login: str) -> None:
    person = enter(login)
    for endpoint, path in routes(app, "POST"):
        allowed = ROLES[login] in ALLOWED[guards.ROUTES[endpoint]]
        status = person.send(path).status_code
        assert status != 403 if allowed else status == 403, (endpoint, login, status)
        assert status < 500, (endpoint, login, status)


def test_visitors_are_sent_to_sign_in_and_their_forms_refused(app: Flask, bureau: Bureau) -> None:
    client = app.test_client()
    for _, path in routes(app, "GET"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in?next=/")
    for _, path in routes(app, "POST"):
        assert client.post(path).status_code in (400, 401)


def test_forms_without_a_token_change_nothing(app: Flask, enter: Enter, bureau: Bureau) -> None:
    person = enter("signer")
    for endpoint, path in routes(app, "POST"):
        assert person.client.post(path, data={"csrf_token": "wrong"}).status_code in (400, 403), endpoint
        assert person.client.get(path).status_code in (200, 403, 404, 405, 409), endpoint


def attempt(client, login: str, password: str, **more):
    page = client.get("/sign-in", **more).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post("/sign-in", data={"csrf_token": token, "login": login, "password": password, "next": "/desk?lane=mine"}, **more)


def test_signing_in_leads_back_and_renews_the_session(app: Flask, bureau: Bureau) -> None:
    client = app.test_client()
    before = client.get("/sign-in").headers["Set-Cookie"]
    answer = attempt(client, "clerk", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/desk?lane=mine")
    assert answer.headers["Set-Cookie"] != before
    assert client.get("/desk").status_code == 200
    assert "no-store" in client.get("/desk").headers["Cache-Control"]


@pytest.mark.parametrize("following", ["//evil.example", "https://evil.example", "/\\evil", "/%0d"])
def test_signing_in_never_leads_elsewhere(app: Flask, bureau: Bureau, following: str) -> None:
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))[1]
    answer = client.post("/sign-in", data={"csrf_token": token, "login": "clerk", "password": PASSWORD, "next": following})
    assert answer.location == "/desk" or (answer.location.startswith("/%0d"))


def test_a_wrong_password_and_an_unknown_login_look_the_same(app: Flask, bureau: Bureau) -> None:
    client = app.test_client()
    wrong, unknown = attempt(client, "clerk", "wrong"), attempt(client, "nobody", "wrong")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "账号或密码不正确" in wrong.get_data(as_text=True)
    assert wrong.get_data(as_text=True).replace('value="clerk"', 'value="nobody"').split("</form>")[1] == unknown.get_data(as_text=True).split("</form>")[1]


def test_five_wrong_passwords_lock_the_account_for_a_while(app: Flask, bureau: Bureau) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = app.test_client()
        for _ in range(5):
            attempt(client, "clerk", "wrong")
        assert attempt(client, "clerk", PASSWORD).status_code == 422
        clock.shift(16 * 60)
        assert attempt(client, "clerk", PASSWORD).status_code == 303


def test_sample_accounts_work_on_this_machine_only(app: Flask, bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        session.query(Account).filter_by(login="clerk").one().sample = True
    far = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    assert attempt(app.test_client(), "clerk", PASSWORD, **far).status_code == 422
    assert attempt(app.test_client(), "clerk", PASSWORD, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 422
    assert attempt(app.test_client(), "clerk", PASSWORD).status_code == 303


def test_signing_out_ends_the_session(enter: Enter, bureau: Bureau) -> None:
    person = enter("clerk")
    assert person.client.get("/sign-out").status_code == 405
    assert person.send("/sign-out").status_code == 303
    assert person.get("/desk").status_code == 302


def test_the_navigation_shows_what_the_role_may(enter: Enter, bureau: Bureau) -> None:
    assert 'href="/reports"' not in enter("clerk").page("/desk")
    assert 'href="/reports"' in enter("manager").page("/desk")
    admin = enter("admin")
    assert admin.get("/desk").location == "/desk/failed"
    assert 'href="/desk/history"' not in admin.page("/desk/failed")
