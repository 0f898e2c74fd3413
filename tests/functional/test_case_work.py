"""Taking down, slips and the case file through the pages: what is wrong keeps what was typed, what is stored is found again."""

import io
from collections.abc import Callable

import docx
import openpyxl
import pytest
from sqlalchemy import select

from board.inquiries.lifecycle import move
from board.models import CaseNote, Inquiry, InquiryState, Referral
from board.replies import publishing
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
Enter = Callable[[str], Staff]
CALL = {"channel": "phone", "text": "来电询问失业保险金怎么申领。", "publish": "no", "nickname": "王女士", "contact": "0900-5551111", "nonce": "n-0123456789"}
SLIP = CALL | {"channel": "referral", "source": "12345热线", "slip_number": "GD20261124001", "slip_due": "2026-11-26", "nonce": "n-9876543210"}


def workbook(*rows: tuple[object, ...]) -> io.BytesIO:
    """A list as 12345 sends it."""
    book = openpyxl.Workbook()
    for row in (("工单编号", "来源", "办理时限", "标题", "工单内容", "联系电话"), *rows):
        book.active.append(row)
    for line in book.active.iter_rows():
        for cell in line:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return target


def upload(staff: Staff, path: str, content: io.BytesIO, name: str = "名单.xlsx", **fields: str):
    return staff.client.post(path, data={"csrf_token": staff.token(), "file": (content, name), **fields})


def upload_large(staff: Staff, path: str, content: bytes):
    """The same with a body written here, since the test client would leave its temporary file open."""
    fields = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in (("csrf_token", staff.token()), ("file_kind", "evidence")))
    head = f'{fields}--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return staff.client.post(path, data=head.encode() + content + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x")


def test_a_call_is_taken_down_once_with_number_and_code_to_read_out(bureau: Bureau, enter: Enter) -> None:
    clerk = enter("clerk")
    answer = clerk.send("/desk/take-down", **CALL)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "查询码" in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert "此前已经登记" in clerk.send("/desk/take-down", **CALL).get_data(as_text=True)
    with bureau.office.work.reading() as session:
        inquiry = session.scalars(select(Inquiry)).one()
    assert "电话" in clerk.page(f"/desk/inquiries/{inquiry.number}")


@pytest.mark.parametrize(("changed", "said"), [({"text": ""}, "请写下"), ({"publish": ""}, "是否同意公开"), ({"channel": "web"}, "来件渠道"), ({"slip_due": "昨天"}, "2026-12-01"), ({"slip_number": " "}, "转办单编号"), ({"source": "邻居"}, "转办来源")])
def test_what_is_wrong_keeps_what_was_typed(bureau: Bureau, enter: Enter, changed: dict[str, str], said: str) -> None:
    answer = enter("clerk").send("/desk/take-down", **(SLIP | changed))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "王女士" in page
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Inquiry)).all() == []


