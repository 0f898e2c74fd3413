"""Reply checks: what each finds and where, what it leaves alone, what stops a reply and what a reason overrules; on both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from board.clock import local_day
from board.models import Event, Inquiry
from board.replies import review
from board.replies.links import wrong_address
from board.replies.proofreading import Checks, Findings, proofread, submit_checked
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
GOOD = (
    "网民您好！您的留言收悉。\n\n根据《失业保险金申领办事指南》规定：\n\n> 本人身份证、终止劳动关系的证明、近期照片一张。\n"
    "> ——《失业保险金申领办事指南》（测人社发〔2016〕8号），2016-03-01，现行有效，/documents/1\n\n"
    "如需进一步了解，请联系就业股（2号窗口），电话：0900-5550102。\n\n感谢您对我们工作的关心和支持。\n\n测试县人力资源和社会保障局"
)
SUBSTANCE = "网民您好！您可以在终止劳动关系后六十日内办理失业登记，带身份证原件即可。"


def checks(bureau: Bureau) -> Checks:
    """The office's rules."""
    return Checks(bureau.office.settings, bureau.office.words, local_day(NOW))


def found(bureau: Bureau, text: str) -> list[tuple[str, bool, str]]:
    """Code, whether it stops, and the words at the place."""
    with bureau.office.work.reading() as session:
        return [(one.code, one.blocks, text[one.start : one.end]) for one in proofread(session, text, checks(bureau))]


def test_a_good_reply_has_no_findings(bureau: Bureau) -> None:
    assert found(bureau, GOOD) == []
    assert found(bureau, SUBSTANCE) == []


@pytest.mark.parametrize(("addition", "code", "stops", "place"), [
    ("请在【请补充：办理时限】内办理。", "gap", True, "【请补充：办理时限】"),
    ("请到{unit}办理。", "placeholder", True, "{unit}"),
    ("补贴标准为XX元。", "placeholder", True, "XX"),
    ("联系人____。", "placeholder", True, "____"),
    ("【此处填写日期】", "placeholder", True, "【此处填写日期】"),
    ("详情见 /documents/999 。", "dead_link", True, "/documents/999"),
    ("参见 /inquiries/LY209901010001 。", "dead_link", True, "/inquiries/LY209901010001"),
    ("经办人手机13900000028。", "personal", False, "13900000028"),
    ("按照测人社发〔2013〕2号执行。", "mentions_repealed", False, "测人社发〔2013〕2号"),
    ("请向外市县人力资源和社会保障局申请。", "wrong_unit", False, "请向外市县人力资源和社会保障局"),
    ("我局不代 开发票。", "sensitive", False, "代 开发票"),
    ("详见 http://localhost/list 。", "odd_address", False, "http://localhost/list"),
    ("详见 www.example.gov.cn/list 。", "odd_address", False, "www.example.gov.cn/list"),
])  # fmt: skip
def test_each_check_finds_its_place(bureau: Bureau, addition: str, code: str, stops: bool, place: str) -> None:
    assert found(bureau, f"{SUBSTANCE}\n\n{addition}") == [(code, stops, place)]


def test_a_repealed_source_stops_the_reply(bureau: Bureau) -> None:
    text = f"{SUBSTANCE}\n\n> 失业保险金发放标准为每人每月560元。\n> ——《关于失业保险金标准的通知》（测人社发〔2013〕2号），2016-03-01，现行有效，/documents/3"
    assert ("repealed", True, "/documents/3") in found(bureau, text)


@pytest.mark.parametrize("text", [
    "已阅。", "网民您好！您的留言已收悉，感谢您的支持！", "您好，请与社保局联系，电话0900-5550110。", "您的问题已转相关科室处理，请耐心等待。", "请到窗口咨询。",
    "网民您好！您的来信收悉。请拨打12333咨询。特此回复。",
])  # fmt: skip
def test_a_brush_off_is_found(bureau: Bureau, text: str) -> None:
    assert [code for code, _, _ in found(bureau, text)] == ["brush_off"]


def test_the_offices_own_numbers_and_superior_bodies_are_left_alone(bureau: Bureau) -> None:
    assert found(bureau, f"{SUBSTANCE}请拨打12333或0900-5550102，或到测试县社会保险事业管理局办理。") == []
    assert found(bureau, f"{SUBSTANCE}详见 https://www.gov.cn/zhengce/ 。") == []


@pytest.mark.parametrize(("address", "wrong"), [
    ("https://www.gov.cn/zhengce/2026.htm", False), ("http://rsj.example.gov.cn", False), ("https://rsj.fujіan.gov.cn", True), ("https://xn--fiq.cn", True),
    ("ｈｔｔｐ：／／evil.cn", True), ("javascript:alert(1)", True), ("http://10.0.0.1/a", True), ("http://127.0.0.1", True), ("http://a@b.cn", True),
    ("https://gov.cn:8443/x", True), ("https://gov", True), ("http://[::1", True), ("http://x.cn:99999", True),
])  # fmt: skip
def test_addresses_are_judged_by_their_form(address: str, wrong: bool) -> None:
    assert bool(wrong_address(address)) == wrong


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="网民您好已阅请与联系电话【请补充：】{unit}X_?/documents1http:.〔2013〕2号 \n>—《》代开发票測试县", max_size=120))
def test_any_text_is_checked_and_places_are_inside(bureau: Bureau, text: str) -> None:
    with bureau.office.work.reading() as session:
        assert all(0 <= one.start <= one.end <= len(text) for one in proofread(session, text, checks(bureau)))


def handed_in(bureau: Bureau, text: str, overrule: str = "") -> str:
    """Writes and submits; returns the state of the inquiry."""
    posted = bureau.post(f"失业保险金怎么申领？{len(text)}{overrule}")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        reply = review.save_draft(session, bureau.actors["clerk"], inquiry, text, 0, bureau.office.settings, NOW)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        submit_checked(session, bureau.actors["clerk"], inquiry, reply.revision, NOW, checks(bureau), overrule)
        return inquiry.state.value


def test_warnings_need_a_reason_that_is_written_down(bureau: Bureau) -> None:
    with pytest.raises(Findings, match="1 处提示"):
        handed_in(bureau, "已阅。")
    assert handed_in(bureau, "已阅。", "本人已当面答复，此处仅为备查") == "awaiting_approval"
    with bureau.office.work.reading() as session:
        event = session.query(Event).filter_by(action="overrule_findings").one()
        assert (event.reason, event.data["findings"]) == ("本人已当面答复，此处仅为备查", "brush_off")


def test_no_reason_overrules_what_stops(bureau: Bureau) -> None:
    with pytest.raises(Findings, match="1 处须先修改"):
        handed_in(bureau, f"{SUBSTANCE}【请补充：时限】", "照发")
    assert handed_in(bureau, SUBSTANCE) == "awaiting_approval"
    with bureau.office.work.reading() as session:
        assert session.query(Event).filter_by(action="overrule_findings").count() == 0
