"""账号管理 and 我的账号 through the pages: first passwords, own rights, second factor, sessions, and an event for each step."""

import html
import re
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from flask import Flask

from board.models import Account, Event
from tests.bureau import NOW, PASSWORD, Bureau
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
Enter = Callable[[str], Staff]
NEW = {"login": "lihua", "display_name": "李华", "role": "approver", "unit": "jyg", "expires": ""}


def tried(app: Flask, login: str, password: str):
    """A browser that sends login and password, and the answer."""
    client = app.test_client()
    token = hidden(client.get("/sign-in").get_data(as_text=True), "csrf_token")
    return Staff(client), client.post("/sign-in", data={"csrf_token": token, "login": login, "password": password})


def events(bureau: Bureau, chain: str = "account") -> list[str]:
    """Actions noted in a chain."""
    with bureau.office.work.reading() as session:
        return [event.action for event in session.query(Event).filter_by(chain=chain).order_by(Event.id)]


def test_a_new_account_has_a_first_password_that_must_be_changed(app: Flask, enter: Enter, bureau: Bureau) -> None:
    page = enter("admin").send("/desk/accounts/new", **NEW).get_data(as_text=True)
    first = html.unescape(re.search(r'<dd class="code small-code">([^<]+)</dd>', page)[1])
    person, answer = tried(app, "lihua", first)
    assert answer.status_code == 303
    assert person.get("/desk").location == "/desk/me"
    token = hidden(person.page("/desk/me"), "csrf_token")
    assert person.client.post("/desk/inquiries/LY1/take", data={"csrf_token": token}).status_code == 403
    changed = person.client.post("/desk/me/password", data={"csrf_token": token, "current": first, "password": "Spring-Rain-2027", "again": "Spring-Rain-2027"})
    assert changed.status_code == 303
    assert person.get("/desk").status_code == 200
    assert events(bureau) == ["account_add", "own_password"]
    with bureau.office.work.reading() as session:
        assert first not in str([event.data for event in session.query(Event)])


@pytest.mark.parametrize(("field", "value", "words"), [
    ("login", "Li Hua", "账号名用小写字母"), ("login", "clerk", "已经存在"), ("role", "king", "请选择角色"), ("unit", "nowhere", "没有名为"),
    ("expires", "2026-13-01", "日期写作"), ("expires", "2020-01-01", "应在今天以后"), ("display_name", "", "请填写姓名"),
])  # fmt: skip
def test_a_refused_form_keeps_what_was_typed(enter: Enter, bureau: Bureau, field: str, value: str, words: str) -> None:
    answer = enter("admin").send("/desk/accounts/new", **{**NEW, field: value})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert words in page
    assert 'value="李华"' in page or field == "display_name"


def test_an_auditor_needs_an_end(enter: Enter, bureau: Bureau) -> None:
    admin = enter("admin")
    assert admin.send("/desk/accounts/new", **NEW | {"role": "auditor"}).status_code == 422
    assert admin.send("/desk/accounts/new", **NEW | {"role": "auditor", "expires": "2028-01-01"}).status_code == 422
    assert admin.send("/desk/accounts/new", **NEW | {"role": "auditor", "expires": "2026-12-31"}).status_code == 200
    assert "2026-12-31" in admin.page("/desk/accounts/lihua")


def test_the_administrator_grants_nothing_to_himself(enter: Enter, bureau: Bureau) -> None:
    admin = enter("admin")
    for path in ("", "/password", "/disable", "/enable", "/unlock", "/second-factor", "/sessions"):
        answer = admin.send(f"/desk/accounts/admin{path}", display_name="x", role="manager", unit="bureau", expires="")
        assert answer.status_code == 403, path
    with bureau.office.work.reading() as session:
        assert session.query(Account).filter_by(login="admin").one().role == "admin"
    assert events(bureau) == []


def test_a_changed_role_holds_from_the_next_request_on(enter: Enter, bureau: Bureau) -> None:
    clerk, admin = enter("clerk"), enter("admin")
    assert clerk.get("/desk/audit").status_code == 403
    assert admin.send("/desk/accounts/clerk", display_name="王敏", role="manager", unit="bureau", expires="").status_code == 303
    assert clerk.get("/desk/audit").status_code == 200
    assert events(bureau) == ["account_change"]


@pytest.mark.parametrize(("path", "action"), [("disable", "account_disable"), ("password", "account_password"), ("sessions", "sessions_ended")])
def test_the_sessions_of_a_person_end_at_once(enter: Enter, bureau: Bureau, path: str, action: str) -> None:
    clerk, admin = enter("clerk"), enter("admin")
    assert clerk.get("/desk").status_code == 200
    assert admin.send(f"/desk/accounts/clerk/{path}").status_code in (200, 303)
    assert clerk.get("/desk").status_code == 302
    assert events(bureau) == [action]


def test_disabling_twice_and_enabling_again(app: Flask, enter: Enter, bureau: Bureau) -> None:
    admin = enter("admin")
    assert [admin.send("/desk/accounts/clerk/disable").status_code for _ in range(2)] == [303, 409]
    assert tried(app, "clerk", PASSWORD)[1].status_code == 422
    assert admin.send("/desk/accounts/clerk/enable").status_code == 303
    assert tried(app, "clerk", PASSWORD)[1].status_code == 303


