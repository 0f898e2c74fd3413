"""操作记录: filters, paging, files, what an administrator sees of it; and an event for every step of staff."""

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from board.inquiries.events import note
from board.inquiries.verifying import count_events, verify
from board.staff.roles import ALLOWED, Right
from board.web import guards
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def rows(page: str) -> list[str]:
    """The rows of the table."""
    main = page.split("</main>", maxsplit=1)[0]
    return re.findall(r"<tr>(.*?)</tr>", main.split("<tbody>")[1], re.DOTALL) if "<tbody>" in main else []


def test_filters_by_actor_action_day_and_object(enter: Enter, bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    manager = enter("manager")
    assert len(rows(manager.page(f"/desk/audit?object={posted.number.lower()}"))) == 5
    assert len(rows(manager.page("/desk/audit?actor=clerk&action=submit"))) == 1
    assert "王" not in "".join(rows(manager.page("/desk/audit?actor=nobody")))
    assert len(rows(manager.page("/desk/audit?begin=2026-11-24&end=2026-11-24&action=post"))) == 1
    assert "没有符合条件的记录" in manager.page("/desk/audit?begin=2026-11-25")
    assert manager.get("/desk/audit?begin=yesterday").status_code == 422
    assert manager.get("/desk/audit?begin=0001-01-01").status_code == 422


def test_paging(enter: Enter, bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        for number in range(120):
            note(session, "try", f"console:{number}", NOW)
    manager = enter("manager")
    assert len(rows(manager.page("/desk/audit?action=try"))) == 50
    assert len(rows(manager.page("/desk/audit?action=try&page=3"))) == 20
    assert 'rel="next"' not in manager.page("/desk/audit?action=try&page=3")


def test_an_administrator_sees_no_content(enter: Enter, bureau: Bureau) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session:
        from board.inquiries.lifecycle import move
        from board.models import Inquiry

        move(session, session.get_one(Inquiry, posted.inquiry_id), "mark_invalid", bureau.actors["manager"], NOW, "这句理由谈到留言内容")
    assert "这句理由谈到留言内容" in enter("manager").page("/desk/audit")
    assert "这句理由谈到留言内容" in enter("auditor").page("/desk/audit")
    page = enter("admin").page("/desk/audit")
    assert "标记无效" in page
    assert "这句理由谈到留言内容" not in page
    assert posted.number not in page


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_file_holds_what_the_page_shows(enter: Enter, bureau: Bureau, form: str) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    answer = enter("auditor").get(f"/desk/audit/export.{form}?object={posted.number}")
    text = answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:] if form == "csv" else [json.loads(line) for line in text.splitlines()]
    assert len(found) == 5
    assert text.startswith("\ufeff") == (form == "csv")
    assert "导出操作记录" in enter("manager").page("/desk/audit")
    assert enter("auditor").get("/desk/audit/export.xml").status_code == 404


#: steps that write nothing that lasts: what is put into the typed text, a preview; "working." keeps what is typed and who is there
NO_EVENT = {"handling.insert", "handling.phrase", "holidays.preview", "together.join"}


def test_every_step_of_staff_leaves_an_event(app: Flask, enter: Enter, bureau: Bureau) -> None:
    """Every form of the desk is in the trail after it succeeded for one of those who may send it."""
    done: set[str] = set()
    fields = {
        "text": "请携带身份证原件和户口簿到一楼窗口当场办理。", "based_on": "0", "reason": "理由写在这里，请拨打12345。", "unit": "jyg", "evidence": "1", "on": "no", "confirmed": "yes",
        "login": "zhaoli", "display_name": "赵丽", "role": "editor", "expires": "",
    }  # fmt: skip
    for login in ("clerk", "signer", "manager", "front", "head", "admin"):
        for rule in sorted(app.url_map.iter_rules(), key=lambda found: found.rule):
            right = guards.ROUTES[rule.endpoint]
            if "POST" not in rule.methods or not isinstance(right, Right) or rule.endpoint in NO_EVENT | done or rule.endpoint.startswith("working."):
                continue
            if bureau.actors[login].role not in ALLOWED[right]:
                continue
            posted = bureau.post(f"{login} 用 {rule.endpoint} 办理的留言：失业保险金怎么申领？", contact="13900000015")
            other = bureau.post(f"{login} 并入 {rule.endpoint} 的留言")
            values = {"number": posted.number, "login": "signer2", "row_id": "1", "session_id": "1"}
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, known=values: known.get(found[1], "1"), rule.rule)
            person = enter(login)
            token = person.token()
            with bureau.office.work.reading() as session:
                before = count_events(session)
            answer = person.client.post(path, data={"csrf_token": token, **fields, "into": other.number})
            with bureau.office.work.reading() as session:
                after = count_events(session)
            if answer.status_code in (200, 201, 204, 303):
                assert after > before, (rule.endpoint, login, answer.status_code)
                done.add(rule.endpoint)
    assert {
        "handling.take",
        "handling.save",
        "handling.submit",
        "handling.assign",
        "handling.decline",
        "handling.merge",
        "people.create",
        "people.disable",
    } <= done
    with bureau.office.work.reading() as session:
        assert verify(session, bureau.office.key).broken == ()


def test_what_an_event_carries_is_said_in_chinese(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post("单位拖欠工资怎么办？", kind="投诉")
    bureau.draft(posted)
    assert enter("front").send(f"/desk/inquiries/{posted.number}/assign", unit="jyg").status_code == 303
    facts = re.findall(r'<span class="quiet">([^<]*)</span></td>', enter("auditor").page(f"/desk/audit?object={posted.number}"))
    said = "，".join(facts)
    assert "类型：投诉" in said
    assert "单位：就业股" in said
    assert re.findall(r"[a-z]{3,}", said) == []
