"""依申请公开 over the pages: a citizen applies and follows, staff confirm, write, sign and deliver, and the letter is a Word document."""

import html
import io
import re

import docx
import time_machine

from tests.bureau import NOW
from tests.functional.conftest import hidden
from tests.staff import enter

__all__ = ["enter"]
FORM = {
    "kind": "person", "applicant": "林小河", "identity": "35010219900101123X", "contact": "13900001111", "subject": "本县2025年就业补助资金的使用情况",
    "medium": "电子文件", "delivery": "电子邮件",
}  # fmt: skip


def text_of(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


def test_from_the_page_to_the_letter(app, client, enter) -> None:
    front, clerk, signer = enter("front"), enter("clerk"), enter("signer")
    wrong = client.post("/apply", data=hidden(text_of(client.get("/apply"))) | FORM | {"identity": "", "delivery": "邮寄"})
    assert wrong.status_code == 422
    assert "林小河" in text_of(wrong)
    assert "请填写通信地址" in text_of(wrong)
    assert client.post("/apply", data=hidden(text_of(client.get("/apply"))) | FORM).status_code == 303
    page = text_of(client.get("/apply/receipt"))
    number, code = re.search(r"SQ\d{12}", page)[0], "-".join(re.findall(r"<span>([0-9A-Z]{4})</span>", page))
    assert client.get("/apply/receipt").status_code == 200
    assert number not in text_of(client.get("/apply/receipt"))
    address = f"/desk/applications/{number}"
    item = front.page(address)
    assert "13900001111" not in item
    assert "35010219900101123X" not in item
    assert front.send(f"{address}/confirm").status_code == 303
    assert clerk.send(f"{address}/call_for_correction", reason="").status_code == 422
    assert clerk.send(f"{address}/call_for_correction", reason="请写明资金项目").status_code == 303
    secret = {"csrf_token": hidden(text_of(client.get("/apply/follow")))["csrf_token"], "number": number, "code": code}
    seen = text_of(client.post("/apply/follow", data=secret))
    assert "请写明资金项目" in seen
    assert client.post("/apply/follow", data=secret | {"code": "0000"}).status_code == 422
    assert "收到您的补正" in text_of(client.post("/apply/correct", data=secret | {"text": "公共就业服务补助"}))
    assert clerk.send(f"{address}/propose", outcome="granted", grounds="附件：决算表。").status_code == 303
    letter = re.search(r'name="letter" value="(\d+)"', signer.page(address))[1]
    assert clerk.send(f"{address}/sign", letter=letter).status_code == 403
    assert signer.send(f"{address}/sign", letter=letter).status_code == 303
    assert signer.send(f"{address}/deliver", way="电子邮件", note="").status_code == 303
    assert "公开〔2026〕1号" in text_of(client.post("/apply/follow", data=secret))
    paper = docx.Document(io.BytesIO(signer.get(f"{address}/letters/{letter}.docx").data))
    written = [block.text for block in paper.paragraphs]
    assert "公开〔2026〕1号" in written
    assert "林小河：" in written
    assert written[-1] == "2026年11月24日"
    assert "已答复" in text_of(client.post("/apply/follow", data=secret))


def test_staff_register_an_oral_application_print_it_and_look_with_a_reason(enter) -> None:
    front = enter("front")
    assert front.send("/desk/applications/new", **FORM, channel="web").status_code == 422
    page = text_of(front.send("/desk/applications/new", **FORM, channel="oral"))
    address = f"/desk/applications/{re.search(r'SQ[0-9]{12}', page)[0]}"
    assert "13900001111" in text_of(front.send(f"{address}/reveal", reason="电话核对"))
    assert front.send(f"{address}/reveal", reason="").status_code == 422
    assert "签字" in front.page(f"{address}/form")
    assert "13900001111" not in front.page(address)
    assert front.page("/desk/applications?q=就业补助").count("SQ2026") >= 1
    auditor = enter("auditor")
    assert auditor.get(address).status_code == 200
    for path in (f"{address}/form", "/desk/applications/new"):
        assert auditor.get(path).status_code == 403
    assert enter("admin").get("/desk/applications").status_code == 403


def test_reviews_are_entered_and_concluded_once(enter) -> None:
    front = enter("front")
    assert front.send("/desk/reviews", kind="行政复议", subject="不服答复", received_on="2026-11-25").status_code == 422
    assert front.send("/desk/reviews", kind="行政复议", subject="不服答复", received_on="2026-11-20", after_review="yes").status_code == 422
    assert front.send("/desk/reviews", kind="行政诉讼", subject="不服答复", received_on="2026-11-20", after_review="yes").status_code == 303
    assert front.send("/desk/reviews/1", result="upheld", concluded_on="2026-11-19").status_code == 422
    assert front.send("/desk/reviews/1", result="upheld", concluded_on="2026-11-24").status_code == 303
    assert front.send("/desk/reviews/1", result="other", concluded_on="2026-11-24").status_code == 409


def test_a_message_that_asks_for_a_document_is_offered_the_channel(citizen) -> None:
    with time_machine.travel(NOW, tick=False):
        number, code = citizen.receipt(text="我想依申请公开贵局2025年的预算文件。")
        assert "/apply?q=" in text_of(citizen.follow(number, code))
        number, code = citizen.receipt(text="失业金怎么领？")
        assert "/apply?q=" not in text_of(citizen.follow(number, code))


def test_the_trail_finds_an_application_and_hides_its_reasons_from_who_may_not_read_it(enter) -> None:
    front = enter("front")
    number = re.search(r"SQ[0-9]{12}", text_of(front.send("/desk/applications/new", **FORM, channel="window")))[0]
    assert front.send(f"/desk/applications/{number}/reveal", reason="核对证件号码").status_code == 200
    for login, shown in (("manager", True), ("admin", False)):
        page = enter(login).page(f"/desk/audit?object={number}")
        assert "查看申请人信息" in page
        assert ("核对证件号码" in page) is shown