def test_a_slip_goes_its_way_to_the_feedback(bureau: Bureau, enter: Enter) -> None:
    clerk = enter("clerk")
    assert clerk.send("/desk/take-down", **(SLIP | {"text": "失业保险金怎么申领？我的电话13800138000。"})).status_code == 200
    with bureau.office.work.reading() as session:
        slip = session.scalars(select(Referral)).one()
        number, key = session.get_one(Inquiry, slip.inquiry_id).number, slip.inquiry_id
    assert "GD20261124001" in clerk.page("/desk/slips")
    assert clerk.send(f"/desk/inquiries/{number}/feedback").status_code == 409
    answer_it(bureau, key)
    assert "待反馈" in clerk.page("/desk/slips")
    paper = docx.Document(io.BytesIO(clerk.get(f"/desk/inquiries/{number}/feedback.docx").data))
    cells = [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert "GD20261124001" in cells
    assert any("138****8000" in text for text in cells)
    assert not any("13800138000" in text for text in cells)
    assert any("请携带身份证到就业股窗口办理" in text for text in cells)
    sheet = openpyxl.load_workbook(io.BytesIO(clerk.get("/desk/slips.xlsx").data)).active
    assert [sheet.cell(2, 2).value, sheet.cell(2, 5).value] == ["GD20261124001", "2026-11-26"]
    assert "请携带身份证" in sheet.cell(2, 8).value
    assert clerk.send(f"/desk/inquiries/{number}/feedback").status_code == 303
    assert clerk.send(f"/desk/inquiries/{number}/feedback").status_code == 409
    assert "没有等待反馈的转办件" in clerk.page("/desk/slips")
    assert "GD20261124001" in clerk.page("/desk/slips?all=1")


def answer_it(bureau: Bureau, key: int) -> None:
    """The item goes the whole way to its published answer."""
    from board.inquiries.posting import Posted

    posted = Posted("", "", NOW.date(), due_provisional=False, repeated=False, inquiry_id=key)
    bureau.submit(posted)
    bureau.approve(posted)
    with bureau.office.work.transaction() as session:
        assert publishing.publish(session, key, bureau.office.settings, NOW) == "published"


def test_a_list_is_shown_before_anything_is_stored_and_stored_once(bureau: Bureau, enter: Enter) -> None:
    clerk = enter("clerk")
    rows = (("A1", "信访", "2026-12-01", "社保卡", "社保卡丢了怎么补？", "0900-5551111"), ("A2", "", None, "", "=cmd|' /C calc'!A0", ""), ("A1", "信访", "", "重复", "同一张", ""), ("A3", "信访", "无", "", "期限写错了", ""), ("A4", "信访", "", "没有内容", "", ""))
    page = upload(clerk, "/desk/slips/import", workbook(*rows), source="12345热线").get_data(as_text=True)
    assert "读到 5 行：新增 3（其中 1 行请核对），已登记 0，不能登记 2" in page
    for words in ("表中重复出现", "期限无法识别：无", "没有诉求内容"):
        assert words in page
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Inquiry)).all() == []
    key = hidden(page, "key")
    assert clerk.send("/desk/slips/import/confirm", key=key, source="12345热线").status_code == 303
    assert clerk.send("/desk/slips/import/confirm", key=key, source="12345热线").status_code == 422
    with bureau.office.work.reading() as session:
        stored = {(slip.source, slip.slip_number): session.get_one(Inquiry, slip.inquiry_id).text for slip in session.scalars(select(Referral))}
    assert stored == {("信访", "A1"): "社保卡丢了怎么补？", ("12345热线", "A2"): "=cmd|' /C calc'!A0", ("信访", "A3"): "期限写错了"}
    sheet = openpyxl.load_workbook(io.BytesIO(clerk.get("/desk/slips.xlsx").data)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "读到 5 行：新增 0，已登记 3" in upload(clerk, "/desk/slips/import", workbook(*rows), source="12345热线").get_data(as_text=True)


def test_columns_that_are_not_understood_are_told_can_be_said_and_are_never_lost(bureau: Bureau, enter: Enter) -> None:
    clerk = enter("clerk")
    head = "工单流水,来源,办理时限,诉求内容,联系电话,电话,紧急程度,,紧急程度\n"
    content = head + "B1,信访,5个工作日,路灯不亮。,0900-5551111,0900-5552222,特急,第八格,又一格\nB2,信访,2026-11-01,井盖坏了。,,,,,\nB3,信访,1999-01-01,水管漏水。,,,,,\n"
    answer = upload(clerk, "/desk/slips/import", io.BytesIO(content.encode("gb18030")), "名单.csv")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请在下面说明各列是什么" in page
    assert 'value="工单流水"' in page
    said = {"key": hidden(page, "key"), "source": "", "heading-0": "工单流水", "field-0": "slip_number"}
    page = clerk.send("/desk/slips/import/columns", **said).get_data(as_text=True)
    assert "读到 3 行：新增 3（其中 3 行请核对），已登记 0，不能登记 0" in page
    for words in ("期限无法识别：5个工作日", "期限已过", "期限与今天相差一年以上：1999-01-01", "没有认出的列（5）", "例：特急", 'value="第8列"', 'value="紧急程度（第9列）"'):
        assert words in page
    assert clerk.send("/desk/slips/import/confirm", **said).status_code == 303
    with bureau.office.work.reading() as session:
        slips = {slip.slip_number: slip for slip in session.scalars(select(Referral))}
        notes = {note.inquiry_id: note.text for note in session.scalars(select(CaseNote))}
        assert [str(slips[number].due_on) for number in ("B1", "B2", "B3")] == ["None", "2026-11-01", "None"]
        assert notes[slips["B1"].inquiry_id].splitlines()[1:] == ["电话：0900-5552222", "紧急程度：特急", "第8列：第八格", "紧急程度（第9列）：又一格", "原表期限：5个工作日"]
        assert notes[slips["B3"].inquiry_id].endswith("原表期限：1999-01-01")
        assert slips["B2"].inquiry_id not in notes


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"PK\x03\x04broken", "没有列名\n一行".encode(), b"<html>x"])
def test_a_file_that_is_no_list_is_refused_in_words(bureau: Bureau, enter: Enter, content: bytes) -> None:
    answer = upload(enter("clerk"), "/desk/slips/import", io.BytesIO(content))
    assert answer.status_code in {400, 422}
    assert str(bureau.office.settings.home) not in answer.get_data(as_text=True)


