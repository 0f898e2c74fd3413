"""Working together over the pages, with and without scripts: claim, autosave, restoring, merging, taking over, signing in steps."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from board.app import create_app
from board.models import Inquiry, Reply, Unit
from board.office import open_office
from board.settings import merged
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter, hidden, signed_in

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def item(posted) -> str:
    return f"/desk/inquiries/{posted.number}"


def kept(person: Staff, posted, text: str, **fields: object):
    answer = person.send(f"{item(posted)}/working", **({"text": text, "based_on": "0", "sheet": "page-1", "turn": "1"} | fields))
    return answer.status_code, answer.json


def test_autosave_survives_and_is_offered_on_the_next_visit(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk = enter("clerk")
    clerk.send(f"{item(posted)}/take")
    status, found = kept(clerk, posted, "写到一半，浏览器就关了")
    assert (status, found["kept"], found["revision"]) == (200, True, 0)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", found["at"])
    page = enter("clerk").page(item(posted))
    assert "没有保存的文字" in page
    link = re.search(r'href="([^"]+restore=\d+)"', page)[1]
    page = clerk.page(html.unescape(link))
    assert ">\n写到一半，浏览器就关了</textarea>" in page
    assert hidden(page, "sheet") == "page-1"
    assert clerk.send(f"{item(posted)}/draft", text="写到一半，又写完了", based_on=hidden(page, "based_on"), sheet=hidden(page, "sheet")).status_code == 303
    page = clerk.page(item(posted))
    assert "没有保存的文字" not in page
    assert "已存为第 1 稿" in clerk.page(f"{item(posted)}/versions")


def test_putting_aside_stops_the_offer_and_keeps_the_text(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk = enter("clerk")
    kept(clerk, posted, "不要的文字")
    key = re.search(r'name="key" value="(\d+)"', clerk.page(item(posted)))[1]
    assert clerk.send(f"{item(posted)}/working/aside", key=key).status_code == 303
    assert "没有保存的文字" not in clerk.page(item(posted))
    assert "不要的文字" in clerk.page(f"{item(posted)}/versions")
    assert clerk.send(f"{item(posted)}/working/aside", key="99999999999").status_code == 404


def test_a_colleague_who_works_on_it_is_named_and_the_field_waits(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, signer = enter("clerk"), enter("signer")
    assert signer.send(f"{item(posted)}/take").status_code == 303
    page = clerk.page(item(posted))
    assert "正由 signer 办理" in page
    assert 'name="based_on"' not in page
    assert clerk.send(f"{item(posted)}/take").status_code == 409
    found = clerk.send(f"{item(posted)}/presence", doing="reading").json
    assert (found["people"], found["held"]) == (["signer在写"], "这条留言正由 signer 办理，最近一次操作在 10:00。")
    assert signer.send(f"{item(posted)}/presence", doing="writing").json["people"] == ["clerk在看"]


def test_taking_over_after_the_time_out_shows_the_other_s_text(bureau: Bureau, app: Flask) -> None:
    posted = bureau.post()
    with time_machine.travel(NOW, tick=False) as clock:
        signer = signed_in(app, "signer")
        signer.send(f"{item(posted)}/take")
        kept(signer, posted, "签发人写了一半")
        clock.shift(timedelta(minutes=16))
        clerk = signed_in(app, "clerk")
        assert "您可以接办" in clerk.page(item(posted))
        assert clerk.send(f"{item(posted)}/take-over").status_code == 303
        page = clerk.page(item(posted))
        assert "signer " in page
        assert '写的文字（<span class="num">7</span> 字）' in page
        restored = clerk.page(html.unescape(re.search(r'href="([^"]+restore=\d+)"', page)[1]))
        assert ">\n签发人写了一半</textarea>" in restored
        answer = signer.send(f"{item(posted)}/draft", text="签发人写完了", based_on="0")
        assert answer.status_code == 303


def test_who_may_assign_takes_over_with_a_reason(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, signer = enter("clerk"), enter("signer")
    clerk.send(f"{item(posted)}/take")
    refused = signer.send(f"{item(posted)}/take-over", reason="")
    assert refused.status_code == 422
    assert "要接办，请写明理由" in refused.get_data(as_text=True)
    assert signer.send(f"{item(posted)}/take-over", reason="经办人外出").status_code == 303
    assert "理由：经办人外出" in clerk.page(item(posted))


def test_putting_down_lets_a_colleague_take_it(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk, signer = enter("clerk"), enter("signer")
    signer.send(f"{item(posted)}/take")
    assert signer.send(f"{item(posted)}/leave").status_code == 303
    assert clerk.send(f"{item(posted)}/take-over").status_code == 303


def test_two_people_saving_merge_by_picks_and_nothing_is_lost(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    first, second = enter("clerk"), enter("signer")
    assert first.send(f"{item(posted)}/draft", text="网民您好！\n请到一楼办理。\n谢谢。", based_on="0").status_code == 303
    mine = "网民您好！\n请到二楼办理。\n谢谢。\n电话12333。"
    answer = second.send(f"{item(posted)}/draft", text=mine.replace("\n", "\r\n"), based_on="0")
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert page.count("<fieldset") == 2
    assert "请到<mark>一</mark>楼" in page or "请到<mark>一楼</mark>" in page
    again = second.page(item(posted))
    assert "没有保存的文字" in again
    picks = {"pick-1": "mine", "pick-2": "theirs", "pick-x": "mine", "pick-3": "all"}
    merged_page = second.send(f"{item(posted)}/merged", text=mine, against=hidden(page, "against"), sheet=hidden(page, "sheet"), **picks)
    page = html.unescape(merged_page.get_data(as_text=True))
    assert ">\n网民您好！\n请到二楼办理。\n谢谢。</textarea>" in page
    text = "网民您好！\n请到二楼办理。\n谢谢。"
    saved = second.send(f"{item(posted)}/draft", text=text, based_on=hidden(page, "based_on"), sheet=hidden(page, "sheet"))
    assert saved.status_code == 303
    assert "没有保存的文字" not in second.page(item(posted))
    with bureau.office.work.reading() as session:
        assert list(session.scalars(select(Reply.text).order_by(Reply.revision))) == ["网民您好！\n请到一楼办理。\n谢谢。", text]
    assert "电话12333。" in second.page(f"{item(posted)}/versions")


def test_a_conflict_while_merging_gives_the_next_merge(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    first, second = enter("clerk"), enter("signer")
    first.send(f"{item(posted)}/draft", text="甲", based_on="0")
    page = second.send(f"{item(posted)}/draft", text="乙", based_on="0").get_data(as_text=True)
    first.send(f"{item(posted)}/draft", text="丙", based_on="1")
    stale = second.send(f"{item(posted)}/merged", text="乙", against=hidden(page, "against"), **{"pick-1": "both"}).get_data(as_text=True)
    answer = second.send(f"{item(posted)}/draft", text="甲\n乙", based_on=hidden(stale, "based_on"))
    assert answer.status_code == 409
    assert "丙" in answer.get_data(as_text=True)


def test_a_text_of_somebody_who_may_no_longer_write_stays_on_the_page(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session:
        session.get_one(Inquiry, posted.inquiry_id).unit_id = session.scalars(select(Unit.id).where(Unit.code == "sbj")).one()
    clerk = enter("clerk-sbj")
    clerk.send(f"{item(posted)}/take")
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        inquiry.unit_id, inquiry.claimed_by_id = bureau.root_id, bureau.actors["signer"].account_id
    answer = clerk.send(f"{item(posted)}/draft", text="写了很久的文字", based_on="0")
    assert answer.status_code == 403
    assert "写了很久的文字" in answer.get_data(as_text=True)


def test_an_open_page_keeps_no_session_alive(bureau: Bureau, app: Flask) -> None:
    posted = bureau.post()
    with time_machine.travel(NOW, tick=False) as clock:
        clerk = signed_in(app, "clerk")
        token = clerk.token()
        for _ in range(7):
            clock.shift(timedelta(minutes=5))
            clerk.get("/desk/live")
            clerk.client.post(f"{item(posted)}/presence", data={"csrf_token": token, "doing": "reading"})
        assert clerk.get("/desk").status_code == 302


def test_live_counts_are_those_of_the_navigation(bureau: Bureau, enter: Enter) -> None:
    bureau.submit(bureau.post())
    signer = enter("signer")
    found = signer.get("/desk/live").json["counts"]
    assert found["approval"] == 1
    assert signer.get("/desk/live").json["lanes"]["approval"] == 1
    assert '<span class="nav-count num" data-count="approval"><span data-number>1</span>' in signer.page("/desk")


@pytest.fixture
def chained_app(bureau: Bureau) -> Iterator[Flask]:
    """The application with two stages for everything."""
    tables = merged(bureau.office.settings.tables, {"approval": {"chain": ["office", "leader"]}})
    opened = open_office(replace(bureau.office.settings, tables=tables), migrate=False)
    made = create_app(opened)
    made.testing = True
    yield made
    opened.engine.dispose()


def test_signing_in_two_steps_by_pages(bureau: Bureau, chained_app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        posted = bureau.post()
        clerk, front, signer = (signed_in(chained_app, login) for login in ("clerk", "front", "signer"))
        assert clerk.send(f"{item(posted)}/submit", text="请到窗口办理。", based_on="0").status_code == 303
        page = front.page(f"{item(posted)}/review")
        assert "等待审核" in page
        assert "审核通过</button>" in page
        fields = {name: hidden(page, name) for name in ("seen", "step", "revision")}
        assert front.send(f"{item(posted)}/review/approve", **fields).status_code == 303
        late = signer.send(f"{item(posted)}/review/approve", **fields)
        assert late.status_code == 409
        assert "这一环节刚刚由他人审签" in late.get_data(as_text=True)
        page = signer.page(f"{item(posted)}/review")
        assert "审核通过 · front" in page
        assert "跳过这一环节" not in page
        assert signer.send(f"{item(posted)}/review/bypass", bypass_reason="着急").status_code == 409
        assert signer.send(f"{item(posted)}/review/approve", **{name: hidden(page, name) for name in ("seen", "step", "revision")}).status_code == 303
        versions = clerk.page(f"{item(posted)}/versions")
        assert "审核通过（办公室） · front" in versions
        assert "审签通过 · signer" in versions


def test_skipping_a_step_by_pages(bureau: Bureau, chained_app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        posted = bureau.post()
        clerk, signer = (signed_in(chained_app, login) for login in ("clerk", "signer"))
        clerk.send(f"{item(posted)}/submit", text="请到窗口办理。", based_on="0")
        assert signer.send(f"{item(posted)}/review/bypass", bypass_reason=" ").status_code == 422
        assert signer.send(f"{item(posted)}/review/bypass", bypass_reason="分办员请假").status_code == 303
        page = signer.page(f"{item(posted)}/review")
        assert "理由：分办员请假" in page
        assert "审签通过</button>" in page


def test_a_program_gets_the_conflict_as_json(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    bureau.approve(posted, "signer2")
    signer = enter("signer")
    answer = signer.client.post(
        f"{item(posted)}/review/approve", data={"csrf_token": signer.token(), "seen": "x"}, headers={"Accept": "application/json"}
    )  # fmt: skip
    assert (answer.status_code, answer.json["status"], answer.json["current"]) == (409, 409, "网民您好！请携带身份证到就业股窗口办理。")
