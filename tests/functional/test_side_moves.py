"""Side moves through the pages: forms with reasons, refusals that keep what was typed, and what the citizen reads of it."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from board.models import Inquiry
from tests.bureau import Bureau, bureau
from tests.staff import Staff, enter

__all__ = ["bureau", "enter"]
Enter = Callable[[str], Staff]


@pytest.fixture
def citizen(app: Flask) -> FlaskClient:
    return app.test_client()


def item(posted) -> str:
    return f"/desk/inquiries/{posted.number}"


def followed(client: FlaskClient, posted, path: str = "/follow", status: int = 200, **fields: str) -> str:
    """The citizen's page of the inquiry, by number and code."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/follow").get_data(as_text=True))[1]
    answer = client.post(path, data={"csrf_token": token, "number": posted.number, "code": posted.tracking_code, **fields})
    assert answer.status_code == status, answer.get_data(as_text=True)[-1000:]
    return html.unescape(answer.get_data(as_text=True))


def test_an_extension_is_refused_kept_made_and_told(bureau: Bureau, enter: Enter, citizen: FlaskClient) -> None:
    posted, signer = bureau.post(), enter("signer")
    signer.send(f"{item(posted)}/take")
    refused = signer.send(f"{item(posted)}/extend", days="99", reason="需要核实")
    page = html.unescape(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "延期应为 1 到 15 个工作日" in page
    assert 'value="99"' in page
    assert "需要核实</textarea>" in page
    assert signer.send(f"{item(posted)}/extend", days="３", reason="需要核实").status_code == 303
    assert f"{item(posted)}/extend" not in signer.page(item(posted))
    told = followed(citizen, posted)
    assert "2026年12月4日" in told
    assert "需要核实" in told
    assert "经批准延期 3 个工作日" in told
    assert "第 8 个工作日" in told


def test_the_citizen_sees_a_pause_and_answers_a_correction(bureau: Bureau, enter: Enter, citizen: FlaskClient) -> None:
    posted, clerk = bureau.post(), enter("clerk")
    assert clerk.send(f"{item(posted)}/ask-correction", reason="请写明参保单位").status_code == 303
    told = followed(citizen, posted)
    assert "暂停计时" in told
    assert "请写明参保单位" in told
    assert "补正" in told
    empty = followed(citizen, posted, "/follow/more", 422, text="  ")
    assert "请写下要补充的内容" in empty
    done = followed(citizen, posted, "/follow/more", text="单位是测试县纸箱厂")
    assert "已收到您补充的内容" in done
    assert "单位是测试县纸箱厂" in done
    assert "单位是测试县纸箱厂" in clerk.page(item(posted))


def test_a_transfer_and_an_urgent_item_tell_the_citizen_where_to_turn(bureau: Bureau, enter: Enter, citizen: FlaskClient) -> None:
    posted = bureau.post("有人要跳楼，快来人！")
    assert "110" in followed(citizen, posted)
    assert "留言不等于报案或立案" in followed(citizen, posted)
    assert "系统提示，待确认" in enter("clerk").page("/desk")
    signer = enter("signer")
    assert signer.send(f"{item(posted)}/transfer", body="", reason="不属本局职责").status_code == 422
    assert signer.send(f"{item(posted)}/transfer", body="测试县公安局", reason="不属本局职责").status_code == 303
    assert "测试县公安局" in followed(citizen, posted)


def test_merging_is_told_and_undone_on_the_pages(bureau: Bureau, enter: Enter, citizen: FlaskClient) -> None:
    main, other = bureau.post(), bureau.post("失业金怎么申请？")
    signer = enter("signer")
    assert signer.send(f"{item(other)}/merge", into=main.number, reason="同一问题").status_code == 303
    told = followed(citizen, other)
    assert "正在合并办理" in told
    assert other.number in signer.page(item(main))
    assert signer.send(f"{item(other)}/unmerge", reason="不是同一问题").status_code == 303
    assert "不是同一问题" in followed(citizen, other)
    with bureau.office.work.reading() as session:
        assert session.get_one(Inquiry, other.inquiry_id).merged_into_id is None


@pytest.mark.parametrize("step", ["extend", "transfer", "supervise", "mark-urgent", "retract", "unmerge"])
def test_who_has_no_right_is_refused(bureau: Bureau, enter: Enter, step: str) -> None:
    assert enter("admin").send(f"{item(bureau.post())}/{step}", reason="x", days="1", body="x").status_code == 403