@pytest.mark.parametrize("key", ["", "../../server.key", "0" * 32 + ".xlsx"])
def test_a_list_that_is_not_there_is_said_so(bureau: Bureau, enter: Enter, key: str) -> None:
    answer = enter("clerk").send("/desk/slips/import/confirm", key=key, source="")
    assert answer.status_code == 422
    assert "重新选择文件" in answer.get_data(as_text=True)


def test_notes_and_files_stand_on_the_item_and_nowhere_public(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, path = enter("clerk"), f"/desk/inquiries/{posted.number}"
    assert clerk.send(f"{path}/notes", note="", note_kind="note").status_code == 422
    refused = clerk.send(f"{path}/notes", note="已告知需带身份证", note_kind="call")
    assert refused.status_code == 422
    assert "已告知需带身份证</textarea>" in refused.get_data(as_text=True)
    assert clerk.send(f"{path}/notes", note="已告知需带身份证", note_kind="call", counterpart="王女士").status_code == 303
    assert upload(clerk, f"{path}/files", io.BytesIO(b"MZ\x90"), "证明.pdf", file_kind="evidence").status_code == 422
    assert upload(clerk, f"{path}/files", io.BytesIO(b"%PDF-1.7\n"), "工资条<b>.pdf", file_kind="evidence").status_code == 303
    page = clerk.page(path)
    assert "电话沟通记录" in page
    assert "工资条b.pdf" in page
    sent = clerk.client.get(f"{path}/files/1", buffered=True)
    sent.close()
    assert (sent.data, sent.headers["Content-Disposition"].split(";")[0], sent.headers["X-Content-Type-Options"]) == (b"%PDF-1.7\n", "attachment", "nosniff")
    assert clerk.get(f"{path}/files/2").status_code == 404
    assert enter("admin").get(f"{path}/files/1").status_code == 403
    assert clerk.client.application.test_client().get(f"{path}/files/1").status_code == 302


def test_a_large_file_is_taken_where_files_are_and_refused_elsewhere(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, path = enter("clerk"), f"/desk/inquiries/{posted.number}"
    assert upload_large(clerk, f"{path}/files", b"%PDF-" + b"0" * 5_000_000).status_code == 303
    assert upload_large(clerk, f"{path}/files", b"%PDF-" + b"0" * 12_000_000).status_code == 413
    assert clerk.send(f"{path}/notes", note="长" * 1_000_000, note_kind="note").status_code == 413


def test_the_case_slip_has_the_opinions_and_room_to_sign(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post("失业登记在哪里办理？我的身份证号110101199003071233，电话13900139000。")
    bureau.draft(posted)
    clerk, path = enter("clerk"), f"/desk/inquiries/{posted.number}"
    clerk.send(f"{path}/notes", note="拟请就业股答复。", note_kind="proposal")
    page = clerk.page(f"{path}/case-slip")
    assert "110101199003071233" not in page
    assert "13900139000" not in page
    for words in ("网民留言办理单", "拟办意见", "拟请就业股答复。", "领导批示", "签字：", "系统拟稿，未经审核"):
        assert words in page
    assert "核对码" not in page
    bureau.submit(posted)
    assert "核对码" in clerk.page(f"{path}/case-slip")


def test_a_declined_slip_goes_back_with_its_reason(bureau: Bureau, enter: Enter) -> None:
    clerk = enter("clerk")
    clerk.send("/desk/take-down", **SLIP)
    with bureau.office.work.transaction() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        move(session, inquiry, "decline", bureau.actors["manager"], NOW, "请向公交公司反映。")
        assert inquiry.state == InquiryState.declined
    sheet = openpyxl.load_workbook(io.BytesIO(clerk.get("/desk/slips.xlsx").data)).active
    assert sheet.cell(2, 8).value == "不予受理：请向公交公司反映。"


def test_a_deputy_is_named_and_ended_on_the_page(bureau: Bureau, enter: Enter) -> None:
    clerk = enter("clerk")
    refused = clerk.send("/desk/deputies", deputy="signer", from_on="2026-11-24", until_on="2026-11-27")
    assert refused.status_code == 422
    assert "角色须与被代理人相同" in refused.get_data(as_text=True)
    assert 'value="2026-11-27"' in refused.get_data(as_text=True)
    assert clerk.send("/desk/deputies", deputy="clerk-sbj", from_on="2026-11-24", until_on="2026-11-27").status_code == 303
    assert "代理中" in enter("clerk-sbj").page("/desk/deputies")
    assert enter("clerk-sbj").send("/desk/deputies/1/end").status_code == 404
    assert clerk.send("/desk/deputies/1/end").status_code == 303
    assert "没有代理" in clerk.page("/desk/deputies")
