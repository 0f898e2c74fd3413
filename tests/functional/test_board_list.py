"""The public board: words in any script, by first letters and with a typing error, filters, the feed, addresses and data for search engines."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import etree

from board.models import Inquiry
from tests.bureau import Bureau

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def numbers(client: FlaskClient, path: str, **query: str) -> list[str]:
    """Numbers of the cards on a page, in their order."""
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200
    return re.findall(r'<h3><a href="/inquiries/([^"]+)"', answer.get_data(as_text=True))


@pytest.fixture
def cards(answered: Callable, bureau: Bureau) -> dict[str, str]:
    """Four answers on the board and one that is not public."""
    posted = {
        "card": answered("社保卡丢了怎么补办？", title="补办社会保障卡", kind="咨询"),
        "old": answered("老人怎么认证？", title="養老金資格認證", kind="求助", reply="网民您好！请携带身份证办理补办社会保障卡的老人也可以来。"),
        "bad": answered("失业宝险金多少钱？", title="失业保险金标准"),
        "wage": answered("工资没有发，ＡＢＣ公司。", title="拖欠工资", kind="投诉"),
    }
    answered("补办社会保障卡的私事", title="不公开的补办", publish=False)
    with bureau.office.work.transaction() as session:
        session.get_one(Inquiry, posted["wage"].inquiry_id).subject = "劳动关系"
    return {name: one.number for name, one in posted.items()}


def test_words_are_found_in_any_way_they_are_typed(client: FlaskClient, cards: dict[str, str]) -> None:
    found = {query: set(numbers(client, "/inquiries", q=query)) for query in ("丢", "補辦社會保障卡", "bbshbzk", "YLJ", "abc", "养老金 认证", cards["wage"].lower(), "龘", "！")}
    assert found == {
        "丢": {cards["card"]}, "補辦社會保障卡": {cards["card"], cards["old"]}, "bbshbzk": {cards["card"]}, "YLJ": {cards["old"]}, "abc": {cards["wage"]},
        "养老金 认证": {cards["old"]}, cards["wage"].lower(): {cards["wage"]}, "龘": set(), "！": set(),
    }  # fmt: skip
    assert numbers(client, "/inquiries", q="补办社会保障卡") == [cards["card"], cards["old"]], "the title before the text, though the other is newer"


def test_a_typing_error_shows_what_comes_near_and_says_so(client: FlaskClient, cards: dict[str, str]) -> None:
    for query in ("社会宝障卡", "社会保卡障", "会保障障卡", "社会障卡"):
        page = client.get("/inquiries", query_string={"q": query}).get_data(as_text=True)
        assert cards["card"] in page, query
        assert f"没有找到含“{query}”的留言" in page
    assert "没有找到含" not in client.get("/inquiries?q=社会保障卡").get_data(as_text=True)


def test_filters_count_alone_and_together(client: FlaskClient, cards: dict[str, str]) -> None:
    assert numbers(client, "/inquiries", subject="劳动关系") == [cards["wage"]]
    assert numbers(client, "/inquiries", kind="complaint", year="2026", state="closed", q="工资") == [cards["wage"]]
    assert numbers(client, "/inquiries", year="2019") == numbers(client, "/inquiries", unit="jyg") == []
    assert len(numbers(client, "/inquiries", year="１", state="received", kind="report", page="1")) == 4, "odd values are passed over"
    page = client.get("/inquiries?unit=bureau&q=工资").get_data(as_text=True)
    assert '<option value="bureau" selected>本局</option>' in page
    assert '<option value="jyg"' not in page
    assert "<mark>工资</mark>" in page
    assert "unit=bureau" in re.search(r'href="(/inquiries\?[^"]*kind=help[^"]*)"', page)[1]


def test_the_feed_and_the_site_map_hold_what_is_public_and_nothing_else(client: FlaskClient, cards: dict[str, str]) -> None:
    answer = client.get("/inquiries.atom?kind=complaint&_external=1&endpoint=x")
    assert answer.content_type.startswith("application/atom+xml")
    entries = etree.fromstring(answer.get_data()).findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}id").text.rsplit("/", 1)[1] for entry in entries] == [cards["wage"]]
    assert len(etree.fromstring(client.get("/inquiries.atom").get_data()).findall(f"{ATOM}entry")) == 4
    parts = [loc.text for loc in etree.fromstring(client.get("/sitemap.xml").get_data()).iter(f"{SITE}loc")]
    found = {loc.text for part in parts for loc in etree.fromstring(client.get(part).get_data()).iter(f"{SITE}loc")}
    assert {one for one in found if "/inquiries/" in one} == {f"http://localhost/inquiries/{number}" for number in cards.values()}
    assert {client.get(one).status_code for one in found} == {200}
    assert "http://localhost/sitemap.xml" in client.get("/robots.txt").get_data(as_text=True)
    assert client.get("/sitemap-desk-0.xml").status_code == client.get("/sitemap-pages-999999999.xml").status_code == 404


def test_a_card_tells_search_engines_question_and_answer(client: FlaskClient, answered: Callable) -> None:
    posted = answered("</script><b>我的电话是13800138000。怎么办？", title="怎么办")
    page = client.get(f"/inquiries/{posted.number}").get_data(as_text=True)
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert (data["@type"], data["mainEntity"]["answerCount"], data["mainEntity"]["name"]) == ("QAPage", 1, "怎么办")
    assert "13800138000" not in page
    assert 'rel="canonical"' not in page, "without a domain in the settings no name is repeated"
    assert '<meta property="og:title" content="怎么办">' in page
