"""Following an inquiry with number and code."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.bureau import Bureau
from tests.functional.conftest import Citizen


def test_state_due_date_and_course_in_plain_words(citizen: Citizen) -> None:
    number, code = citizen.receipt(text="养老金什么时候发？")
    page = citizen.follow(number, code).get_data(as_text=True)
    assert "已收到，等待审核" in page
    assert "养老金什么时候发？" in page
    assert "为什么是这一天" in page
    assert "收到留言" in page


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", ""), lambda code: f"  {code} "])
def test_a_code_is_read_kindly(citizen: Citizen, change: Callable[[str], str]) -> None:
    number, code = citizen.receipt()
    assert citizen.follow(number.lower(), change(code)).status_code == 200


def test_wrong_number_and_wrong_code_look_the_same(citizen: Citizen) -> None:
    number, code = citizen.receipt()
    other = citizen.follow(number, "AAAA-AAAA-AAAA-AAAA").get_data(as_text=True)
    none = citizen.follow("LY209912310001", code).get_data(as_text=True)
    assert "没有找到这条留言" in other
    assert "没有找到这条留言" in none
    assert citizen.follow(number, "\0' OR 1=1--").status_code == 422


def test_the_reply_is_read_with_the_code_and_only_with_it(citizen: Citizen, answered: Callable) -> None:
    posted = answered(publish=False)
    page = citizen.follow(posted.number, posted.tracking_code).get_data(as_text=True)
    assert "请到就业股2号窗口办理" in page
    assert "✓" in page
    assert "撤回这条留言" not in page
    assert citizen.client.get(f"/inquiries/{posted.number}").status_code == 404


def test_withdrawing_takes_a_tick_and_ends_the_matter(citizen: Citizen) -> None:
    number, code = citizen.receipt()
    asked = citizen.follow(number, code, "/follow/withdraw").get_data(as_text=True)
    assert "没有撤回" in asked
    done = citizen.follow(number, code, "/follow/withdraw", sure="yes").get_data(as_text=True)
    assert "已经撤回" in done
    assert "您已撤回" in done
    again = citizen.follow(number, code, "/follow/withdraw", sure="yes")
    assert again.status_code == 409


def test_a_declined_inquiry_says_why(citizen: Citizen, bureau: Bureau) -> None:
    from board.models import Inquiry
    from board.replies import review
    from tests.bureau import NOW

    posted = bureau.post("隔壁县的事")
    with bureau.office.work.transaction() as session:
        review.decline(session, bureau.actors["manager"], session.get_one(Inquiry, posted.inquiry_id), "不属于本局职责，请向邻县人社局反映。", NOW)
    page = citizen.follow(posted.number, posted.tracking_code).get_data(as_text=True)
    assert "不予受理" in page
    assert "请向邻县人社局反映" in page


def test_ten_wrong_codes_an_hour_are_enough(limited_app: Flask, bureau: Bureau) -> None:
    posted = bureau.post()
    citizen = Citizen(limited_app.test_client())
    answers = [citizen.follow(posted.number, f"WRONG{n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    barred = citizen.follow(posted.number, posted.tracking_code)
    assert barred.status_code == 429
    assert int(barred.headers["Retry-After"]) > 0
    elsewhere = limited_app.test_client()
    assert elsewhere.get("/api/v1/inquiries/X", headers={"Tracking-Code": "Y"}, environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 404
