"""The queue's pages: filters in the address, saved views, steps for many items, lists as files."""

import csv
import io
import re
from collections.abc import Callable

from openpyxl import load_workbook
from sqlalchemy import event, select

from board.models import Event, Inquiry
from board.replies import review
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
Enter = Callable[[str], Staff]


def test_filters_live_in_the_address_and_a_view_can_be_kept_and_removed(bureau: Bureau, enter: Enter) -> None:
    asked, other = bureau.post("失业保险金怎么领？", kind="咨询"), bureau.post("拖欠工资怎么办？", kind="投诉")
    clerk = enter("clerk")
    page = clerk.page("/desk?kind=complaint&q=工资")
    assert other.number in page
    assert asked.number not in page
    assert 'value="complaint" selected' in page
    assert clerk.send("/desk/views", name="欠薪投诉", kind="complaint", q="工资", lane="all").status_code == 303
    page = clerk.page("/desk")
    link = re.search(r'href="(/desk\?[^"]+)">欠薪投诉', page)[1]
    assert other.number in enter("signer").page(link)
    assert asked.number not in enter("signer").page(link)
    assert "欠薪投诉" not in enter("signer").page("/desk")
    answer = clerk.send("/desk/views", name="欠薪投诉", kind="complaint")
    assert (answer.status_code, "已有名为“欠薪投诉”的视图" in answer.get_data(as_text=True)) == (422, True)
    assert 'value="欠薪投诉"' in answer.get_data(as_text=True)
    view = re.search(r"/desk/views/\d+/remove", page)[0]
    assert enter("signer").send(view).status_code == 404
    assert clerk.send(view).status_code == 303
    assert "欠薪投诉" not in clerk.page("/desk")


def test_many_items_are_assigned_after_a_preview(bureau: Bureau, enter: Enter) -> None:
    posted = [bureau.post(f"第{n}问") for n in range(3)]
    signer = enter("signer")
    numbers = [one.number for one in posted]
    answer = signer.send("/desk/many", step="assign", number=numbers, back="/desk?lane=received")
    page = answer.get_data(as_text=True)
    assert '将处理 <strong class="num">3</strong> 件' in page
    items = re.findall(r'name="item" value="([^"]+)"', page)
    assert hidden(page, "back") == "/desk?lane=received"
    refused = signer.send("/desk/many/do", step="assign", item=items, unit="")
    assert (refused.status_code, "请选择转办的单位" in refused.get_data(as_text=True)) == (422, True)
    with bureau.office.work.transaction() as session:
        review.decline(session, bureau.actors["signer"], session.get_one(Inquiry, posted[1].inquiry_id), "请拨打12345。", NOW)
    done = signer.send("/desk/many/do", step="assign", item=[*items, "x@1", "y"], unit="jyg", reason="归口办理").get_data(as_text=True)
    assert '已转办 <strong class="num">2</strong> 件' in done
    assert "预览之后有了新的进展" in done
    with bureau.office.work.reading() as session:
        assert [session.get_one(Inquiry, one.inquiry_id).state.value for one in posted] == ["assigned", "declined", "assigned"]
        assert session.scalars(select(Event.reason).where(Event.action == "assign")).all() == ["归口办理"] * 2


def test_the_whole_page_and_what_is_forgotten(bureau: Bureau, enter: Enter) -> None:
    posted = [bureau.post(f"第{n}问") for n in range(2)]
    signer = enter("signer")
    page = signer.send("/desk/many", step="accept", all="yes", shown=[one.number for one in posted]).get_data(as_text=True)
    assert len(re.findall('name="item"', page)) == 2
    empty = signer.send("/desk/many", step="accept")
    assert (empty.status_code, "请先勾选留言" in empty.get_data(as_text=True)) == (422, True)
    unknown = signer.send("/desk/many", step="", number=posted[0].number)
    assert (unknown.status_code, "请选择要做的操作" in unknown.get_data(as_text=True)) == (422, True)
    refused = signer.send("/desk/many/do", step="mark_invalid", item=f"{posted[0].number}@1", reason=" ").get_data(as_text=True)
    assert "请填写理由" in refused
    assert 'name="item"' in refused
    assert enter("clerk").send("/desk/many/do", step="mark_invalid", item=f"{posted[0].number}@1", reason="广告").get_data(as_text=True).count("没有这项权限")


def test_lists_carry_no_person_and_no_formula(bureau: Bureau, enter: Enter) -> None:
    bureau.post("问题", title='=HYPERLINK("http://x")', nickname="王某某", contact="13800138000")
    bureau.post("另一个问题", title="请打13900139000联系我")
    clerk = enter("clerk")
    content = clerk.get("/desk/list.csv?lane=all").get_data()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert (len(rows), rows[0][:2]) == (3, ["编号", "标题"])
    assert {row[1] for row in rows[1:]} == {"'=HYPERLINK(\"http://x\")", "请打139****9000联系我"}
    assert "王某某".encode() not in content
    assert b"13800138000" not in content
    sheet = load_workbook(io.BytesIO(clerk.get("/desk/list.xlsx").get_data())).active
    assert {(cell.data_type, cell.value) for cell in sheet["B"][1:]} == {("s", '=HYPERLINK("http://x")'), ("s", "请打139****9000联系我")}
    number = rows[1][0]
    chosen = clerk.send("/desk/many", step="export-csv", number=number).get_data().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(chosen)))) == 2
    with bureau.office.work.reading() as session:
        assert [data["rows"] for data in session.scalars(select(Event.data).where(Event.action == "export_list").order_by(Event.id))] == [2, 2, 1]
    assert enter("admin").get("/desk/list.csv").status_code == 403


def test_a_page_asks_the_database_the_same_number_of_times_however_full_it_is(bureau: Bureau, enter: Enter) -> None:
    clerk, seen = enter("clerk"), []
    event.listen(bureau.office.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    def asked() -> int:
        """Statements of one page; whether settings have changed is asked every two seconds, not every page, and is not counted."""
        seen.clear()
        clerk.page("/desk?lane=all&kind=consultation")
        return sum(1 for text in seen if text != "BEGIN" and "max(setting_versions.id)" not in text)

    for n in range(3):
        bureau.draft(bureau.post(f"失业保险金第{n}问"))
    asked()
    few = asked()
    for n in range(30):
        bureau.draft(bureau.post(f"社会保障卡第{n}问"))
    asked()
    assert asked() == few <= 20
