"""The main job in a real browser against the real program: asked, drafted, written, signed, published, read, counted."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from board.sample import SAMPLE_PASSWORD
from board.web.forms import LEAST_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "孩子第一次办社保卡要带什么"
QUESTION = "孩子今年上小学，第一次办社会保障卡，请问首次申领需要什么材料？\n我的电话是13800138000。"
ADVICE = "首次申领请携带居民身份证原件和近期一寸白底免冠彩色照片，到社保局2号窗口办理。"
GAP = re.compile(r"【请补充[：:][^】]*】")
FIGURES = ("收到留言", "已答复", "办结", "公开答复")
Visitor = Callable[..., Any]


def statistics(page: Any) -> dict[str, int]:
    """The figures of the public page of this year, by their labels."""
    page.goto("/statistics")
    pairs = page.locator("dl.figures > div").evaluate_all("all => all.map(one => [one.querySelector('dt').innerText, one.querySelector('dd').innerText])")
    return {label: int(value.replace(",", "")) for label, value in pairs if label in FIGURES}


def sign_in(page: Any, login: str) -> None:
    """Signs in by the page."""
    page.goto("/desk")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(SAMPLE_PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk")


def post(page: Any) -> tuple[str, str]:
    """From the home page to the receipt, forgetting the choice of publication at first; number and code."""
    page.goto("/")
    page.get_by_role("link", name="直接留言").click()
    typed = {"您想反映或咨询的事情": QUESTION, "标题": TITLE, "称呼": "山下人", "联系方式": "13900139000"}
    for label, value in typed.items():
        page.get_by_role("textbox", name=label).fill(value)
    page.get_by_role("combobox", name="类型").select_option(label="求助")
    page.get_by_role("button", name="发送留言").click()
    beside = page.locator("fieldset.field.wrong .field-error")
    beside.wait_for()
    assert "公开" in beside.inner_text()
    assert {label: page.get_by_role("textbox", name=label).input_value().replace("\r\n", "\n") for label in typed} == typed
    assert page.get_by_role("combobox", name="类型").locator("option:checked").inner_text() == "求助"
    assert not page.get_by_role("radio", name="同意公开").is_checked()
    page.get_by_role("radio", name="同意公开").check()
    page.wait_for_timeout(1000 * LEAST_SECONDS + 500)  # a message sent faster than a person types is held for moderation
    page.get_by_role("button", name="发送留言").click()
    page.wait_for_url("**/post/receipt")
    number = page.locator("dl.facts dd").first.inner_text()
    code = "-".join(page.locator(".code span").all_inner_texts())
    assert re.fullmatch(r"LY\d{12}", number)
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", code)
    return number, code


def follow(page: Any, number: str, code: str) -> None:
    """Asks with number and code."""
    page.goto("/follow")
    page.get_by_role("textbox", name="编号").fill(number)
    page.get_by_role("textbox", name="查询码").fill(code)
    page.locator("main").get_by_role("button", name="查询").click()
    page.get_by_role("heading", name=TITLE).wait_for()


def write(page: Any, number: str) -> None:
    """The clerk: from the queue to the item, takes it, fills the gaps of the system's draft, submits."""
    page.get_by_label("查找留言").fill(number)
    page.get_by_role("button", name="查找").click()
    row = page.locator("table.queue tbody tr")
    assert row.count() == 1
    assert number in row.inner_text()
    row.get_by_role("link", name=TITLE).click()
    page.get_by_text("系统拟稿，未经审核").wait_for()
    page.get_by_role("button", name="受理并办理").click()
    page.locator(".item-head").get_by_text("办理中", exact=True).wait_for()
    editor = page.get_by_label("答复内容")
    draft = editor.input_value()
    assert "网民您好" in draft
    editor.fill(f"{GAP.sub('', draft)}\n\n{ADVICE}")
    assert ADVICE in page.locator("[data-preview]").inner_text()
    assert page.locator("[data-gaps]").is_hidden()
    page.get_by_role("button", name="提交审签").click()
    page.get_by_text("等待签发人审阅").wait_for()


