"""The phrase book and the checks through the pages, without scripts."""

import re
from collections.abc import Callable

from tests.bureau import Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def test_a_phrase_is_put_behind_what_was_typed(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, path = enter("clerk"), f"/desk/inquiries/{posted.number}"
    assert clerk.send(f"{path}/take").status_code == 303
    assert enter("manager").send("/desk/settings/templates/new", title="到窗口办理", text="请到{unit}办理，编号{number}。", unit="", kind="", seen="0").status_code == 303
    page = clerk.page(path)
    key = re.search(r'name="phrase" value="([^"]+)"', page)[1]
    assert 'data-phrase="到窗口办理 dckbl"' in page
    answer = clerk.send(f"{path}/phrase", text="网民您好！", based_on="0", phrase=key).get_data(as_text=True)
    assert f"网民您好！\n\n请到测试县人力资源和社会保障局办理，编号{posted.number}。" in answer
    assert "常用语已放在文末" in answer
    assert clerk.send(f"{path}/phrase", text="", based_on="0", phrase="none").status_code == 404


def test_findings_are_shown_and_a_reason_lets_the_reply_pass(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, path = enter("clerk"), f"/desk/inquiries/{posted.number}"
    refused = clerk.send(f"{path}/submit", text="已阅。", based_on="0")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "没有实质内容" in page
    assert 'name="overrule"' in page
    assert "已阅。</textarea>" in page
    assert clerk.send(f"{path}/submit", text="已阅。", based_on="1", overrule="来信只需确认收到").status_code == 303
    assert "来信只需确认收到" in clerk.page(path)
