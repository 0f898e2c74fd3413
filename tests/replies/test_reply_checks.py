"""The checks before a reply is handed in: each finds what it is for and leaves ordinary replies alone; on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from board.errors import InvalidInput
from board.models import Event, Inquiry, InquiryState
from board.replies import review
from board.replies.reply_checks import check_reply, dead_links, own_sites
from board.replies.submitting import hand_in
from board.settings import merged
from responder.near_names import near_names
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
TODAY = date(2026, 11, 24)
GOOD = "网民您好！您的留言收悉。申领失业保险金请携带身份证到就业股2号窗口办理，5个工作日内办结。\n\n感谢您的支持。\n\n测试县人力资源和社会保障局"
QUOTE = "网民您好！\n\n> 失业人员可以申领失业保险金。\n> ——《失业保险金申领办事指南》（测人社发〔2016〕8号），2016-03-01，现行有效，{link}"


def rules(bureau: Bureau, reply: str, *, publish: bool = True) -> list[tuple[str, bool]]:
    posted = bureau.post(publish=publish)
    with bureau.office.work.reading() as session:
        found = check_reply(session, session.get_one(Inquiry, posted.inquiry_id), reply, bureau.office.settings, ["代开发票"], TODAY)
        assert all(0 <= finding.start <= finding.end <= len(reply) for finding in found)
        return [(finding.rule, finding.blocks) for finding in found]


@pytest.mark.parametrize(("added", "expected"), [
    ("", []), ("【请补充：办理地点】", [("gap", True)]), ("编号{number}", [("gap", True)]), ("请到____办理", [("blank", False)]), ("XX同志", [("blank", False)]),
    ("联系人电话13800138000。", [("personal", False)]), ("咨询电话0900-5550102。", []), ("12333可以咨询。", []),
    ("按测人社发〔2013〕2号执行。", [("out_of_force", False)]), ("按测人社发〔2016〕8号执行。", []),
    ("由测试县人力资源社会保障局负责。", [("unit_name", False)]), ("由测试县社会保险事业管理局负责。", []), ("代 开 发 票", [("sensitive", False)]),
    ("见 /documents/999999", [("dead_link", True)]), ("见 https://example.org/a", []), ("见 https://…", [("dead_link", False)]), ("见 /inquiries/LY1", [("dead_link", True)]),
])  # fmt: skip
def test_each_check_finds_its_own_and_nothing_in_an_ordinary_reply(bureau: Bureau, added: str, expected: list[tuple[str, bool]]) -> None:
    assert rules(bureau, GOOD.replace("感谢您", f"{added}\n\n感谢您")) == expected


def test_a_private_reply_may_hold_the_citizen_s_number(bureau: Bureau) -> None:
    assert rules(bureau, GOOD + "电话13800138000。", publish=False) == []


def test_a_document_out_of_force_is_not_quoted(bureau: Bureau) -> None:
    assert rules(bureau, QUOTE.format(link=f"/documents/{bureau.document_ids[0]}")) == []
    assert rules(bureau, QUOTE.format(link=f"/documents/{bureau.document_ids[2]}")) == [("out_of_force", True)]


@pytest.mark.parametrize("reply", ["已阅。", "您好，已阅，感谢您的支持。", "网民您好！您的留言收悉。请与就业股联系。", "已收到，已转相关部门处理。", "请拨打12333咨询。\n\n测试县人力资源和社会保障局",
    "已收悉，正在办理。", "您好！您反映的问题已收悉，我局高度重视，正在核实处理，请耐心等待。", "您的诉求已转相关部门，将尽快办理并回复。",
])
def test_a_brush_off_is_called_one(bureau: Bureau, reply: str) -> None:
    assert ("brush_off", False) in rules(bureau, reply)


@pytest.mark.parametrize("reply", ["失业保险金每月1560元。", "网民您好！可以。请携带身份证到就业股窗口办理，详情请拨打0900-5550102咨询。", "您反映的路灯已于昨日修复。", "您反映的问题已收悉，社保卡正在制作，12月1日前可到2号窗口领取。"])
def test_a_short_answer_is_no_brush_off(bureau: Bureau, reply: str) -> None:
    assert rules(bureau, reply) == []


def test_names_that_are_right_or_far_away_are_left_alone() -> None:
    names = ["白水县人力资源和社会保障局", "白水县社会保险事业管理局", "就业股"]
    assert list(near_names("由县人力资源和社会保障局、白水县医疗保障局、省人力资源和社会保障厅负责，请到就业服务股。", names)) == []
    assert [name for _, _, name in near_names("青山县人力资源和社会保障局", names)] == ["白水县人力资源和社会保障局"]


def hand(bureau: Bureau, key: int, text: str, reason: str = "") -> None:
    with bureau.office.work.transaction() as session:
        clerk, inquiry = bureau.actors["clerk"], session.get_one(Inquiry, key)
        before = review.current_reply(session, inquiry)
        reply = review.save_draft(session, clerk, inquiry, text, before.revision if before else 0, bureau.office.settings, NOW)
        hand_in(session, clerk, inquiry, reply.revision, NOW, bureau.office.settings, [], reason)


def test_what_may_stand_needs_a_reason_that_is_kept(bureau: Bureau) -> None:
    key = bureau.post().inquiry_id
    with pytest.raises(InvalidInput) as refused:
        hand(bureau, key, "已阅。")
    assert refused.value.field == "overrule"
    with pytest.raises(InvalidInput) as refused:
        hand(bureau, key, "【请补充：地点】", "确认无误")
    assert refused.value.field == "text"
    hand(bureau, key, "已阅。", "来信只需确认收到")
    with bureau.office.work.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "overrule")).one()
        assert (event.reason, event.data["rules"]) == ("来信只需确认收到", ["brush_off"])
        assert session.get_one(Inquiry, key).state == InquiryState.awaiting_approval


def test_a_reply_without_findings_needs_none(bureau: Bureau) -> None:
    key = bureau.post().inquiry_id
    hand(bureau, key, GOOD)
    with bureau.office.work.reading() as session:
        assert session.scalar(select(Event.id).where(Event.action == "overrule")) is None


def test_another_authority_in_the_sign_line_and_own_addresses_that_lead_nowhere(bureau: Bureau) -> None:
    body = "网民您好！请携带身份证到就业股2号窗口办理。\n\n"
    assert rules(bureau, body + "邻县市场监督管理局\n2026年11月24日") == [("unit_name", False)]
    for line in ("测试县人力资源和社会保障局\n2026年11月24日", "人力资源和社会保障局", "测试县社会保险事业管理局", "谢谢您的支持"):
        assert rules(bureau, body + line) == []
    tables = merged(bureau.office.settings.tables, {"mail": {"site": "https://board.example.gov.cn"}})
    with bureau.office.work.reading() as session:
        sites = own_sites(replace(bureau.office.settings, tables=tables))
        text = f"见 https://board.example.gov.cn/documents/999 、https://board.example.gov.cn/documents/{bureau.document_ids[0]} 和 https://other.example.org/documents/999"
        assert [text[one.start : one.end] for one in dead_links(session, text, sites)] == ["https://board.example.gov.cn/documents/999"]
