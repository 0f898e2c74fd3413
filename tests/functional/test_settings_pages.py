"""设置 through the pages: each change, refused forms that keep what was typed, the pasted notice, phrases; and the next page follows."""

import html
import re
from collections.abc import Callable

import pytest

from board.models import Unit
from tests.bureau import Bureau
from tests.inquiries.test_holiday_notice import NOTICE_2026
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def text_of(answer) -> str:
    """The page of an answer."""
    return html.unescape(answer.get_data(as_text=True))


def test_a_term_is_changed_and_shown_to_citizens(enter: Enter, bureau: Bureau) -> None:
    manager = enter("manager")
    assert manager.send("/desk/settings/limits", kind="consultation", days="３", effective_on="２０２６－１１－２４", reason="新规定", unit="").status_code == 303
    page = manager.page("/desk/settings/limits")
    assert "默认 5" in page
    assert "新规定" in page
    bad = manager.send("/desk/settings/limits", kind="help", days="三", effective_on="2026-12-01", reason="保留这句", unit="")
    assert bad.status_code == 422
    assert "保留这句" in text_of(bad)
    assert manager.send("/desk/settings/limits", kind="help", days="3", effective_on="2026-11-23", unit="").status_code == 422
    assert manager.send("/desk/settings/limits", kind="consultation", default="yes", unit="").status_code == 303
    assert "默认 5" not in manager.page("/desk/settings/limits")


def test_wording_with_a_wrong_variable_is_refused_and_kept(enter: Enter, bureau: Bureau) -> None:
    manager = enter("manager")
    assert re.findall(r"<label[^>]*>\s*([a-z_.]+)", manager.page("/desk/settings/phrases")) == []
    bad = manager.send("/desk/settings/phrases", name="reply.contact", text="请找{unitt}。", seen="0")
    assert bad.status_code == 422
    assert "请找{unitt}。" in text_of(bad)
    assert "不认识的变量：{unitt}" in text_of(bad)
    assert manager.send("/desk/settings/phrases", name="reply.closing", text="谢谢。", seen="0").status_code == 303
    assert manager.send("/desk/settings/phrases", name="reply.closing", text="多谢。", seen="0").status_code == 409
    assert manager.send("/desk/settings/phrases", name="reply.nothing", text="x", seen="0").status_code == 404


def test_the_notice_is_pasted_previewed_corrected_and_saved(enter: Enter, bureau: Bureau) -> None:
    manager = enter("manager")
    shown = manager.send("/desk/settings/holidays/preview", year="2026", notice=NOTICE_2026)
    page = text_of(shown)
    assert shown.status_code == 200
    assert "预览，尚未保存" in page
    assert page.count('class="day-cell rest num"') == 33
    assert page.count('class="day-cell work num"') == 6
    lines = re.search(r'<textarea[^>]*name="days"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[1]
    wrong = manager.send("/desk/settings/holidays", year="2026", seen="0", days=f"{lines}\n2026-02-30 休")
    assert wrong.status_code == 422
    assert "第 40 行看不懂" in text_of(wrong)
    assert "2026-02-23 休 春节" in text_of(wrong)
    assert manager.send("/desk/settings/holidays", year="2026", seen="0", days=lines).status_code == 303
    assert "按本页录入的通知" in manager.page("/desk/settings/holidays?year=2026")
    assert manager.send("/desk/settings/holidays", year="2026", seen="1", default="yes").status_code == 303
    assert "已有放假安排" in manager.page("/desk/settings/holidays?year=2026")


def test_a_notice_that_disagrees_with_itself_is_said_aloud(enter: Enter, bureau: Bureau) -> None:
    page = text_of(enter("manager").send("/desk/settings/holidays/preview", year="2026", notice="一、元旦：1月1日至3日放假调休，共4天。"))
    assert "写明放假 4 天，读出 3 天" in page
    assert enter("manager").send("/desk/settings/holidays/preview", year="2026", notice="明年再说").status_code == 422


def test_a_unit_and_the_words_are_changed(enter: Enter, bureau: Bureau) -> None:
    manager = enter("manager")
    page = manager.page("/desk/settings/units/jyg")
    fields = {"name": "就业促进股", "short_name": "就业股", "phone": "0900-5550777", "hours": "工作日", "seen": hidden(page, "seen")}
    assert manager.send("/desk/settings/units/jyg", **fields | {"name": ""}).status_code == 422
    assert manager.send("/desk/settings/units/jyg", **fields).status_code == 303
    assert manager.send("/desk/settings/units/jyg", **fields).status_code == 409
    assert manager.get("/desk/settings/units/nowhere").status_code == 404
    with bureau.office.work.reading() as session:
        assert session.query(Unit).filter_by(code="jyg").one().phone == "0900-5550777"
    assert manager.send("/desk/settings/words", words="甲词\n乙词", seen="0").status_code == 303
    assert "2 个" in manager.page("/desk/settings/words")
    assert manager.send("/desk/settings/words", words="字" * 41, seen="1").status_code == 422


def test_phrases_are_kept_in_versions(enter: Enter, bureau: Bureau) -> None:
    manager = enter("manager")
    fields = {"title": "带齐材料", "text": "请到{unit_short}{window}办理，电话{phone}。", "unit": "jyg", "kind": "consultation", "seen": "0"}
    assert manager.send("/desk/settings/templates/new", **fields | {"text": "{nothing}"}).status_code == 422
    assert manager.send("/desk/settings/templates/new", **fields).status_code == 303
    page = manager.page("/desk/settings/templates")
    path = re.search(r'href="(/desk/settings/templates/[0-9a-f]{12})"', page)[1]
    seen = hidden(manager.page(path), "seen")
    assert manager.send(path, **fields | {"seen": seen, "title": "带齐材料（新）"}).status_code == 303
    assert manager.send(path, **fields | {"seen": seen}).status_code == 409
    seen = hidden(manager.page(path), "seen")
    assert manager.send(f"{path}/drop", seen=seen).status_code == 303
    assert manager.get(path).status_code == 404
    assert "还没有常用语" in manager.page("/desk/settings/templates")


def test_the_overview_shows_the_last_changes(enter: Enter, bureau: Bureau) -> None:
    manager = enter("manager")
    assert "还没有改动" in manager.page("/desk/settings")
    manager.send("/desk/settings/limits", kind="help", days="4", effective_on="2026-11-30", reason="减少等待", unit="jyg")
    page = manager.page("/desk/settings")
    assert "办理期限 · 求助（jyg）" in page
    assert "减少等待" in page
    assert "2026-11-30" in page


@pytest.mark.parametrize("path", ["limits", "phrases", "words", "holidays", "units", "units/jyg", "templates", "templates/new"])
def test_pages_hold_no_inline_style_and_only_managers_see_them(enter: Enter, bureau: Bureau, path: str) -> None:
    page = enter("manager").page(f"/desk/settings/{path}")
    assert " style=" not in page
    assert enter("admin").get(f"/desk/settings/{path}").status_code == 403
