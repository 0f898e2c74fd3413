"""What anybody reads: home, asking, the board, a card, figures, footer, large print."""

import io
from collections.abc import Callable

import docx
import pytest
from flask.testing import FlaskClient

from board.models import Disclosure, DocumentKind, InterpretationLink
from board.replies import publishing
from tests.bureau import NOW, Bureau
from tests.functional.conftest import REPLY, quoted


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.get_data(as_text=True)


def test_home_of_an_empty_office_says_what_will_be_here(client: FlaskClient) -> None:
    page = text_of(client, "/")
    assert "还没有公开的答复" in page
    assert "测试县人力资源和社会保障局" in page
    assert 'name="q"' in page


def test_home_shows_the_latest_answers_and_the_years_figures(client: FlaskClient, answered: Callable) -> None:
    posted = answered(title="失业金怎么领")
    page = text_of(client, "/")
    assert "失业金怎么领" in page
    assert posted.number in page
    assert "答复率" in page


def test_a_question_is_answered_with_quotations_and_their_source(client: FlaskClient, bureau: Bureau) -> None:
    page = text_of(client, f"/ask?q={quoted('申领失业保险金需要提交什么材料')}")
    assert "找到依据" in page
    assert "本人身份证" in page
    assert "<mark>" in page
    assert "《失业保险金申领办事指南》" in page
    assert "测人社发〔2016〕8号" in page
    assert f"/documents/{bureau.document_ids[0]}" in page


def test_a_question_without_an_answer_leads_to_posting(client: FlaskClient) -> None:
    page = text_of(client, f"/ask?q={quoted('火星移民怎么报名')}")
    assert "未找到依据" in page
    assert "/post?q=" in page


@pytest.mark.parametrize("question", ["", "   ", "问" * 501])
def test_a_bad_question_is_shown_again_with_what_is_wrong(client: FlaskClient, question: str) -> None:
    page = text_of(client, f"/ask?q={quoted(question)}", 422)
    assert "field-error" in page
    assert question.strip() in page


def test_a_card_shows_the_masked_question_the_reply_and_the_course(client: FlaskClient, answered: Callable) -> None:
    posted = answered(nickname="王小明", contact="13900139000")
    page = text_of(client, f"/inquiries/{posted.number}")
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "王小明" not in page
    assert "13900139000" not in page
    assert '<blockquote class="quote">' in page
    assert "查看原文" in page
    assert "一、申领材料" in page
    for step in ("收到留言", "审核受理", "审签并答复"):
        assert step in page
    assert "修改答复稿" not in page
    assert "系统拟稿" not in page


def test_what_is_not_public_looks_like_what_is_not_there(client: FlaskClient, answered: Callable, bureau: Bureau) -> None:
    private, waiting = answered(publish=False), bureau.post()
    pages = [client.get(f"/inquiries/{number}") for number in (private.number, waiting.number, "LY209912310001")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.get_data(as_text=True).replace(private.number, "").replace(waiting.number, "").replace("LY209912310001", "") for page in pages}) == 1


def test_the_board_filters_and_searches(client: FlaskClient, answered: Callable) -> None:
    answered("社保卡丢了怎么补办？", title="补办社保卡")
    answered("建议镇上设服务点。", title="设服务点", kind="suggestion")
    assert "补办<mark>社保卡</mark></a>" in text_of(client, "/inquiries?q=社保卡")
    assert "设服务点" not in text_of(client, "/inquiries?q=社保卡")
    assert "设服务点" in text_of(client, "/inquiries?kind=suggestion")
    assert "补办社保卡" not in text_of(client, "/inquiries?kind=suggestion")
    assert "没有符合条件的留言" in text_of(client, "/inquiries?q=%25")
    assert "没有这一页" in text_of(client, "/inquiries?page=9")


@pytest.mark.parametrize("page", ["-1", "0", "1e9", "NaN", "１２", "abc", "9" * 40, "", "1'--"])
def test_odd_page_numbers_do_no_harm(client: FlaskClient, page: str) -> None:
    text_of(client, f"/inquiries?page={quoted(page)}")
    text_of(client, f"/documents?page={quoted(page)}&year={quoted(page)}")
    text_of(client, f"/statistics?year={quoted(page)}")


