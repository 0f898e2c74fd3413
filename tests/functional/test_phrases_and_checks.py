"""In the editor: a phrase found and put in with the item's values, and the checks before handing in, with everything that was typed kept."""

import html
import re
from collections.abc import Callable

from board.models import Event
from board.replies import phrasebook
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
Enter = Callable[[str], Staff]
SUBSTANCE = "网民您好！您可以在终止劳动关系后六十日内办理失业登记，带身份证原件即可。"


def kept(bureau: Bureau, **values: str) -> str:
    """A phrase of the manager's."""
    from board.clock import local_day

    with bureau.office.work.transaction() as session:
        given = {"title": "窗口地点", "text": "请到{unit_short}{window}，电话{phone}，地址{address}。", "unit": "", "kind": ""} | values
        return phrasebook.keep(session, bureau.actors["manager"], "", given, 0, NOW, local_day(NOW))


def text_in(page: str) -> str:
    """What stands in the text field."""
    return html.unescape(re.search(r'<textarea[^>]*id="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[1])


def test_a_phrase_is_found_filled_and_put_behind_what_was_typed(enter: Enter, bureau: Bureau) -> None:
    key, other = kept(bureau), kept(bureau, title="别的单位", unit="sbj")
    number = bureau.post().number
    clerk = enter("clerk")
    path = f"/desk/inquiries/{number}"
    clerk.send(f"{path}/take")
    fields = {"text": "我写的话。", "based_on": "0"}
    page = clerk.page(path)
    assert "窗口地点" in page
    assert "别的单位" not in page
    found = clerk.send(f"{path}/phrase/find", **fields, phrase_query="没有这个").get_data(as_text=True)
    assert "没有找到" in found
    assert text_in(found) == "我写的话。"
    put = clerk.send(f"{path}/phrase", **fields, phrase=key).get_data(as_text=True)
    assert text_in(put) == "我写的话。\n\n请到本局【请补充：窗口】，电话【请补充：承办单位电话】，地址【请补充：地址】。\n"
    assert clerk.send(f"{path}/phrase", **fields, phrase=other).status_code == 404
    assert clerk.send(f"{path}/phrase", **fields, phrase="").status_code == 404


def test_values_are_never_read_as_variables(enter: Enter, bureau: Bureau) -> None:
    key = kept(bureau, text="关于“{title}”：")
    number = bureau.post(title="{phone}{unit.__class__}").number
    clerk = enter("clerk")
    put = clerk.send(f"/desk/inquiries/{number}/phrase", text="", based_on="0", phrase=key).get_data(as_text=True)
    assert text_in(put) == "关于“{phone}{unit.__class__}”：\n"


def test_what_stops_is_shown_with_its_place_and_the_text_is_saved(enter: Enter, bureau: Bureau) -> None:
    number = bureau.post().number
    clerk = enter("clerk")
    path = f"/desk/inquiries/{number}"
    answer = clerk.send(f"{path}/submit", text=f"{SUBSTANCE}\n\n补贴为XXX元，详见 /documents/999 。", based_on="0")
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "先改好这" in page
    assert "还有占位的文字" in page
    assert "链接的页面不存在或不公开" in page
    assert "仍要提交的理由" not in page
    assert "补贴为XXX元" in text_in(page)
    based_on = hidden(page, "based_on")
    assert clerk.send(f"{path}/submit", text=SUBSTANCE, based_on=based_on).status_code == 303


def test_a_warning_is_overruled_with_a_reason(enter: Enter, bureau: Bureau) -> None:
    number = bureau.post().number
    clerk = enter("clerk")
    path = f"/desk/inquiries/{number}"
    answer = clerk.send(f"{path}/submit", text="已阅。", based_on="0")
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "仍要提交的理由" in page
    assert clerk.send(f"{path}/submit", text="已阅。", based_on=hidden(page, "based_on"), overrule="已当面答复").status_code == 303
    with bureau.office.work.reading() as session:
        assert session.query(Event).filter_by(action="overrule_findings").one().reason == "已当面答复"
