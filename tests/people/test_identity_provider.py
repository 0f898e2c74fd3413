"""Signing in through the office's identity provider, against a real one on loopback: who is let in, and every way in which it is refused."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwk
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from board.app import create_app
from board.errors import NotConfigured
from board.models import Account, Event
from board.office import open_office
from board.settings import Settings
from board.staff import second_factor
from tests.bureau import NOW, Bureau
from tests.identity_server import CLIENT, SECRET, IdentityServer

BACK = "http://localhost/sign-in/provider/back"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is asked here is the dialogue with the provider."""
    return sqlite_url


@pytest.fixture
def provider() -> Iterator[IdentityServer]:
    """The provider; its clock stands at the bureau's time."""
    with time_machine.travel(NOW, tick=False):
        server = IdentityServer(NOW.timestamp)
        yield server
        server.close()


def with_provider(settings: Settings, server: IdentityServer, **chosen: object) -> Settings:
    """The settings with this provider."""
    table = {"enabled": True, "issuer": server.issuer, "client_id": CLIENT, "client_secret": SECRET, "redirect": BACK, **chosen}
    return replace(settings, tables={**settings.tables, "oidc": {**settings.section("oidc"), **table}})


@pytest.fixture
def desk(bureau: Bureau, provider: IdentityServer) -> Iterator[Callable[..., Flask]]:
    """``desk(claim="sub")``: the application of the office with this provider."""
    opened = []

    def make(**chosen: object) -> Flask:
        opened.append(open_office(with_provider(bureau.office.settings, provider, **chosen), migrate=False))
        app = create_app(opened[-1])
        app.testing = True
        return app

    yield make
    for office in opened:
        office.engine.dispose()


@pytest.fixture
def browser(desk: Callable[..., Flask]) -> FlaskClient:
    """A browser before that desk."""
    return desk().test_client()


class Stay(urllib.request.HTTPRedirectHandler):
    """The browser of the test follows redirects by itself."""

    def redirect_request(self, *_: object) -> None:
        """Nowhere."""


def through(address: str) -> str:
    """The person signs in at the provider; the path to which the provider sends the browser back."""
    with pytest.raises(urllib.error.HTTPError) as sent:
        urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay()).open(address, timeout=10)
    with sent.value as answer:
        assert answer.code == 302
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"


def come_back(browser: FlaskClient, following: str = "", place: str = "127.0.0.1") -> TestResponse:
    """The whole way; the answer to the browser that is back."""
    sent = browser.get("/sign-in/provider" + (f"?{urlencode({'next': following})}" if following else ""))
    assert sent.status_code == 302, sent.get_data(as_text=True)[-800:]
    return browser.get(through(sent.location), environ_base={"REMOTE_ADDR": place})


def refusals(bureau: Bureau) -> list[str]:
    """Why attempts were refused, as the trail keeps it."""
    with bureau.office.work.reading() as session:
        return [event["why"] for event in session.scalars(select(Event.data).where(Event.action == "sign_in_refused").order_by(Event.id))]


def test_a_linked_person_comes_in_with_the_rights_of_the_account_and_is_out_when_it_is_disabled(bureau: Bureau, browser: FlaskClient) -> None:
    assert "统一身份认证登录" in browser.get("/sign-in").get_data(as_text=True)
    answer = come_back(browser, "/desk?lane=mine")
    assert (answer.status_code, answer.location) == (303, "/desk?lane=mine")
    assert browser.get("/desk").status_code == 200
    assert browser.get("/desk/accounts").status_code == 403
    with bureau.office.work.transaction() as session:
        assert session.scalars(select(Event.data).where(Event.action == "sign_in")).one()["provider"] is True
        session.scalars(select(Account).where(Account.login == "clerk")).one().active = False
    assert browser.get("/desk").status_code in {302, 303}
    assert come_back(browser).status_code == 422
    assert refusals(bureau) == ["provider: disabled"]


