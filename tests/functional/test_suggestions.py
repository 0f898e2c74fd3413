"""Suggestions beside the form for posting."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from board.app import create_app
from board.inquiries.suggesting import shared_spans, suggest
from board.office import open_office
from board.wording.dull_words import load_topic_words
from tests.bureau import Bureau
from tests.functional.conftest import Citizen


def fragment(citizen: Citizen, text: str) -> str:
    filled = citizen.form("/post") | {"text": text}
    answer = citizen.client.post("/post/suggestions", data=filled, headers={"X-Fragment": "1"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_documents_and_answered_inquiries_with_the_shared_words_marked(bureau: Bureau, citizen: Citizen, answered: Callable) -> None:
    posted = answered("失业保险金怎么申领？")
    found = fragment(citizen, "您好，我想问一下失业保险金申领需要什么材料")
    assert "也许已有答案" in found
    assert "<mark>失业保险金" in found
    assert posted.number in found
    assert "/documents/" in found
    whole = citizen.client.post("/post/suggestions", data=citizen.form("/post") | {"text": "失业保险金怎么申领", "nickname": "老王"}).get_data(as_text=True)
    assert "也许已有答案" in whole
    assert 'value="老王"' in whole, "without scripts everything typed is kept"
    assert bureau.office.work is not None


@pytest.mark.parametrize("text", ["您好，请问一下怎么办", "请问我应该怎么办理呢？谢谢", "！！！", "", "\0\ud800 %s {{7*7}}", "的" * 9000])
def test_function_words_alone_suggest_nothing(citizen: Citizen, answered: Callable, text: str) -> None:
    answered("请问我应该怎么办理失业保险金的申领呢？谢谢")
    found = fragment(citizen, text.encode("utf-8", "replace").decode())
    assert "也许已有答案" not in found
    assert "49" not in found


def test_what_is_not_public_is_never_suggested(citizen: Citizen, answered: Callable) -> None:
    posted = answered("失业保险金怎么申领？", publish=False)
    assert posted.number not in fragment(citizen, "失业保险金怎么申领")


@pytest.mark.parametrize(("text", "number"), [("小区着火了", "119"), ("邻居昏迷不醒", "120"), ("有人持刀", "110"), ("全村停水三天", "12345"), ("集体讨薪", "110")])
def test_an_emergency_shows_the_number_at_once(citizen: Citizen, text: str, number: str) -> None:
    assert f'href="tel:{number}"' in fragment(citizen, text)


def test_who_wants_a_document_is_shown_the_channel(citizen: Citizen) -> None:
    assert "依申请公开</a>" in fragment(citizen, "我要求提供2016年培训补贴的文件")
    assert "依申请公开" not in fragment(citizen, "养老金什么时候发")


def test_spans_leave_out_dull_words_and_a_long_text_costs_no_more(bureau: Bureau) -> None:
    dull = load_topic_words(bureau.office.settings.config_dir)
    assert shared_spans("怎么补办社保卡", "社保卡丢了怎么补办", frozenset({"怎么"})) == [(0, 4), (4, 7)]
    assert shared_spans("请问", "请问", frozenset({"请问"})) == []
    seen: list[int] = []

    class Counting:
        """The catalogue, noting how long the questions are that it is asked."""

        def __getattr__(self, name: str) -> object:
            return getattr(bureau.office.catalogue, name)

        def match_message(self, text: str, *args: object) -> object:
            seen.append(len(text))
            return bureau.office.catalogue.match_message(text, *args)

    with bureau.office.work.reading() as session:
        suggest(session, Counting(), bureau.office.settings, dull, "失业保险金" * 2000)
    assert seen == [bureau.office.settings.limit("query")]


def test_an_address_that_asks_without_end_is_told_to_wait(bureau: Bureau) -> None:
    settings = bureau.office.settings
    limits = {**settings.section("rate_limits"), "suggestions_per_hour": 3}
    opened = open_office(replace(settings, rate_limits=True, tables={**settings.tables, "rate_limits": limits}), migrate=False)
    client = create_app(opened).test_client()
    filled = Citizen(client).form("/post") | {"text": "停"}
    assert [client.post("/post/suggestions", data=filled, headers={"X-Fragment": "1"}).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    opened.engine.dispose()
