"""A day at the desk in a real browser, role by role: accounts, settings, a complaint through three hands, paper, publication, audit, applications."""

import csv
import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from board.clock import local_day, now
from tests.browser.desk_people import NEWCOMERS, OWN_PASSWORD, UNTIL_DAYS, drafted, enter, first_day, made_account, opened, picture, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CALL = "我在建筑工地干了四个月，包工头李大山一直不结工资，劳动监察大队去年答应处理，到现在没有结果。我的电话13800138000。"
ANSWER = "网民您好！您的留言收悉。现答复如下：\n\n经核实，用人单位已于本周结清工资。"
PHRASE = "如有疑问，请拨打{phone}咨询。"
NOTICE = "一、元旦：1月1日至3日放假，共3天。\n二、春节：2月5日至13日放假调休，共9天。1月30日（周六）、2月20日（周六）上班。"
SLIPS = "转办来源,工单编号,办理期限,诉求内容,联系人\n12345热线,{key}-1,{due},三号窗口排队太久，希望增加人手。,王先生\n12345热线,,{due},没有编号的一行。,李女士\n"


@dataclass
class Day:
    """The pages of the people of one day, each signed in when first needed."""

    visitor: Callable[..., Any]
    passwords: dict[str, str] = field(default_factory=dict)
    pages: dict[tuple[str, int], Any] = field(default_factory=dict)

    def page(self, login: str, width: int = 1280) -> Any:
        """The page of a person; a newcomer chooses an own password the first time."""
        if (login, width) not in self.pages:
            page = self.visitor(width=width, height=844 if width < 500 else 800)
            if login in self.passwords:
                first_day(page, login, self.passwords.pop(login))
            else:
                enter(page, login, *([OWN_PASSWORD] if login in NEWCOMERS else []))
            self.pages[login, width] = page
        return self.pages[login, width]


def test_every_role_does_its_work(visitor: Callable[..., Any], complaints: Any, until: Callable[..., float]) -> None:
    day = Day(visitor)
    complaints.meant = {422}
    look_after_people(day)
    complaints.meant = set()
    change_settings(day)
    number = take_down_and_distribute(day, until)
    write(day, number, until)
    sign_in_three_hands(day, number)
    published(day, number, until)
    complaints.meant = {403}
    read_only(day, number)
    complaints.meant = set()
    answer_an_application(day)
    import_slips(day)
    assert complaints.heard == []


def look_after_people(day: Day) -> None:
    """系统管理员: accounts by page; an auditor only with an end date; no look at content."""
    page, until = day.page("admin"), (local_day(now()) + timedelta(days=UNTIL_DAYS)).isoformat()
    for login in NEWCOMERS:
        day.passwords[login] = made_account(page, login, until)
    picture(page, "admin-first-password")
    page.goto("/desk/accounts")
    row = page.locator("tr", has_text="审计人员丁")
    assert until in row.inner_text()
    picture(page, "admin-accounts")
    assert page.locator(".desk-nav").get_by_text("工作台").count() == 0


def change_settings(day: Day) -> None:
    """管理员: a limit, a phrase, a unit, a word that holds messages, and the State Council's notice pasted and previewed."""
    page = day.page("manager")
    page.goto("/desk/settings/limits")
    page.get_by_label("类型").select_option(label="建议")
    page.get_by_label("工作日").fill("7")
    send(page, "保存")
    assert "7" in page.locator("tr", has_text="建议").inner_text()
    picture(page, "manager-limits")
    page.goto("/desk/settings/templates/new")
    page.get_by_label("名称").fill("咨询电话")
    page.get_by_label("内容").fill(PHRASE)
    send(page, "保存")
    page.goto("/desk/settings/templates")
    page.get_by_role("link", name="咨询电话").wait_for()
    picture(page, "manager-phrases")
    page.goto("/desk/settings/units/jcd")
    page.get_by_label("电话").fill("0931-5550123")
    send(page, "保存")
    page.goto("/desk/settings/units")
    assert "0931-5550123" in page.locator("tr", has_text="劳动监察大队").inner_text()
    page.goto("/desk/settings/words")
    page.get_by_label("每行一个词").fill(page.get_by_label("每行一个词").input_value().rstrip() + "\n包工头")
    send(page, "保存")
    page.goto("/desk/settings/holidays?year=2027")
    page.get_by_label("国务院办公厅通知原文").fill(NOTICE)
    send(page, "预览")
    page.get_by_text("预览，尚未保存").wait_for()
    assert page.locator(".day-cell.rest").count() > 10
    picture(page, "manager-holidays-preview")
    send(page, "保存")
    page.get_by_text("按本页录入的通知").wait_for()


