"""会办, 督办, 催办, 移送 and the address for mail, by the pages."""

import re
from collections.abc import Callable

from board.models import Account, Inquiry, Mail, MailState, OutboxRow, OutboxState
from board.replies import review
from tests.bureau import NOW, Bureau
from tests.functional.conftest import Citizen
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def in_hand(bureau: Bureau) -> str:
    """An inquiry in the clerk's hands; its number."""
    posted = bureau.post("失业保险和社保转移怎么办？")
    bureau.draft(posted)
    with bureau.office.work.transaction() as session:
        review.accept(session, bureau.actors["clerk"], session.get_one(Inquiry, posted.inquiry_id), NOW)
    return posted.number


def test_a_unit_is_asked_answers_and_is_joined_into_the_draft(bureau: Bureau, enter: Enter) -> None:
    item = f"/desk/inquiries/{in_hand(bureau)}"
    signer, clerk, other = enter("signer"), enter("clerk"), enter("clerk-sbj")
    refused = signer.send(f"{item}/parts", unit="sbj", task="请答复转移部分", due_on="2020-01-01")
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "会办期限应为今天或以后" in page, "请答复转移部分" in page) == (422, True, True)
    assert signer.send(f"{item}/parts", unit="sbj", task="请答复转移部分", due_on="2026-11-27").status_code == 303
    assert "2026-11-27 前答复" in clerk.page(item)
    page = other.page(item)
    assert "本单位意见" in page
    assert "待会办" in other.page("/desk")
    assert "请答复转移部分" in page
    part = re.search(r"/parts/(\d+)/answer", page)[1]
    assert signer.send(f"{item}/parts", unit="bureau", task="请答复失业部分", due_on="2026-11-27").status_code == 303
    foreign = next(one for one in re.findall(r'id="part-(\d+)" name="text"', clerk.page(item)) if one != part)
    assert other.send(f"{item}/parts/{foreign}/answer", text="抢答").status_code == 403
    assert other.send(f"{item}/parts/{part}/answer", text="转移在社保局3号窗口办理。").status_code == 303
    again = other.send(f"{item}/parts/{part}/return", text="不是我们的")
    assert (again.status_code, "已经答复或退回" in again.get_data(as_text=True)) == (409, True)
    page = clerk.page(item)
    assert "把会办意见并入答复稿" in page
    text = "网民您好！我正在写的话。"
    joined = clerk.send(f"{item}/parts/join", text=text, based_on=hidden(page, "based_on")).get_data(as_text=True)
    assert text in joined
    assert "## 测试县社会保险事业管理局答复\n\n转移在社保局3号窗口办理。" in joined


def test_supervision_reminder_and_their_marks(bureau: Bureau, enter: Enter) -> None:
    number = in_hand(bureau)
    item, manager = f"/desk/inquiries/{number}", enter("manager")
    assert manager.send(f"{item}/supervise", reason="久拖不决", due_on="2026-11-26").status_code == 303
    assert "督办期限" in enter("clerk").page("/desk?lane=supervised")
    assert "久拖不决" in enter("clerk").page(item)
    assert manager.send(f"{item}/remind", reason="").status_code == 303
    again = manager.send(f"{item}/remind", reason="请抓紧")
    assert (again.status_code, "今天已经催办" in again.get_data(as_text=True), "请抓紧" in again.get_data(as_text=True)) == (409, True, True)
    assert enter("clerk").send(f"{item}/supervise", reason="x", due_on="2026-11-26").status_code == 403
    done = manager.send("/desk/many", step="remind", number=number).get_data(as_text=True)
    assert '将处理 <strong class="num">1</strong> 件' in done


def test_the_citizen_is_told_where_the_message_went(bureau: Bureau, enter: Enter, citizen: Citizen) -> None:
    number, code = citizen.receipt(text="公积金怎么提取？")
    item, manager = f"/desk/inquiries/{number}", enter("manager")
    refused = manager.send(f"{item}/transfer", body="", reason="由公积金中心负责")
    assert (refused.status_code, "由公积金中心负责" in refused.get_data(as_text=True)) == (422, True)
    assert manager.send(f"{item}/transfer", body="住房公积金管理中心", reason="公积金提取由公积金管理部门负责。").status_code == 303
    page = citizen.follow(number, code).get_data(as_text=True)
    assert "已移送 <strong>住房公积金管理中心</strong>" in page
    assert "公积金提取由公积金管理部门负责。" in page
    assert "12329" in page
    assert "撤回这条留言" not in page
    told = manager.client.get(f"/api/v1/inquiries/{number}", headers={"Tracking-Code": code}).get_json()
    assert told["sent_on"] | {"address": ""} == {
        "authority": "住房公积金管理中心", "reason": "公积金提取由公积金管理部门负责。", "phone": "12329", "address": "", "website": told["sent_on"]["website"],
    }  # fmt: skip


def test_the_address_for_mail_is_kept_and_refused_beside_the_field(bureau: Bureau, enter: Enter) -> None:
    clerk = enter("clerk")
    assert "还没有邮件" in clerk.page("/desk/me/mail")
    refused = clerk.send("/desk/me/mail", email="不是地址")
    assert (refused.status_code, 'id="email-error"' in refused.get_data(as_text=True), 'value="不是地址"' in refused.get_data(as_text=True)) == (422, True, True)
    assert clerk.send("/desk/me/mail", email="clerk@office.test").status_code == 303
    with bureau.office.work.transaction() as session:
        account = session.get_one(Account, bureau.actors["clerk"].account_id)
        assert account.email == "clerk@office.test"
        mail = Mail(account_id=account.id, message_id="<1@x>", urgent=False, state=MailState.refused, error="550 no such user", created_at=NOW)
        session.add(mail)
        session.flush()
        session.add(OutboxRow(task="send_mail", subject=str(mail.id), state=OutboxState.failed, error="550 no such user", next_attempt_at=NOW, created_at=NOW))
    assert "550 no such user" in clerk.page("/desk/me/mail")
    failed = enter("manager").page("/desk/failed")
    assert failed.count("550 no such user") == 2
    assert "发送提醒邮件" in failed
