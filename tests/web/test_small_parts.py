"""Small parts of the web side that need no request."""

import pytest

from board.web.configuration import StrictJson
from board.web.guards import local_path
from board.web.labels_in_pages import day, is_local, marked, short_day, weekday
from board.web.sessions import Staff
from board.web.typed_numbers import TypedFields, plain_number


@pytest.mark.parametrize("target", ["/", "/post", "/inquiries?q=a&page=2", "/documents/1"])
def test_local_paths_are_kept(target: str) -> None:
    assert local_path(target) == target


@pytest.mark.parametrize("target", [None, "", "post", "//evil", "/\\evil", "\\\\evil", "https://evil", "javascript:alert(1)", "/a b", "/a\nb", "/a\x7f"])
def test_everything_else_leads_home(target: str | None) -> None:
    assert local_path(target) == "/"


def test_only_paths_of_this_site_become_links() -> None:
    assert is_local("/documents/3")
    assert not is_local("https://example.org/x")
    assert not is_local("//x")
    assert not is_local("")


def test_marks_escape_what_they_mark() -> None:
    assert marked("领<失业>金", [(1, 5)]) == "领<mark>&lt;失业&gt;</mark>金"
    assert marked("abc", [(2, 9), (1, 1), (0, 1)]) == "<mark>a</mark>bc"
    assert marked("<b>", []) == "&lt;b&gt;"


def test_days_are_counted_in_shanghai() -> None:
    from datetime import UTC, date, datetime

    late = datetime(2016, 12, 31, 16, 30, tzinfo=UTC)
    assert day(late) == "2017年1月1日"
    assert short_day(late) == "2017-01-01"
    assert weekday(date(2016, 12, 8)) == "周四"
    assert day(None) == ""
    assert short_day(None) == ""
    assert weekday(None) == ""


@pytest.mark.parametrize("body", ["{", "NaN", "[Infinity]", '{"a":1,"a":2}', "[" * 21 + "]" * 21, '{"a":' * 5000])
def test_strict_json_refuses(body: str) -> None:
    from flask import Flask

    with pytest.raises(ValueError, match=r"\S"):
        StrictJson(Flask("x")).loads(body)


def test_strict_json_reads_and_writes_chinese() -> None:
    from flask import Flask

    provider = StrictJson(Flask("x"))
    assert provider.loads('{"问": ["答", 1, null, true]}') == {"问": ["答", 1, None, True]}
    assert provider.dumps({"问": "答"}) == '{"问": "答"}'


def test_the_cookie_carries_the_token_and_nothing_else() -> None:
    from types import SimpleNamespace

    from board.staff.roles import Actor

    assert Staff(SimpleNamespace(login="wang"), Actor("account:1"), 7, "a-token").get_id() == "a-token"


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("days", "１２３", "123"), ("day", "２０２６－０１－３１", "2026-01-31"), ("day", "2026—０1—31", "2026-01-31"), ("at", "２０２６－０１－３１ ０９：３０", "2026-01-31 09:30"),
        ("title", "第１次反映", "第１次反映"), ("text", "１" * 41, "１" * 41), ("password", "１２３４", "１２３４"), ("title", "12", "12"), ("q", "２－", "2-"),
    ],
)  # fmt: skip
def test_a_number_may_be_typed_in_full_width_and_words_stay(name: str, given: str, taken: str) -> None:
    assert plain_number(name, given) == taken
    assert TypedFields([(name, given), (name, "x")]).getlist(name) == [taken, "x"]