def take_down_and_distribute(day: Day, until: Callable[..., float]) -> str:
    """分办员: takes a call down, tells number and code, lets it through, sees whom it accuses, hands it to a unit that is not accused."""
    page = day.page("front")
    page.goto("/desk/take-down")
    page.get_by_label("电话", exact=True).check()
    page.get_by_label("来人（来电、来信）反映的内容").fill(CALL)
    page.get_by_label("标题").fill("工地四个月工资没结")
    page.get_by_label("类型").select_option(label="投诉")
    page.get_by_label("联系方式").fill("13900139000")
    page.get_by_label("同意公开").check()
    picture(page, "front-call")
    send(page, "保存")
    number = str(page.locator("dl.facts dd").first.inner_text())
    picture(page, "front-receipt")
    drafted(page, f"/desk/inquiries/{number}", until)
    picture(page, "front-item")
    if page.get_by_label("核对意见").count():
        page.get_by_label("核对意见").fill("内容属实，可以公开")
        send(page, "核对后放行")
    distribute(page, "就业股")
    return number


def distribute(page: Any, unit: str) -> None:
    """Accepted and handed to a unit by the page's own steps."""
    opened(page, "转办…")
    page.get_by_label("转给").select_option(label=unit)
    send(page, "转办")
    page.locator(".item-head").get_by_text("已转办", exact=True).wait_for()


def write(day: Day, number: str, until: Callable[..., float]) -> None:
    """经办人: claims, writes, finds a phrase by typing, is seen by a colleague without reload, submits."""
    page, other, board = day.page("clerk"), day.page("signer"), day.page("manager")
    board.goto("/desk")
    waiting = board.locator("[data-lane=approval] .figure")
    before = int(waiting.inner_text())
    path = f"/desk/inquiries/{number}"
    page.goto(path)
    send(page, "由我办理")
    page.locator(".item-head").get_by_text("办理中", exact=True).wait_for()
    other.goto(path)
    other.locator("[data-here-names]", has_text="经办人").wait_for()
    page.locator("[data-here-names]", has_text="签发人").wait_for()
    editor = page.get_by_label("答复内容")
    editor.fill(ANSWER)
    opened(page, "常用语…")
    page.get_by_label("键入文字或拼音首字母查找").fill("咨询电话")
    page.get_by_label("键入文字或拼音首字母查找").press("Enter")
    until(lambda: "咨询。" in editor.input_value(), 10, "the phrase was not put in")
    picture(page, "clerk-phrase")
    send(page, "提交审签")
    page.get_by_text("等待签发人审阅").wait_for()
    until(lambda: int(waiting.inner_text()) == before + 1, 30, "the count of the open queue did not move by itself")
    assert "待审签" in board.locator("[data-lane=approval]").inner_text()


