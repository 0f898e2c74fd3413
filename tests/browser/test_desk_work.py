"""Editor and signer at work in a real browser: claim, autosave, crash, reopening, conflict, merge, submitting, sending back, correcting, signing."""

import os
import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.browser.desk_people import picture
from tests.browser.test_journey import Visitor, sideways, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: Chromium writes what a page keeps to the disk after five seconds at the latest
WRITTEN_MS = 6_000
TEXT = "网民您好！您的留言收悉。\n\n请携带身份证到就业中心一楼窗口办理，工作日均可受理。"


def new_item(page: Any) -> str:
    """A citizen's message by the interface; its number."""
    answer = page.request.post("/api/v1/inquiries", data={"text": "请问失业登记在哪里办理？我的电话13800138000。", "title": "失业登记在哪里办", "publish": True})
    assert answer.status == 201
    return str(answer.json()["number"])


def crashed(page: Any, complaints: Any) -> Any:
    """The page's process dies without a farewell (no beacon, no event); a new page of the same browser."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    after = page.context.new_page()
    complaints.watch(after)
    return after


def kept(page: Any, until: Callable[..., float]) -> None:
    """Waits until the server has the text."""
    until(lambda: "已自动保留" in page.locator("[data-kept-words]").inner_text(), 20, "nothing was kept", 0.2)


def test_a_text_survives_the_browser_and_a_conflict_and_is_signed(visitor: Visitor, complaints: Any, until: Callable[..., float]) -> None:
    clerk, signer = visitor(), visitor()
    number = new_item(clerk)
    path = f"/desk/inquiries/{number}"
    sign_in(clerk, "clerk")
    clerk.goto(path)
    until(lambda: clerk.reload() and clerk.get_by_text("系统拟稿，未经审核").count() == 1, 60, "no draft", 0.5)
    clerk.get_by_role("button", name="受理并办理").click()
    clerk.locator(".item-head").get_by_text("办理中", exact=True).wait_for()

    # typed, kept by the machine, the page dies: the text is offered again
    clerk.get_by_label("答复内容").fill(TEXT)
    kept(clerk, until)
    clerk = crashed(clerk, complaints)
    clerk.goto(path)
    clerk.get_by_role("link", name="放入编辑框").first.click()
    assert clerk.get_by_label("答复内容").input_value() == TEXT
    picture(clerk, "restored")

    # a colleague with the right to assign sees who works on it, takes over with a reason and saves
    sign_in(signer, "signer")
    signer.goto(path)
    assert "正由" in signer.locator("main").inner_text()
    assert signer.get_by_label("答复内容").count() == 0
    picture(signer, "held")
    signer.get_by_label("现在就接办的理由").fill("经办人外出")
    signer.get_by_role("button", name="接办").click()
    signer.get_by_label("答复内容").fill("网民您好！您的留言收悉。\n\n请到二楼窗口办理。")
    signer.get_by_role("button", name="保存", exact=True).click()
    signer.get_by_text("已保存。").wait_for()

    # the clerk saves too: both texts side by side, picked, saved
    complaints.meant = {409}
    clerk.get_by_role("button", name="保存", exact=True).click()
    clerk.get_by_role("heading", name="现有文字与您的文字").wait_for()
    picture(clerk, "merge")
    for group in clerk.locator("fieldset.merge-place").all():
        group.get_by_label("用我的").check()
    clerk.get_by_role("button", name="按选择合并到编辑框").click()
    clerk.get_by_text("已按您的选择合并").wait_for()
    assert clerk.get_by_label("答复内容").input_value() == TEXT
    complaints.meant = set()
    clerk.get_by_role("button", name="提交审签").click()
    clerk.get_by_text("等待签发人审阅").wait_for()

    # sent back with a reason, corrected, submitted again, signed
    signer.goto(f"{path}/review")
    signer.get_by_text("退回修改…").click()
    signer.get_by_label("退回理由").fill("请写明电话")
    signer.get_by_role("button", name="退回修改", exact=True).click()
    signer.get_by_text("已退回修改。").wait_for()
    clerk.goto(path)
    assert "请写明电话" in clerk.locator(".course").inner_text()
    clerk.get_by_label("答复内容").fill(f"{TEXT}咨询电话12333。")
    clerk.get_by_role("button", name="提交审签").click()
    clerk.get_by_text("等待签发人审阅").wait_for()
    signer.goto(f"{path}/review")
    picture(signer, "review")
    signer.get_by_role("button", name="审签通过").click()
    signer.wait_for_url(lambda url: not url.endswith("/review"))
    signer.goto(f"{path}/versions")
    words = signer.locator("main").inner_text()
    for said in ("系统拟稿", "提交审签", "退回修改", "请写明电话", "审签通过", "未保存的文字"):
        assert said in words
    picture(signer, "versions")
    assert complaints.heard == []


def test_without_the_server_the_text_stays_in_the_browser_even_when_it_is_killed(lasting: Callable[[], Any], complaints: Any, until: Callable[..., float]) -> None:
    clerk = lasting()
    number = new_item(clerk)
    sign_in(clerk, "clerk")
    clerk.goto(f"/desk/inquiries/{number}")
    clerk.get_by_role("button", name="受理并办理").click()
    clerk.context.set_offline(True)
    clerk.get_by_label("答复内容").fill("断网时写的文字")
    until(lambda: "连不上服务器" in clerk.locator("[data-kept-words]").inner_text(), 20, "the page does not say that nothing was kept", 0.2)
    clerk.wait_for_timeout(WRITTEN_MS)
    clerk = lasting()
    sign_in(clerk, "clerk")  # the cookie of the session went with the browser
    clerk.goto(f"/desk/inquiries/{number}")
    clerk.get_by_role("button", name="放入编辑框").click()
    assert clerk.get_by_label("答复内容").input_value() == "断网时写的文字"
    kept(clerk, until)
    assert [said for said in complaints.heard if "ERR_INTERNET_DISCONNECTED" not in said] == []


def test_a_case_prints_on_a_few_pages_and_keys_have_a_list(visitor: Visitor, complaints: Any, until: Callable[..., float], tmp_path: Path) -> None:
    page = visitor()
    number = new_item(page)
    sign_in(page, "signer")
    page.goto(f"/desk/inquiries/{number}")
    until(lambda: page.reload() and page.get_by_text("系统拟稿，未经审核").count() == 1, 60, "no draft", 0.5)
    paper = Path(os.environ.get("HUIYING_PICTURES") or tmp_path) / "case.pdf"
    page.pdf(path=str(paper), format="A4")
    told = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    assert 1 <= int(re.search(r"Pages:\s+(\d+)", told)[1]) <= 6
    words = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    assert number in words
    assert "138****8000" in words
    assert "13800138000" not in words
    assert "提交审签" not in words
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("显示这张表").wait_for()
    picture(page, "keys")
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    page.keyboard.press("e")
    page.keyboard.type("?")
    assert page.get_by_role("dialog").count() == 0
    assert complaints.heard == []


def test_a_signatory_corrects_and_signs_at_390(visitor: Visitor, complaints: Any) -> None:
    clerk, signer = visitor(), visitor(width=390, height=844)
    path = f"/desk/inquiries/{new_item(clerk)}"
    sign_in(clerk, "clerk")
    clerk.goto(path)
    clerk.get_by_role("button", name="受理并办理").click()
    clerk.get_by_label("答复内容").fill(TEXT)
    clerk.get_by_role("button", name="提交审签").click()
    clerk.get_by_text("等待签发人审阅").wait_for()
    sign_in(signer, "signer")
    signer.goto(f"{path}/review")
    assert signer.locator(".decide").bounding_box()["height"] < 80
    signer.get_by_role("link", name="修改后签发…").click()
    signer.locator("#correct-text").fill(TEXT.replace("一楼", "二楼"))
    signer.locator(".differences .becomes mark").get_by_text("二").wait_for()
    assert signer.evaluate("document.documentElement.scrollWidth") == 390
    picture(signer, "correct-390")
    signer.get_by_role("button", name="修改后签发").click()
    signer.get_by_text("已按您的修改签发").wait_for()
    assert re.search(r"第 \d 稿改为第 \d 稿", signer.locator("#case").inner_text())
    assert complaints.heard == []


def test_one_thumb_at_390(visitor: Visitor, complaints: Any) -> None:
    page = visitor(width=390, height=844)
    number = new_item(page)
    sign_in(page, "signer")
    paths = [f"/desk/inquiries/{number}", "/desk?lane=approval"]
    assert [path for path in paths if sideways(page, path)] == []
    page.goto(paths[0])
    picture(page, "item-390")
    small = "e => { const b = e.getBoundingClientRect(); return b.width && b.height && b.height < 40; }"
    targets = page.locator("main .btn, main select, main input:not([type=hidden]):not([type=radio]):not([type=checkbox])")
    assert targets.count() > 3
    assert [t.inner_text() for t in targets.all() if t.is_visible() and t.evaluate(small)] == []
    assert not re.search(r"13800138000", page.content())
    assert complaints.heard == []
