"""The conversation: asking on, choices, what is counted, and what never leaves the visit."""

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from board.inquiries.answer_days import AnswerFigures, answer_figures
from board.models import Disclosure, PublicationState, Unit
from board.publications.indexing import note_change
from board.web import visit
from tests.bureau import Bureau
from tests.functional.conftest import Citizen, hidden, quoted

PAPERS = "申领失业保险金需要提交什么材料？"


def ask(client: FlaskClient, question: str, thread: str = "", **more: str) -> str:
    return client.get("/ask", query_string={"q": question, **({"c": thread} if thread else {}), **more}).get_data(as_text=True)


def thread_of(page: str) -> str:
    return html.unescape(re.search(r'name="c" value="([^"]*)"', page)[1])


def figures(bureau: Bureau) -> AnswerFigures:
    with bureau.office.work.reading() as session:
        return answer_figures(session, date(2000, 1, 1), date(2100, 1, 1))


def newest(page: str) -> str:
    return page[page.index('id="newest"') :]


def test_a_question_is_asked_on_and_the_earlier_answer_stands_above(client: FlaskClient) -> None:
    first = ask(client, "社会保障卡遗失后怎么补办？")
    second = ask(client, "那补卡要多少钱？", thread_of(first))
    assert second.count("<blockquote") > newest(second).count("<blockquote") > 0
    assert "16元" in newest(second)
    assert "结合前面的问题" in newest(second)
    assert second.index("社会保障卡遗失后怎么补办？") < second.index("那补卡要多少钱？")
    alone = client.get("/ask", query_string={"c": thread_of(second)}).get_data(as_text=True)
    assert 'id="newest"' not in alone
    assert "那补卡要多少钱？" in alone


def test_a_thread_is_signed_bounded_and_quotes_only_what_is_public_still(client: FlaskClient, app: Flask, bureau: Bureau) -> None:
    page = ask(client, PAPERS)
    thread = thread_of(page)
    assert "近期照片一张" in ask(client, "302路公交车几点收车", thread)
    for odd in (thread[:-2] + "xx", "x" * 9000, "W10.x", "\ud800", " "):
        assert "近期照片一张" not in ask(client, "302路公交车几点收车", odd.encode("utf-8", "replace").decode())
    with bureau.office.work.transaction() as session:
        row = session.get_one(Disclosure, bureau.document_ids[0])
        row.text = "说明。" + row.text
    assert "近期照片一张" not in ask(client, "302路公交车几点收车", thread), "a changed text is not quoted by old places"
    with bureau.office.work.transaction() as session:
        row = session.get_one(Disclosure, bureau.document_ids[0])
        row.state = PublicationState.withdrawn
        note_change(session, row.id)
    assert "失业保险金申领办事指南" not in ask(client, "302路公交车几点收车", thread)
    with app.test_request_context():
        turns = [visit.Turn("问" * 500 + str(number), "", ()) for number in range(9)]
        written = visit.write_thread(turns)
        assert len(written) <= visit.THREAD_MOST
        assert 0 < len(visit.read_thread(written)) <= visit.TURNS_MOST


