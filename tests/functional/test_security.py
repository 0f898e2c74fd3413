"""The fences around every route: headers, methods, tokens, the table of rights, the cookie of staff."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from board.app import create_app
from board.errors import NotConfigured
from board.office import Office, open_office
from board.settings import Settings
from board.staff.roles import Right
from board.web import guards, headers
from tests.bureau import Bureau

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS")


def paths(app: Flask) -> list[tuple[str, set[str]]]:
    """Every route with something put in for its variables."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            converter = rule._converters[name]
            path = path.replace(f"<{name}>", "1").replace(f"<{type(converter).__name__.removesuffix('Converter').lower()}:{name}>", "1")
        path = path.replace("<int:key>", "1").replace("<path:filename>", "theme.css")
        found.setdefault(path, set()).update(rule.methods or ())
    return sorted(found.items())


def test_every_answer_carries_the_headers(app: Flask, client: FlaskClient) -> None:
    checked = 0
    for path, _ in paths(app):
        for method in METHODS:
            answer = client.open(path, method=method, buffered=True)
            for name, value in headers.HEADERS.items():
                assert answer.headers.get(name) == value, (method, path, name)
            assert answer.headers.get("Cache-Control"), (method, path)
            assert answer.status_code < 500, (method, path, answer.status_code)
            checked += 1
    assert checked > 100


def test_the_policy_allows_no_inline_script_and_no_other_host() -> None:
    assert "unsafe" not in headers.POLICY
    assert "http" not in headers.POLICY
    assert "*" not in headers.POLICY
    for part in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in headers.POLICY


def test_other_methods_are_405(app: Flask, client: FlaskClient) -> None:
    for path, allowed in paths(app):
        for method in METHODS:
            if method not in allowed:
                assert client.open(path, method=method, buffered=True).status_code in (404, 405), (method, path)


def test_every_route_is_in_the_table_and_the_table_names_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(guards.ROUTES)
    assert all(isinstance(needed, Right | guards.Access | guards.ByKey) for needed in guards.ROUTES.values())


def test_a_route_without_a_right_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    with pytest.raises(NotConfigured, match="forgotten"):
        guards.refuse_gaps(app)


def test_forms_without_a_token_change_nothing(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("api.") and guards.ROUTES[rule.endpoint] in (guards.PUBLIC, guards.CITIZEN):
            answer = client.post(rule.rule, data={"text": "x", "publish": "no", "number": "1", "code": "2"})
            assert answer.status_code == 400, rule.endpoint


def test_private_pages_are_never_stored_and_files_are(client: FlaskClient) -> None:
    assert client.get("/follow").headers["Cache-Control"] == "no-store"
    assert client.get("/post").headers["Cache-Control"] == "no-store"
    with client.get("/static/theme.css?v=abc") as file:
        assert file.headers["Cache-Control"].endswith("immutable")


def test_packed_bodies_and_nul_in_addresses_are_refused(client: FlaskClient) -> None:
    assert client.post("/post", data=b"x", headers={"Content-Encoding": "gzip"}).status_code == 415
    assert client.get("/inquiries/%00").status_code == 400
    assert client.get("/inquiries?q=%00").status_code == 400


def test_too_many_parts_and_too_large_bodies(client: FlaskClient) -> None:
    assert client.post("/post", data={f"f{n}": "x" for n in range(200)}, content_type="multipart/form-data").status_code == 413
    assert client.post("/post", data={"text": "x" * 2_000_001}).status_code == 413


def test_pages_hold_no_inline_script_style_or_foreign_address(client: FlaskClient, answered: Callable) -> None:
    posted = answered()
    for path in (
        "/",
        "/ask?q=失业保险金",
        "/inquiries",
        f"/inquiries/{posted.number}",
        "/post",
        "/follow",
        "/documents",
        "/documents/1",
        "/statistics",
        "/nowhere",
    ):
        page = client.get(path).get_data(as_text=True)
        for forbidden in (" style=", "<style", " onclick", "<script>", "//cdn", 'src="http', 'href="http'):
            assert forbidden not in page, (path, forbidden)


def test_a_forged_host_poisons_no_link(client: FlaskClient) -> None:
    for path in ("/", "/post", "/inquiries", "/about/appearance?next=/"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert 'href="http://evil' not in answer.get_data(as_text=True)
        assert not (answer.location or "").startswith("http")


def test_the_address_comes_from_a_trusted_proxy_alone(bureau: Bureau, sqlite_url: str, make_settings: Callable[..., Settings], tmp_path) -> None:
    from board.web.limits import address

    (tmp_path / "home" / "config.toml").write_text("[web]\ntrusted_proxies = 1\n", encoding="utf-8")
    behind = create_app(open_office(make_settings(DATABASE_URL=sqlite_url), migrate=False))
    plain = create_app(bureau.office)
    for made, expected in ((behind, "198.51.100.1"), (plain, "127.0.0.1")):
        seen: list[str] = []
        made.view_functions["status.healthz"] = lambda seen=seen: seen.append(address()) or "ok"
        made.test_client().get("/healthz", headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.1"})
        assert seen == [expected]


def test_the_two_sides_are_served_apart(bureau: Bureau, sqlite_url: str, make_settings: Callable[..., Settings], tmp_path) -> None:
    (tmp_path / "home" / "config.toml").write_text("[web]\npublic = false\n", encoding="utf-8")
    desk = create_app(open_office(make_settings(DATABASE_URL=sqlite_url), migrate=False)).test_client()
    assert desk.get("/inquiries").status_code == 404
    assert desk.get("/healthz").status_code == 200
    assert "没有找到" in desk.get("/").get_data(as_text=True) or desk.get("/").status_code in (302, 303)


def test_a_fault_shows_a_number_and_no_detail(app: Flask) -> None:
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False

    def broken() -> str:
        raise RuntimeError("secret detail")

    app.view_functions["public.privacy"] = broken
    answer = app.test_client().get("/about/privacy")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "故障编号" in page
    assert "secret" not in page
    assert answer.headers["Content-Security-Policy"] == headers.POLICY


def test_the_key_of_cookies_is_the_installations_own(office: Office, app: Flask) -> None:
    assert app.secret_key
    assert office.key not in (app.secret_key, b"")
    assert len(app.secret_key) == 32
