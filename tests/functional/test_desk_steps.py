"""The smaller steps on an item: who sees the contact, assigning, declining, merging; texts kept on every refusal."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from board.models import Event, Inquiry, InquiryState, Unit
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def item(posted) -> str:
    return f"/desk/inquiries/{posted.number}"


def state(bureau: Bureau, posted) -> InquiryState:
    with bureau.office.work.reading() as session:
        return session.get_one(Inquiry, posted.inquiry_id).state


def test_the_contact_is_covered_until_asked_for_and_the_look_is_kept(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post(contact="13800138111", nickname="李先生")
    signer = enter("signer")
    page = signer.page(item(posted))
    assert "138****8111" in page
    assert "13800138111" not in page
    assert signer.send(f"{item(posted)}/reveal", reason=" ").status_code == 422
    assert "13800138111" in signer.send(f"{item(posted)}/reveal", reason="联系网民核实情况").get_data(as_text=True)
    with bureau.office.work.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "reveal")).one()
        assert (event.actor, event.inquiry_id, event.reason) == (bureau.actors["signer"].name, posted.inquiry_id, "联系网民核实情况")


def test_another_unit_s_clerk_sees_no_contact_and_cannot_write(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post(contact="13800138111")
    clerk = enter("clerk-sbj")
    page = clerk.page(item(posted))
    assert "138****8111" not in page
    assert 'name="text"' not in page
    assert clerk.send(f"{item(posted)}/reveal", reason="核实").status_code == 403
    assert clerk.send(f"{item(posted)}/draft", text="代写", based_on="0").status_code == 403
    assert clerk.send(f"{item(posted)}/take").status_code == 403


def test_who_reported_is_hidden_from_those_who_handle_it(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post("举报某公司拖欠工资。", kind="report", contact="13800138111", nickname="知情人")
    page = enter("clerk").page(item(posted))
    assert "知情人" not in page
    assert "举报人信息已隐去" in page
    assert enter("clerk").send(f"{item(posted)}/reveal", reason="核实").status_code == 404
    assert "知情人" in enter("manager").page(item(posted))


def test_assigning_names_the_unit_in_the_course(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    manager = enter("manager")
    answer = manager.send(f"{item(posted)}/assign", unit="", reason="请速办")
    assert answer.status_code == 422
    assert "请选择转办的单位" in answer.get_data(as_text=True)
    assert ">\n请速办</textarea>" in answer.get_data(as_text=True)
    assert manager.send(f"{item(posted)}/assign", unit="sbj", reason="请速办").status_code == 303
    assert state(bureau, posted) == InquiryState.assigned
    assert "转至社保局" in manager.page(item(posted))
    assert "由我办理" in enter("clerk-sbj").page(item(posted))


def test_a_unit_gives_back_what_is_not_its_own(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    assert enter("manager").send(f"{item(posted)}/assign", unit="sbj").status_code == 303
    clerk = enter("clerk-sbj")
    assert clerk.send(f"{item(posted)}/give-back", reason="").status_code == 422
    assert clerk.send(f"{item(posted)}/give-back", reason="属就业股职责").status_code == 303
    assert state(bureau, posted) == InquiryState.accepted


@pytest.mark.parametrize(("path", "end"), [("decline", InquiryState.declined), ("invalid", InquiryState.invalid)])
def test_declining_wants_a_reason(bureau: Bureau, enter: Enter, path: str, end: InquiryState) -> None:
    posted = bureau.post()
    manager = enter("manager")
    assert manager.send(f"{item(posted)}/{path}", reason="").status_code == 422
    assert state(bureau, posted) == InquiryState.received
    assert manager.send(f"{item(posted)}/{path}", reason="请向公交公司反映，电话12345。").status_code == 303
    assert state(bureau, posted) == end


def test_merging_wants_a_number_that_exists(bureau: Bureau, enter: Enter) -> None:
    main, other = bureau.post(), bureau.post("失业保险金怎么领？")
    signer = enter("signer")
    answer = signer.send(f"{item(other)}/merge", into="LY999", reason="同一问题")
    assert answer.status_code == 422
    assert 'value="LY999"' in answer.get_data(as_text=True)
    assert signer.send(f"{item(other)}/merge", into=other.number, reason="同一问题").status_code == 422
    assert signer.send(f"{item(other)}/merge", into=main.number.lower(), reason="同一问题").status_code == 303
    assert state(bureau, other) == InquiryState.merged


def test_an_item_moved_meanwhile_gives_a_conflict(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    answer = enter("manager").send(f"{item(posted)}/decline", reason="不属本局职责")
    assert answer.status_code == 409
    assert "状态已经变化" in answer.get_data(as_text=True)


def test_every_day_of_the_term_is_said(bureau: Bureau, enter: Enter) -> None:
    page = enter("clerk").page(item(bureau.post()))
    assert "为什么是 2026年12月1日" in page
    assert "2026-11-28 周六" in page
    assert "周末" in page


def test_lanes_search_and_empty_states(bureau: Bureau, enter: Enter) -> None:
    late = bureau.post("养老金怎么领？", at=NOW.replace(month=10))
    soon = bureau.post("社会保障卡怎么补办？")
    clerk = enter("clerk")
    page = clerk.page("/desk")
    assert page.index(late.number) < page.index(soon.number)
    assert "逾期" in page
    assert late.number in clerk.page("/desk?lane=overdue")
    assert soon.number not in clerk.page("/desk?lane=overdue")
    assert soon.number in clerk.page("/desk?q=社會保障卡")
    assert "没有找到“没有这个词”" in clerk.page("/desk?q=没有这个词")
    assert "“今天到期”中没有留言" in clerk.page("/desk?lane=today")
    assert late.number in clerk.page("/desk?lane=nonsense&page=x")


def test_texts_of_citizens_are_never_markup(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post("<script>alert(1)</script>{{7*7}}", title="<b>题</b>", nickname='"><i>')
    answer = enter("manager").get(item(posted)).get_data(as_text=True)
    assert "<script>alert" not in answer
    assert "<b>题" not in answer
    assert "<i>" not in answer
    assert "{{7*7}}" in answer


def test_units_of_the_select_are_those_of_the_office(bureau: Bureau, enter: Enter) -> None:
    page = enter("manager").page(item(bureau.post()))
    with bureau.office.work.reading() as session:
        assert all(f'<option value="{unit.code}"' in page for unit in session.scalars(select(Unit)))