def sign_in_three_hands(day: Day, number: str) -> None:
    """股室负责人 sends back with a reason, then corrects and passes on with one thumb; 办公室 checks; 局领导 sees the mask and signs."""
    path = f"/desk/inquiries/{number}"
    head, clerk, front, leader = day.page("head"), day.page("clerk"), day.page("front"), day.page("signer")
    head.goto("/desk?lane=approval")
    head.get_by_role("link", name="工地四个月工资没结").click()
    head.get_by_role("link", name="审阅并签发").click()
    picture(head, "head-review")
    opened(head, "退回修改…")
    head.get_by_label("退回理由").fill("请写明结清的日期")
    send(head, "退回修改")
    head.get_by_text("已退回修改。").wait_for()
    clerk.goto(path)
    assert "请写明结清的日期" in clerk.locator(".notice.error").inner_text()
    picture(clerk, "clerk-returned")
    clerk.get_by_label("答复内容").fill(clerk.get_by_label("答复内容").input_value().replace("本周", "11月20日"))
    send(clerk, "提交审签")
    clerk.get_by_text("等待签发人审阅").wait_for()

    thumb = day.page("head", 390)
    thumb.goto(f"{path}/review")
    picture(thumb, "head-review-390")
    thumb.get_by_role("link", name="修改后签发…").click()
    thumb.locator("#correct-text").fill(thumb.locator("#correct-text").input_value().replace("结清工资", "结清全部工资"))
    thumb.locator(".differences .becomes mark").get_by_text("全部").wait_for()
    assert thumb.evaluate("document.documentElement.scrollWidth") == 390
    picture(thumb, "head-correct-390")
    send(thumb, "修改后审核通过")
    thumb.wait_for_url(lambda url: not url.endswith("/correct"))

    front.goto(f"{path}/review")
    assert front.get_by_role("button", name="审签通过").count() == 0
    picture(front, "office-review")
    send(front, "审核通过")
    front.wait_for_url(lambda url: not url.endswith("/review"))

    leader.goto(f"{path}/review")
    leader.get_by_label("另外遮盖这些文字").fill("李大山") if leader.locator("details.masks[open]").count() else mask_folded(leader, "李大山")
    send(leader, "遮盖")
    leader.locator(".masks li", has_text="李大山").wait_for()
    public = leader.locator(".as-public").inner_text()
    assert "李大山" not in public
    assert "13800138000" not in public
    assert "结清全部工资" in public
    picture(leader, "leader-review")
    send(leader, "审签通过")
    leader.wait_for_url(lambda url: not url.endswith("/review"))


def mask_folded(page: Any, words: str) -> None:
    """The field for masking lies in a fold."""
    opened(page, "公开时隐去的内容")
    page.get_by_label("另外遮盖这些文字").fill(words)


def published(day: Day, number: str, until: Callable[..., float]) -> None:
    """What stands in public is what was signed, masked; every text and difference is kept."""
    page = day.page("signer")
    until(lambda: page.request.get(f"/inquiries/{number}").status == 200, 30, "not published", 0.3)
    card = page.request.get(f"/inquiries/{number}").text()
    assert "结清全部工资" in card
    assert "李大山" not in card
    page.goto(f"/desk/inquiries/{number}/versions")
    words = page.locator("main").inner_text()
    for said in ("系统拟稿", "提交审签", "请写明结清的日期", "股室负责人丙修改", "审核通过", "审签通过"):
        assert said in words
    picture(page, "versions")


def read_only(day: Day, number: str) -> None:
    """审计人员: reads the item and the trail, takes the trail home, changes nothing."""
    page = day.page("auditor")
    page.goto(f"/desk/inquiries/{number}")
    assert page.locator("main form button[type=submit]").count() == 0
    picture(page, "auditor-item")
    page.goto("/desk/audit")
    page.get_by_label("对象").fill(number)
    send(page, "查找")
    told = page.locator("table.audit-table").inner_text()
    for said in ("退回修改", "审核", "审签", "发布", "环节：股室负责人", "环节：办公室"):
        assert said in told
    picture(page, "auditor-trail")
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 CSV").click()
    rows = list(csv.reader(io.StringIO(taken.value.path().read_text(encoding="utf-8-sig"))))
    assert len(rows) > 8
    assert any(number in row for row in rows)
    assert page.request.get("/desk/take-down").status == 403
    assert page.request.get("/desk/accounts").status == 403