def test_nobody_is_made_and_links_alone_count_where_there_are_any(bureau: Bureau, provider: IdentityServer, browser: FlaskClient, desk: Callable[..., Flask]) -> None:
    with bureau.office.work.reading() as session:
        before = session.scalar(select(func.count()).select_from(Account))
    provider.who = "stranger"
    answer = come_back(browser)
    assert (answer.status_code, "没有与之对应的可用账号" in answer.get_data(as_text=True)) == (422, True)
    linked = desk(claim="sub", links={"330127001": "signer"})
    person = linked.test_client()
    assert come_back(person).status_code == 303
    assert "signer" in person.get("/desk/me").get_data(as_text=True)
    provider.who, provider.faults = "clerk", {"sub": "clerk"}
    assert come_back(linked.test_client()).status_code == 422
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == before
    assert refusals(bureau) == ["provider: unknown"] * 2


FAULTS: list[tuple[dict[str, object], str]] = [
    ({"iss": "https://evil.example"}, "iss"), ({"aud": "another"}, "aud"), ({"aud": [CLIENT, "another"]}, "aud"), ({"azp": "another"}, "aud"),
    ({"exp": int(NOW.timestamp()) - 61}, "exp"), ({"exp": None}, "exp"), ({"iat": int(NOW.timestamp()) + 120}, "iat"), ({"nbf": int(NOW.timestamp()) + 120}, "nbf"),
    ({"nonce": "guessed"}, "nonce"), ({"nonce": None}, "nonce"), ({"preferred_username": None}, "claim"), ({"preferred_username": ["clerk"]}, "claim"),
]  # fmt: skip


def test_a_token_that_is_not_for_us_now_lets_nobody_in(bureau: Bureau, provider: IdentityServer, browser: FlaskClient) -> None:
    for number, (provider.faults, why) in enumerate(FAULTS):
        assert come_back(browser, place=f"10.0.0.{number}").status_code == 422, why
    assert browser.get("/desk").status_code in {302, 303}
    assert refusals(bureau) == [f"provider: {why}" for _, why in FAULTS]


def test_foreign_signatures_codes_and_browsers_let_nobody_in(bureau: Bureau, provider: IdentityServer, browser: FlaskClient) -> None:
    provider.key = jwk.RSAKey.generate_key(2048, {"kid": "k1"})
    assert come_back(browser).status_code == 422
    for provider.algorithm in ("HS256", "none"):
        assert come_back(browser).status_code == 422
    provider.key, provider.algorithm = provider.published, "RS256"
    stolen = through(browser.get("/sign-in/provider").location)
    stranger = browser.application.test_client()
    assert stranger.get(stolen).status_code == 422, "a code without the cookie of its browser"
    stranger.get("/sign-in/provider")
    assert stranger.get(stolen).status_code == 422, "a foreign state"
    state = parse_qs(urlsplit(stranger.get("/sign-in/provider").location).query)["state"][0]
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    assert stranger.get(f"/sign-in/provider/back?{urlencode({'code': code, 'state': state})}").status_code == 422, "a foreign code: its verifier is missing"
    assert stranger.get("/desk").status_code in {302, 303}
    late = through(browser.get("/sign-in/provider").location)
    with time_machine.travel(NOW.timestamp() + 700, tick=False):
        assert browser.get(late).status_code == 422
    good = through(browser.get("/sign-in/provider").location)
    assert browser.get(good).status_code == 303
    assert browser.get(good).status_code == 422, "the same address once more"


def test_the_second_factor_is_still_asked(bureau: Bureau, browser: FlaskClient) -> None:
    secret = pyotp.random_base32()
    with bureau.office.work.transaction() as session:
        session.scalars(select(Account).where(Account.login == "clerk")).one().totp_secret = second_factor.sealed(bureau.office.key, bureau.actors["clerk"].account_id, secret)
    answer = come_back(browser)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert browser.get("/desk").status_code in {302, 303}


