"""The people of the desk as a browser meets them: accounts made by page, first passwords, pictures kept as artefacts."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from board.sample import SAMPLE_PASSWORD

#: the accounts that the sample lacks: login -> name, role, unit as the page calls them
NEWCOMERS = {
    "front": ("分办员乙", "分办员", "办公室"),
    "head": ("股室负责人丙", "股室负责人", "就业股"),
    "auditor": ("审计人员丁", "审计人员", "本局"),
}
OWN_PASSWORD = "Heng-Shan-2026-Autumn"
UNTIL_DAYS = 90


def picture(page: Any, name: str) -> None:
    """Keeps a picture when HUIYING_PICTURES names a directory."""
    where = os.environ.get("HUIYING_PICTURES")
    if where:
        Path(where).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(where) / f"{name}.png"), full_page=True)


def enter(page: Any, login: str, password: str = SAMPLE_PASSWORD) -> None:
    """Signs in by the page, wherever that leads."""
    page.goto("/sign-in")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def made_account(page: Any, login: str, until: str) -> str:
    """The administrator makes an account by the page; the first password."""
    name, role, unit = NEWCOMERS[login]
    page.goto("/desk/accounts/new")
    page.get_by_label("账号名").fill(login)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("角色").select_option(label=role)
    page.get_by_label("单位").select_option(label=unit)
    if login == "auditor":
        page.get_by_role("button", name="新增").click()
        page.locator(".field.wrong", has_text="有效期").wait_for()
        page.get_by_label("有效期至").fill(until)
    page.get_by_role("button", name="新增").click()
    page.get_by_text("只在这里显示一次").wait_for()
    return str(page.locator("dd.code").inner_text())


def first_day(page: Any, login: str, password: str) -> None:
    """The first sign-in: nothing can be done before the own password is chosen."""
    enter(page, login, password)
    page.goto("/desk")
    page.get_by_text("请先改成自己的密码").wait_for()
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再输一次新密码").fill(OWN_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    page.get_by_text("已修改").first.wait_for()


def opened(page: Any, words: str) -> None:
    """Opens a folded form by the words on it."""
    fold = page.locator("summary", has_text=words).first
    if fold.evaluate("fold => !fold.parentElement.open"):
        fold.click()


def drafted(page: Any, path: str, until: Callable[..., float]) -> None:
    """Waits on the item's page until the system's draft is there."""
    page.goto(path)
    found = page.get_by_text("系统拟稿，未经审核")
    until(lambda: found.count() == 1 or (bool(page.reload()) and found.count() == 1), 60, "no draft", 0.3)


def send(page: Any, button: str) -> None:
    """Presses the button of a form and waits for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()