def test_large_print_is_kept_by_a_cookie_and_leads_back(client: FlaskClient) -> None:
    assert 'data-large="on"' not in text_of(client, "/post")
    switched = client.get("/about/appearance?large=on&next=/post")
    assert (switched.status_code, switched.location) == (303, "/post")
    assert 'data-large="on"' in text_of(client, "/post")
    client.get("/about/appearance?large=off&next=/post")
    assert 'data-large="on"' not in text_of(client, "/post")


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https:evil.example", "http://evil.example", "/a\r\nX: y", "\t//evil.example"])
def test_no_redirect_leads_away(client: FlaskClient, target: str) -> None:
    assert client.get("/about/appearance", query_string={"next": target}).location == "/"


def test_the_footer_and_the_prescribed_tags_are_there(client: FlaskClient) -> None:
    page = text_of(client, "/")
    for words in ("主办单位", "网站地图", "联系电话", '<meta name="SiteName"', '<meta name="SiteDomain"', '<meta name="ColumnName"', '<meta name="ColumnType"'):
        assert words in page
    unset = [words for words in ("我为政府网站找错", "ICP") if words in page]
    assert unset == [], "what is not configured is left out"


def test_figures_of_a_year(client: FlaskClient, answered: Callable) -> None:
    answered()
    page = text_of(client, "/statistics?year=2026")
    assert "2026年办理统计" in page
    assert "咨询" in page
    assert "11月" in page
    assert "2015年还没有收到留言" in text_of(client, "/statistics?year=2015")


def test_documents_are_listed_and_read(client: FlaskClient, bureau: Bureau) -> None:
    page = text_of(client, "/documents")
    assert "失业保险金申领办事指南" in page
    assert "已废止" in page
    assert "社会保障卡补办须知" not in text_of(client, "/documents?q=失业")
    shown = text_of(client, f"/documents/{bureau.document_ids[0]}")
    assert "文号" in shown
    assert "现行有效" in shown
    assert '<meta name="ArticleTitle" content="失业保险金申领办事指南">' in shown
    ended = text_of(client, f"/documents/{bureau.document_ids[2]}")
    assert "不能作为办事依据" in ended
    text_of(client, "/documents/999999", 404)
    text_of(client, f"/documents/{9**30}", 404)


def test_documents_are_narrowed_taken_along_and_say_who_quotes_them(client: FlaskClient, bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        policy, ended = session.get_one(Disclosure, bureau.document_ids[0]), session.get_one(Disclosure, bureau.document_ids[2])
        policy.five_open, ended.kind = "服务", DocumentKind.interpretation
        session.add(InterpretationLink(interpretation_id=ended.id, policy_id=policy.id))
    for query, there, not_there in (
        ("validity=repealed", "失业保险金标准", "社会保障卡补办"), ("five_open=服务", "申领办事指南", "社会保障卡补办"), ("kind=interpretation", "失业保险金标准", "申领办事指南"),
        ("q=卡&validity=repealed", "没有符合条件的文件", "社会保障卡补办须知"), ("q=sybxj", "申领办事指南", "社会保障卡补办"),
    ):  # fmt: skip
        page = text_of(client, f"/documents?{query}")
        assert there in page, query
        assert not_there not in page.partition("<h1")[2], query
    posted = bureau.post("申领失业保险金需要提交什么材料？")
    bureau.draft(posted)
    bureau.submit(posted, REPLY)
    bureau.approve(posted)
    with bureau.office.work.transaction() as session:
        publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW)
    shown = text_of(client, f"/documents/{policy.id}")
    assert f"/inquiries/{posted.number}" in shown
    assert "关于失业保险金标准的通知" in shown, "its interpretation"
    assert f"/inquiries/{posted.number}" not in text_of(client, f"/documents/{ended.id}")
    taken = client.get(f"/documents/{ended.id}/download.txt")
    assert "本文件已废止" in taken.data.decode("utf-8-sig")
    assert "每月560元" in taken.data.decode("utf-8-sig")
    words = "\n".join(block.text for block in docx.Document(io.BytesIO(client.get(f"/documents/{ended.id}/download.docx").data)).paragraphs)
    assert "本文件已废止" in words
    assert "每月560元" in words
    assert client.get(f"/documents/{policy.id}/download.exe").status_code == client.get("/documents/99999/download.txt").status_code == 404


def test_other_pages_answer(client: FlaskClient) -> None:
    for path in ("/about/privacy", "/about/map", "/follow", "/post"):
        text_of(client, path)