def test_a_provider_that_is_away_is_said_and_passwords_go_on(desk: Callable[..., Flask]) -> None:
    away = desk(issuer="http://127.0.0.1:9").test_client()
    answer = away.get("/sign-in/provider")
    assert (answer.status_code, "暂时没有回应" in answer.get_data(as_text=True), 'name="password"' in answer.get_data(as_text=True)) == (503, True, True)


@pytest.mark.parametrize(("chosen", "words"), [({"client_secret": ""}, "client_secret"), ({"issuer": "http://id.example.gov.cn"}, "https")])
def test_half_a_provider_does_not_start(desk: Callable[..., Flask], chosen: dict[str, str], words: str) -> None:
    with pytest.raises(NotConfigured, match=words):
        desk(**chosen)


def test_without_a_provider_there_is_no_way(desk: Callable[..., Flask]) -> None:
    client = desk(enabled=False).test_client()
    assert client.get("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/back?code=x&state=y").status_code == 404
    assert "统一身份认证" not in client.get("/sign-in").get_data(as_text=True)


def test_a_provider_may_change_its_key_list_foreign_ones_and_sign_with_another_curve(bureau: Bureau, provider: IdentityServer, browser: FlaskClient) -> None:
    assert come_back(browser).status_code == 303
    provider.more_keys = [{"kty": "AKP", "kid": "post", "alg": "ML-DSA-44", "pub": "AA"}, {**provider.published.as_dict(private=False), "kid": "enc", "use": "enc", "alg": "RSA-OAEP"}]
    provider.key = provider.published = jwk.RSAKey.generate_key(2048, {"kid": "k2", "use": "sig", "alg": "RS256"})
    assert come_back(browser.application.test_client()).status_code == 303, "rotated"
    provider.key, provider.algorithm = jwk.ECKey.generate_key("P-256", {"kid": "k3", "use": "sig"}), "ES256"
    provider.published = provider.key
    assert come_back(browser.application.test_client()).status_code == 303, "ES256"
    provider.says_kid = False
    for _ in range(4):
        assert come_back(browser.application.test_client()).status_code == 303, "only one key can sign"
    provider.faults = {"aud": [CLIENT, "account"], "azp": CLIENT}
    assert come_back(browser.application.test_client()).status_code == 303, "aud as a list"
    assert refusals(bureau) == []


def test_an_answer_of_another_issuer_an_error_and_an_unproven_address_let_nobody_in(
    bureau: Bureau, provider: IdentityServer, browser: FlaskClient, desk: Callable[..., Flask]
) -> None:
    good = through(browser.get("/sign-in/provider").location)
    assert browser.get(f"{good}&{urlencode({'iss': 'https://evil.example'})}").status_code == 422
    good = through(browser.get("/sign-in/provider").location)
    assert browser.get(f"{good}&{urlencode({'iss': provider.issuer})}").status_code == 303
    denied = desk().test_client()
    state = parse_qs(urlsplit(denied.get("/sign-in/provider").location).query)["state"][0]
    assert denied.get(f"/sign-in/provider/back?{urlencode({'error': 'access_denied', 'state': state})}").status_code == 422
    by_mail = desk(claim="email", links={"clerk@example.gov.cn": "clerk"})
    provider.faults = {"email": "clerk@example.gov.cn"}
    assert come_back(by_mail.test_client()).status_code == 422
    provider.faults = {"email": "clerk@example.gov.cn", "email_verified": True}
    assert come_back(by_mail.test_client()).status_code == 303
    assert refusals(bureau) == ["provider: iss of the answer", "provider: error: access_denied", "provider: email_verified"]


def test_who_leaves_is_told_where_to_leave_the_provider_too(provider: IdentityServer, desk: Callable[..., Flask]) -> None:
    provider.more_places = {"end_session_endpoint": "/logout"}
    client = desk(name="云溪统一认证").test_client()
    assert come_back(client).status_code == 303
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/me").get_data(as_text=True))[1]
    gone = client.post("/sign-out", data={"csrf_token": token})
    assert gone.status_code == 303
    assert f"{provider.issuer}/logout?client_id={CLIENT}" in client.get(gone.location).get_data(as_text=True)
