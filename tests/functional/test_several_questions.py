"""A message with several questions, on the pages of citizens and of the desk and in the interface."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.bureau import Bureau
from tests.functional.conftest import quoted
from tests.staff import signed_in

SEVERAL = "申领失业保险金需要提交哪些材料？补办社会保障卡的工本费是多少？302路公交车几点收车？城东的广场舞什么时候结束？"


def test_the_ask_page_answers_question_by_question(client: FlaskClient) -> None:
    page = client.get(f"/ask?q={quoted(SEVERAL)}").get_data(as_text=True)
    parts = re.split(r'<section class="part"', page)[1:]
    assert len(parts) == 4
    assert "申领失业保险金需要提交哪些材料" in parts[0]
    assert "近期照片一张" in parts[0]
    assert "16元" in parts[1]
    assert "属于交通运输局的职责" in parts[2]
    assert "没有找到可以直接回答" in parts[3]
    assert "<blockquote" not in parts[2] + parts[3]
    assert "共 4 问，2 问找到依据" in page


def test_one_question_is_answered_without_numbers(client: FlaskClient) -> None:
    page = client.get(f"/ask?q={quoted('补办社会保障卡的工本费是多少？')}").get_data(as_text=True)
    assert 'class="part"' not in page
    assert "16元" in page


def test_the_interface_tells_the_questions_apart(client: FlaskClient) -> None:
    answer = client.post("/api/v1/ask", json={"question": SEVERAL}).json
    assert [part["found"] for part in answer["questions"]] == [True, True, False, False]
    assert answer["questions"][1]["question"] == "补办社会保障卡的工本费是多少？"
    assert answer["evidence"] == [piece for part in answer["questions"] for piece in part["evidence"]]
    assert client.post("/api/v1/ask", json={"question": "补办社会保障卡的工本费是多少？"}).json["questions"] == []


def test_the_desk_shows_each_question_with_its_decision(bureau: Bureau, app: Flask) -> None:
    posted = bureau.post(f"您好！{SEVERAL}")
    bureau.draft(posted)
    page = signed_in(app, "clerk").page(f"/desk/inquiries/{posted.number}")
    assert page.count('class="asked-question"') == 4
    sections = re.split(r'<section class="asked-question"', page)[1:]
    assert "已用于拟稿" in sections[0]
    assert "材料" in sections[0]
    assert "交通运输局" in sections[2]
    assert "未找到依据" in sections[3]
    assert 'href="#question-2"' in page
    assert "多个问题，仅部分有依据" in page