def test_under_the_quotation_stands_where_to_go_and_how_old_it_is(client: FlaskClient, bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        unit = session.get_one(Unit, bureau.root_id)
        unit.window, unit.address, unit.hours, unit.phone = "3号窗口", "测试县东街1号", "工作日9:00—17:00", "0900-5550101、12333"
    page = ask(client, "补办社会保障卡的工本费是多少？")
    for words in ("3号窗口", "测试县东街1号", "工作日9:00", 'href="tel:09005550101"', 'href="tel:12333"', "2016年文件", "金额为较早数据", "不作决定"):
        assert words in page, words


def test_a_bare_word_is_offered_as_choices_of_what_there_are_documents_about(client: FlaskClient) -> None:
    page = ask(client, "社保怎么办")
    assert "请选一项" in page
    choices = re.findall(r'<li><a href="([^"]+)"[^>]*data-ask-link>([^<]+)</a>', newest(page))
    assert {words for _, words in choices} == {"社会保障卡", "失业保险"}, "only what some title has"
    assert "社会保障卡" in client.get(html.unescape(choices[0][0])).get_data(as_text=True)


def test_what_became_of_an_answer_is_counted_once_a_visit(client: FlaskClient, bureau: Bureau) -> None:
    page = ask(client, PAPERS)
    ask(client, PAPERS)
    assert figures(bureau) == AnswerFigures("", asked=1, shown=1)
    opened = re.search(r'href="(/ask/documents/[^"]+)"', page)[1]
    for _ in range(2):
        answer = client.get(html.unescape(opened))
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/documents/")
    fields = hidden(page)
    for solved in ("yes", "no", "yes"):
        answer = client.post("/ask/verdict", data=fields | {"solved": solved})
        assert answer.status_code == 303
        assert "已记下：这回答了您的问题" in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert figures(bureau) == AnswerFigures("", asked=1, shown=1, opened=1, solved=1)
    assert client.post("/ask/verdict", data={"a": fields["a"], "solved": "yes"}).status_code == 400, "no token"
    assert client.post("/ask/verdict", data=fields | {"back": "https://elsewhere.example/"}).headers["Location"] == "/"


def test_a_post_after_an_answer_is_no_deflection_and_a_made_up_name_counts_nothing(citizen: Citizen, client: FlaskClient, bureau: Bureau) -> None:
    page = ask(client, PAPERS)
    link = html.unescape(re.search(r'href="(/post\?q=[^"]+)"', page)[1])
    filled = citizen.form(link) | {"text": "失业保险金怎么申领？", "publish": "no"}
    for _ in range(2):
        assert client.post("/post", data=filled).status_code == 303
    found = figures(bureau)
    assert (found.shown, found.posted, found.deflected) == (1, 1, 0)
    client.get("/ask/documents/1?a=0123456789")
    client.get("/ask/inquiries/LY1?a=" + "x" * 900)
    assert figures(bureau) == found


def test_a_question_without_an_answer_is_no_answer_shown(client: FlaskClient, bureau: Bureau) -> None:
    page = ask(client, "城东的广场舞什么时候结束？")
    assert "未找到依据" in page
    assert "这回答了我的问题" not in page
    assert "/post?q=" in page
    found = figures(bureau)
    assert (found.asked, found.shown, found.unanswered) == (1, 0, 1)


def test_the_script_gets_the_new_part_alone(client: FlaskClient) -> None:
    part = client.get("/ask", query_string={"q": PAPERS}, headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert part.lstrip().startswith('<li class="turn"')
    assert "<html" not in part
    wrong = client.get("/ask", query_string={"q": "字" * 900}, headers={"X-Fragment": "1"})
    assert wrong.status_code == 422
    assert "最多" in wrong.get_data(as_text=True)
    thanks = client.post("/ask/verdict", data=hidden(part) | {"solved": "no"}, headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert "没有解决" in thanks
    assert f"q={quoted(PAPERS)[:20]}" in thanks


@pytest.mark.parametrize("path", ["/", "/inquiries", "/documents", "/post", "/follow", "/statistics", "/about/map"])
def test_the_small_window_is_on_public_pages_and_sets_no_cookie(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    page = answer.get_data(as_text=True)
    assert page.count("data-ask-widget") == 1
    assert 'for="widget-q"' in page
    if path in ("/", "/inquiries", "/documents"):
        assert "Set-Cookie" not in answer.headers


def test_asking_leaves_nothing_but_numbers(client: FlaskClient, bureau: Bureau, answered: Callable) -> None:
    answered(publish=False)
    page = ask(client, PAPERS + "我的电话13900139000")
    assert "失业保险金怎么申领？我的电话" not in page, "what is not public is not shown"
    with bureau.office.work.reading() as session:
        rows = session.connection().exec_driver_sql("select * from answer_days").mappings().all()
    assert [set(row) for row in rows] == [{"day", "asked", "shown", "opened", "solved", "unsolved", "posted"}]
