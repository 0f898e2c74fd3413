"""A complaint that names a unit: proposed, decided by a person, and then out of that unit's sight on every page, count, search, notice and file."""

from collections.abc import Callable
from dataclasses import replace

from board.clock import local_day
from board.inquiries import delicate, trail
from board.models import Inquiry, Unit
from board.replies import queue
from board.replies.lanes import lines_on
from board.replies.notices import unread
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
COMPLAINT = "社会保险事业管理局窗口工作人员态度恶劣，拒不受理我的申请。"


def test_a_named_unit_is_proposed_and_sees_nothing_once_confirmed(bureau: Bureau, enter: Callable[[str], Staff]) -> None:
    posted, other = bureau.post(COMPLAINT, kind="投诉", title="窗口态度"), bureau.post("社保局的电话是多少？")
    bureau.draft(posted)
    path = f"/desk/inquiries/{posted.number}"
    front, theirs = enter("front"), enter("clerk-sbj")
    assert "是被反映单位" in front.page(path)
    assert "点名" in front.send(f"{path}/assign", unit="sbj").get_data(as_text=True)
    assert theirs.send(f"{path}/clear-accused", unit="sbj").status_code == 403
    assert posted.number in theirs.page("/desk?lane=all")
    assert front.send(f"{path}/mark-accused", unit="sbj").status_code == 303
    pages = ("/desk?lane=all", "/desk?lane=received", "/desk?lane=all&q=态度恶劣", "/desk/list.csv?lane=all", "/desk/slips?all=1", "/desk/topics", "/desk/gaps")
    assert [place for place in pages if posted.number in theirs.page(place)] == []
    assert other.number in theirs.page("/desk?lane=all")
    assert posted.number not in theirs.send("/desk/many", step="take", number=posted.number).get_data(as_text=True)
    assert theirs.get("/desk/live").json["counts"] != front.get("/desk/live").json["counts"]
    with bureau.office.work.reading() as session:
        watcher = replace(bureau.actors["auditor"], home=bureau.actors["clerk-sbj"].home)
        seen = trail.trail(session, watcher, trail.Wanted()).items
        assert any(line.number == other.number for line in seen)
        assert not any(line.number == posted.number or (line.action == "mark_accused" and (line.data or line.reason)) for line in seen)
        assert trail.trail(session, watcher, trail.Wanted(object=posted.number)).total == 0
        assert trail.trail(session, bureau.actors["auditor"], trail.Wanted(object=posted.number)).total > 2
    for place in (path, f"{path}/versions", f"{path}/case-slip"):
        assert theirs.get(place).status_code == 404
    assert posted.number in front.page("/desk?lane=all")
    with bureau.office.work.reading() as session:
        lines = lines_on(bureau.office.settings, bureau.office.calendar, local_day(NOW))
        found = [queue.counts(session, bureau.actors[who], lines) for who in ("clerk", "clerk-sbj")]
        assert [(counts["all"], counts["received"]) for counts in found] == [(2, 2), (1, 1)]
        assert unread(session, bureau.actors["clerk-sbj"]) == []


def test_what_a_person_rules_out_is_proposed_no_more(bureau: Bureau, enter: Callable[[str], Staff]) -> None:
    posted = bureau.post("我投诉宏达公司，已向社保局反映过。", kind="投诉")
    front, path = enter("front"), f"/desk/inquiries/{posted.number}"
    assert front.send(f"{path}/clear-accused", unit="sbj").status_code == 303
    assert "是被反映单位" not in front.page(path)
    assert front.send(f"{path}/assign", unit="sbj").status_code == 303
    assert posted.number in enter("clerk-sbj").page("/desk?lane=unit")


def test_names_of_units_are_found_in_any_form_and_not_inside_one_another(bureau: Bureau) -> None:
    with bureau.office.work.reading() as session:
        units = session.query(Unit).order_by(Unit.id).all()
        for text, codes in (("测试县社会保险事业管理局不办", ["sbj"]), ("就业股和社保局推诿", ["jyg", "sbj"]), ("测试县人力资源和社会保障局不理", []), ("公交太慢", [])):
            assert [unit.code for unit in delicate.named_units(text, "", units)] == codes
        assert session.query(Inquiry).count() == 0
