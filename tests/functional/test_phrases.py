"""The phrase book and the checks through the pages, without scripts."""

from collections.abc import Callable

from tests.bureau import Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def test_a_phrase_is_put_behind_what_was_typed(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, path = enter("clerk"), f"/desk/inquiries/{posted.number}"
    assert clerk.send(f"{path}/take").status_code == 303
    page = clerk.page(path)
    assert "到窗口办理" in page
    answer = clerk.send(f"{path}/phrase", text="网民您好！", based_on="0", phrase="config:where_to_go").get_data(as_text=True)
    assert "网民您好！\n\n请您在" in answer
    assert "常用语已放在文末" in answer
    assert clerk.send(f"{path}/phrase", text="", based_on="0", phrase="config:none").status_code == 404


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


def test_managers_write_entries_and_clerks_read_them(bureau: Bureau, enter: Enter) -> None:
    manager, clerk = enter("manager"), enter("clerk")
    wrong = manager.send("/desk/phrases/new", name="查询", text="请到{where}查询", seen="0", active="yes")
    assert wrong.status_code == 422
    assert "不认识的变量" in wrong.get_data(as_text=True)
    assert "请到{where}查询</textarea>" in wrong.get_data(as_text=True)
    assert manager.send("/desk/phrases/new", name="查询", text="请到{unit}查询", seen="0", active="yes").status_code == 303
    assert "查询" in clerk.page("/desk/phrases?q=cx")
    assert "没有找到" in clerk.page("/desk/phrases?q=zzzz")
    assert clerk.send("/desk/phrases/new", name="乙", text="乙", seen="0").status_code == 403
    assert manager.send("/desk/phrases/config:thanks", name="感谢", text="谢谢。", seen="0", active="").status_code == 303
    assert "已停用" in clerk.page("/desk/phrases")
    assert manager.get("/desk/phrases/999").status_code == 404