def sign(page: Any, number: str) -> None:
    """The signer: reads what the public will see, approves."""
    page.locator(".counters").get_by_role("link", name="待审签").click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="审阅并签发").click()
    public = page.locator(".as-public")
    public.wait_for()
    assert "138****8000" in public.inner_text()
    assert "13800138000" not in public.inner_text()
    assert ADVICE in public.inner_text()
    assert page.locator("mark.masked", has_text="138****8000").count() == 1
    page.get_by_role("button", name="审签通过").click()
    page.wait_for_url(lambda url: not url.endswith("/review"))


def reload_until(page: Any, ready: Callable[[], bool], until: Callable[..., float], message: str) -> None:
    """Reloads the page until what the worker does has been done."""

    def again() -> bool:
        if ready():
            return True
        page.reload()
        return ready()

    until(again, 60, message, 0.5)


def test_the_main_job(visitor: Visitor, complaints: Any, until: Callable[..., float]) -> None:
    citizen, clerk, signer, public = visitor(), visitor(), visitor(), visitor(width=360, height=740)
    before = statistics(public)
    assert set(before) == set(FIGURES)

    complaints.meant = {422}
    number, code = post(citizen)
    complaints.meant = set()
    follow(citizen, number, code)
    assert "还没有答复" in citizen.locator("main").inner_text()

    sign_in(clerk, "clerk")
    drafted = clerk.locator("tr", has_text=number).get_by_text("等待拟稿")
    clerk.get_by_label("查找留言").fill(number)
    clerk.get_by_role("button", name="查找").click()
    reload_until(clerk, lambda: clerk.locator("tr", has_text=number).count() == 1 and drafted.count() == 0, until, "no draft on the desk")
    write(clerk, number)

    sign_in(signer, "signer")
    sign(signer, number)

    def answered() -> bool:
        follow(citizen, number, code)
        return citizen.get_by_role("heading", name="答复", exact=True).count() == 1

    until(answered, 60, "the citizen sees no reply", 0.5)
    own = citizen.locator("main").inner_text()
    assert ADVICE in own
    assert "已办结" in own

    public.goto("/inquiries")
    public.get_by_role("link", name=TITLE).click()
    public.wait_for_url(f"**/inquiries/{number}")
    card = public.content()
    assert ADVICE in card
    assert "138****8000" in card
    for secret in ("13800138000", "13900139000", "山下人", code, "【请补充"):
        assert secret not in card

    def counted() -> bool:
        return statistics(public) == {label: value + 1 for label, value in before.items()}

    until(counted, 30, "the figures did not move by one", 1.0)
    assert complaints.heard == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(visitor: Visitor, complaints: Any, width: int) -> None:
    page = visitor(width=width)
    page.goto("/inquiries")
    card = page.locator(".card-item a").first.get_attribute("href")
    page.goto("/documents")
    document = page.locator(".documents a").first.get_attribute("href")
    paths = ["/", "/ask?q=失业保险金怎么领，需要什么材料？", "/post", "/follow", "/inquiries", card, "/documents", document, "/statistics", "/sign-in"]
    wide = [path for path in paths if sideways(page, path)]
    sign_in(page, "manager")
    item = page.locator("table.queue a").first.get_attribute("href")
    wide += [path for path in ("/desk", item, "/desk?lane=approval", "/reports", "/reports?year=2016", "/desk/history", "/desk/failed") if sideways(page, path)]
    assert wide == []
    assert complaints.heard == []


def sideways(page: Any, path: str) -> bool:
    """Whether the page is wider than the window, or has a field without a name."""
    page.goto(path)
    unnamed = "e => !e.labels.length && !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')"
    fields = "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
    return bool(page.evaluate(f"document.documentElement.scrollWidth > document.documentElement.clientWidth || {fields}.some({unnamed})"))