def test_changing_the_own_password_ends_the_other_browsers(enter: Enter, bureau: Bureau) -> None:
    here, there = enter("clerk"), enter("clerk")
    fields = {"current": PASSWORD, "password": "Spring-Rain-2027", "again": "Spring-Rain-2027"}
    for wrong in (
        {"current": "wrong"},
        {"again": "Other-Rain-2027"},
        {"password": "Password-2026", "again": "Password-2026"},
        {"password": PASSWORD, "again": PASSWORD},
    ):
        assert here.send("/desk/me/password", **fields | wrong).status_code == 422
    assert here.send("/desk/me/password", **fields).status_code == 303
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").status_code == 302


def test_own_sessions_are_listed_and_ended(enter: Enter, bureau: Bureau) -> None:
    here, there, other = enter("clerk"), enter("clerk"), enter("signer")
    page = here.page("/desk/me")
    paths = re.findall(r'action="(/desk/me/sessions/\d+/end)"', page)
    assert len(paths) == 1
    assert other.send(paths[0]).status_code == 404
    assert here.send(paths[0]).status_code == 303
    assert there.get("/desk").status_code == 302
    again = enter("clerk")
    assert here.send("/desk/me/sessions/end-others").status_code == 303
    assert again.get("/desk").status_code == 302
    assert here.get("/desk").status_code == 200
    assert events(bureau) == ["session_ended", "sessions_ended"]


def switched_on(person: Staff) -> tuple[str, list[str]]:
    """Sets up the second factor; returns secret and recovery codes."""
    page = person.page("/desk/me/second-factor")
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    assert 'src="data:image/svg+xml' in page
    kept = hidden(page, "kept")
    fields = {"kept": kept, "current": PASSWORD}
    assert person.send("/desk/me/second-factor", **fields, code="000000").status_code == 422
    assert person.send("/desk/me/second-factor", **fields | {"current": "wrong"}, code=pyotp.TOTP(secret).at(NOW)).status_code == 422
    answer = person.send("/desk/me/second-factor", **fields, code=pyotp.TOTP(secret).at(NOW))
    codes = re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", answer.get_data(as_text=True))
    assert (answer.status_code, len(codes)) == (200, 10)
    return secret, codes


def test_the_second_factor_from_setting_up_to_losing_the_telephone(app: Flask, enter: Enter, bureau: Bureau) -> None:
    secret, codes = switched_on(enter("signer"))
    with time_machine.travel(NOW, tick=False) as clock:
        clock.shift(60)
        person, answer = tried(app, "signer", PASSWORD)
        assert answer.location == "/sign-in/code"
        assert person.get("/desk").status_code == 302
        token = hidden(person.page("/sign-in/code"), "csrf_token")
        assert person.client.post("/sign-in/code", data={"csrf_token": token, "code": "123"}).status_code == 422
        code = pyotp.TOTP(secret).at(int(NOW.timestamp()) + 60)
        assert person.client.post("/sign-in/code", data={"csrf_token": token, "code": code}).status_code == 303
        assert person.get("/desk").status_code == 200
        lost, _ = tried(app, "signer", PASSWORD)
        token = hidden(lost.page("/sign-in/code"), "csrf_token")
        assert lost.client.post("/sign-in/code", data={"csrf_token": token, "code": codes[3]}).status_code == 303
        stale, _ = tried(app, "signer", PASSWORD)
        token = hidden(stale.page("/sign-in/code"), "csrf_token")
        clock.shift(400)
        assert stale.client.post("/sign-in/code", data={"csrf_token": token, "code": codes[4]}).location == "/sign-in"
    assert enter("admin").send("/desk/accounts/signer/second-factor").status_code == 303
    assert tried(app, "signer", PASSWORD)[1].location == "/desk"
    assert events(bureau) == ["second_factor_on", "second_factor_reset"]
    assert "recovery_code" in events(bureau, "sign_in")


def test_a_secret_of_another_person_is_not_taken(enter: Enter, bureau: Bureau) -> None:
    kept = hidden(enter("signer").page("/desk/me/second-factor"), "kept")
    assert enter("clerk").send("/desk/me/second-factor", kept=kept, current=PASSWORD, code="000000").status_code == 422


def test_a_role_that_needs_the_second_factor_does_nothing_before(bureau: Bureau, make_settings: Callable, sqlite_url: str, tmp_path) -> None:
    from board.app import create_app
    from board.office import open_office

    (tmp_path / "home" / "config.toml").write_text('[security]\nsecond_factor_roles = ["approver"]\n', encoding="utf-8")
    strict = create_app(open_office(make_settings(DATABASE_URL=sqlite_url), migrate=False))
    with time_machine.travel(NOW, tick=False):
        person, answer = tried(strict, "signer", PASSWORD)
        assert answer.status_code == 303
        assert person.get("/desk").location == "/desk/me"
        person.token = lambda: hidden(person.page("/desk/me"), "csrf_token")
        switched_on(person)
        assert person.get("/desk").status_code == 200
        assert person.send("/desk/me/second-factor/off", current=PASSWORD).status_code == 403
        assert tried(strict, "clerk", PASSWORD)[0].get("/desk").status_code == 200


def test_the_keys_of_the_desk_can_be_switched_off(enter: Enter, bureau: Bureau) -> None:
    person = enter("clerk")
    assert person.send("/desk/me/shortcuts", on="no").status_code == 303
    assert "已关闭" in person.page("/desk/me")


def test_the_list_finds_and_shows_states(enter: Enter, bureau: Bureau) -> None:
    admin = enter("admin")
    page = admin.page("/desk/accounts")
    assert page.split("</main>")[0].count("<tr>") == 1 + 9
    assert "signer2" not in admin.page("/desk/accounts?q=clerk")
    assert "没有找到" in admin.page("/desk/accounts?q=%25")
    assert "clerk" not in admin.page("/desk/accounts?role=auditor").split("<tbody>")[1]