def answer_an_application(day: Day) -> None:
    """依申请公开: registered by the front office, answered by a clerk, signed by another person, the letter is a Word document."""
    front, clerk, signer = day.page("front"), day.page("clerk"), day.page("signer")
    front.goto("/desk/applications/new")
    front.get_by_role("radio", name="当面", exact=True).check()
    front.get_by_label("申请人类型").select_option(index=1)
    for label, value in {"姓名": "林小河", "证件号码": "35010219900101123X", "联系": "13900001111"}.items():
        front.get_by_label(re.compile(f"{label}")).first.fill(value)
    front.get_by_label("载体形式").select_option(index=1)
    front.get_by_label("获取方式").select_option(label="电子邮件")
    front.locator("textarea#subject").fill("本县2025年就业补助资金的使用情况")
    picture(front, "application-new")
    send(front, "登记")
    front.get_by_text(re.compile(r"SQ\d{12}")).first.wait_for()
    number = re.search(r"SQ\d{12}", front.locator("main").inner_text())[0]
    address = f"/desk/applications/{number}"
    clerk.goto(address)
    send(clerk, "由我办理")
    opened(clerk, "拟答复书送签")
    clerk.locator("select#outcome").select_option(value="granted")
    clerk.locator("#propose-grounds").fill("附件：就业补助资金决算表。")
    send(clerk, "送签")
    clerk.get_by_text("就业补助资金决算表").first.wait_for()
    picture(clerk, "application-proposed")
    signer.goto(address)
    send(signer, "签发并编文号")
    with signer.expect_download() as letter:
        signer.get_by_role("link", name="（DOCX）").first.click()
    assert letter.value.path().read_bytes()[:2] == b"PK"
    opened(signer, "登记送达")
    send(signer, "登记送达")
    picture(signer, "application-done")


def import_slips(day: Day) -> None:
    """转办单 from a table with a column of its own name: told by hand, wrong rows named, the rest registered once."""
    page, key = day.page("front"), f"ZB{int(time.time())}"
    due = (local_day(now()) + timedelta(days=20)).isoformat()
    page.goto("/desk/slips/import")
    page.locator("#file").set_input_files({"name": "转办.csv", "mimeType": "text/csv", "buffer": SLIPS.format(key=key, due=due).encode()})
    send(page, "读取并预览")
    page.get_by_text("读到 2 行").wait_for()
    picture(page, "slips-preview")
    send(page, "登记新增的 1 件")
    page.goto("/desk/slips")
    page.get_by_text(f"{key}-1").wait_for()
    picture(page, "slips")


def test_each_key_does_what_its_list_says_and_none_while_typing(visitor: Callable[..., Any], complaints: Any) -> None:
    page = visitor()
    enter(page, "clerk")
    page.goto("/desk?lane=mine")
    links = page.locator("table.queue td.title > a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert links.nth(1).evaluate("link => link === document.activeElement")
    page.keyboard.press("k")
    assert links.nth(0).evaluate("link => link === document.activeElement")
    page.keyboard.press("/")
    search = page.locator("input[type=search]")
    page.keyboard.type("jk/eu?")
    assert search.input_value() == "jk/eu?"
    assert page.get_by_role("dialog").count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    listed = page.get_by_role("dialog").locator("kbd").all_inner_texts()
    assert sorted(listed) == sorted(["?", "/", "J", "K", "E", "U", "Ctrl", "S", "Esc"])
    page.keyboard.press("Escape")
    page.goto("/desk?q=想贷款开个修车铺&lane=all")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("e")
    editor = page.get_by_label("答复内容")
    assert editor.evaluate("field => field === document.activeElement")
    page.keyboard.type("u")
    assert "/desk/inquiries/" in page.url
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.get_by_text("已保存。").wait_for()
    with page.expect_navigation():
        page.keyboard.press("u")
    assert urlsplit(page.url).path == "/desk"
    assert complaints.heard == []
