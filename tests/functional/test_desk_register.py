"""The register, the history, failed work and the report on the desk."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from board.models import Channel, Disclosure, Event, Inquiry, InquiryState, OutboxRow, OutboxState, Publication, Reply, ReplyState
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter

__all__ = ["enter"]
Enter = Callable[[str], Staff]
THEN = datetime(2018, 3, 1, 2, tzinfo=UTC)
ITEM = {
    "title": "关于开展技能培训的通知", "text": "培训自2026年12月1日开始。", "unit": "jyg", "category": "就业", "key_area": "就业", "origin": "own",
    "validity": "in_force", "channels": ["政府网站", "政务微信"], "document_number": "测人社发〔2026〕9号", "index_number": "JG001/2026-00001", "made_on": "2026-11-20",
}  # fmt: skip


@pytest.fixture
def history(bureau: Bureau) -> list[str]:
    """Three imported inquiries with their replies."""
    numbers = []
    with bureau.office.work.transaction() as session:
        for key in ("a", "b", "c"):
            row = Inquiry(
                number=f"测试-{key}", title=f"历史留言{key}", text="养老金怎么领？", publish=False, channel=Channel.imported, unit_id=bureau.root_id,
                state=InquiryState.closed, received_at=THEN, answered_at=THEN, closed_at=THEN, imported=True, import_source="t", import_ref=key,
            )  # fmt: skip
            session.add(row)
            session.flush()
            reply = Reply(inquiry_id=row.id, revision=1, state=ReplyState.published, text="您好，请到窗口办理。", created_at=THEN)
            session.add(reply)
            session.flush()
            session.add(
                Publication(
                    reply_id=reply.id,
                    inquiry_id=row.id,
                    public=False,
                    title=row.title,
                    question=row.text,
                    reply=reply.text,
                    content_hash="0" * 64,
                    published_at=THEN,
                )
            )
            numbers.append(row.number)
    return numbers


def test_an_item_typed_in_is_public_at_once_and_can_be_quoted(bureau: Bureau, enter: Enter) -> None:
    manager = enter("manager")
    assert manager.send("/desk/disclosures/new", **ITEM).status_code == 303
    assert "关于开展技能培训的通知" in manager.page("/desk/disclosures")
    with bureau.office.work.reading() as session:
        row = session.scalars(select(Disclosure).where(Disclosure.index_number == "JG001/2026-00001")).one()
        assert (row.published_at, row.imported, sorted(c.channel for c in row.channels)) == (NOW, False, ["政务微信", "政府网站"])
        assert session.scalars(select(Event.data).where(Event.action == "enter_disclosure")).one() == {"disclosure": row.id}
    assert "技能培训" in manager.page(f"/documents/{row.id}")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("index_number", "JG001/1970-00001", "年份应为 2026"),
        ("index_number", "JG001", "年份应为 2026"),
        ("title", " ", "请填写标题"),
        ("title", "长" * 501, "标题最多 500 个字"),
        ("text", "", "请填写正文"),
        ("category", "没有这一类", "请选择公开类别"),
        ("key_area", "没有", "重点领域不在列表中"),
        ("origin", "stolen", "请选择制作来源"),
        ("made_on", "2026-13-01", "生成日期应为"),
        ("made_on", "2027-01-01", "不能晚于今天"),
        ("channels", [], "公开渠道"),
        ("unit", "none", "没有名为"),
    ],
)
def test_what_is_impossible_is_refused_beside_the_field(bureau: Bureau, enter: Enter, field: str, value: object, words: str) -> None:
    answer = enter("manager").send("/desk/disclosures/new", **(ITEM | {field: value}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert f'id="{field}-error"' in page
    assert "培训自2026年12月1日开始。" in page or field == "text"
    with bureau.office.work.reading() as session:
        assert session.scalar(select(Disclosure.id).where(Disclosure.document_number == ITEM["document_number"])) is None


def test_times_cannot_be_set_by_a_form(bureau: Bureau, enter: Enter) -> None:
    manager = enter("manager")
    assert manager.send("/desk/disclosures/new", **ITEM, published_at="1999-01-01", imported="1", created_at="1999-01-01").status_code == 303
    with bureau.office.work.reading() as session:
        row = session.scalars(select(Disclosure).where(Disclosure.index_number == ITEM["index_number"])).one()
        assert (row.published_at, row.created_at, row.imported) == (NOW, NOW, False)


def test_history_is_released_by_a_manager_alone(bureau: Bureau, enter: Enter, history: list[str]) -> None:
    clerk, manager = enter("clerk"), enter("manager")
    assert "由管理者决定是否公开" in clerk.page("/desk/history")
    assert clerk.send("/desk/history/release", number=history[0]).status_code == 403
    assert manager.get(f"/inquiries/{history[0]}").status_code == 404
    answer = manager.send("/desk/history/release", number=history[0], back="/desk/history?released=no")
    assert (answer.status_code, answer.location) == (303, "/desk/history?released=no")
    assert manager.get(f"/inquiries/{history[0]}").status_code == 200
    assert manager.send("/desk/history/release", number=history[0]).status_code == 409
    assert history[0] not in manager.page("/desk/history?released=no")
    assert history[0] in manager.page("/desk/history?released=yes&year=2018")
    assert history[0] not in manager.page("/desk/history?year=2017")


def test_a_page_of_history_is_released_after_a_confirmation(bureau: Bureau, enter: Enter, history: list[str]) -> None:
    manager = enter("manager")
    asked = manager.send("/desk/history/release-shown", number=history)
    assert "公开以下 3 条历史留言？" in asked.get_data(as_text=True)
    assert manager.get(f"/inquiries/{history[1]}").status_code == 404
    assert manager.send("/desk/history/release-shown", number=history, confirmed="yes", back="//evil.example").location == "/desk/history"
    assert all(manager.get(f"/inquiries/{number}").status_code == 200 for number in history)
    with bureau.office.work.reading() as session:
        assert len(session.scalars(select(Event).where(Event.action == "release")).all()) == 3


def test_failed_work_is_seen_and_given_another_round(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.task == "draft_reply")).one()
        row.state, row.attempts, row.error = OutboxState.failed, 3, "多次尝试后仍未完成"
    assert posted.number in enter("clerk").page("/desk?lane=failed")
    admin = enter("admin")
    page = admin.page("/desk/failed")
    assert posted.number in page
    assert "失业保险金怎么申领" not in page
    assert admin.send(f"/desk/failed/{row.id}/requeue").status_code == 303
    assert admin.send(f"/desk/failed/{row.id}/requeue").status_code == 404
    with bureau.office.work.reading() as session:
        assert session.get_one(OutboxRow, row.id).state == OutboxState.open


def test_the_report_page_shows_the_command_s_figures_and_their_items(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    signer, manager = enter("signer"), enter("manager")
    page = signer.page("/reports?year=2026")
    assert "2026年度报告" in page
    assert "/reports/export" not in page
    assert 'class="chart"' in page
    assert "style=" not in page
    assert posted.number in signer.page("/reports/items?year=2026&figure=inquiries.received")
    assert posted.number in signer.page("/reports/items?year=2026&figure=inquiries.by_month&value=11")
    assert posted.number not in signer.page("/reports/items?year=2026&figure=inquiries.by_month&value=10")
    assert signer.get("/reports/items?year=2026&figure=nothing").status_code == 404
    assert signer.get("/reports?year=1800").status_code == 422
    assert signer.get("/reports?unit=nothing").status_code == 422
    assert signer.get("/reports/export.json?year=2026").status_code == 403
    exported = manager.get("/reports/export.json?year=2026")
    assert exported.get_json()["inquiries"]["received"] == 1
    assert "attachment" in exported.headers["Content-Disposition"]
    for form in ("md", "docx", "xlsx"):
        assert len(manager.get(f"/reports/export.{form}?year=2026").data) > 100
    assert manager.get("/reports/export.exe?year=2026").status_code == 422


def test_history_that_still_waits_for_its_answer_is_not_called_public(bureau: Bureau, enter: Enter, history: list[str]) -> None:
    with bureau.office.work.transaction() as session:
        waiting = session.scalars(select(Inquiry).where(Inquiry.number == history[0])).one()
        waiting.state, waiting.released, waiting.answered_at, waiting.closed_at = InquiryState.received, True, None, None
    page = enter("manager").page("/desk/history")
    assert "答复后公开" in page
    assert '<span class="chip good">已公开</span>' not in page


def test_the_report_opens_with_the_last_whole_year_that_has_something(bureau: Bureau, enter: Enter, history: list[str]) -> None:
    assert ">2018年度报告<" in enter("manager").page("/reports")
    years = enter("manager").page("/statistics")
    assert ">2018年</a>" in years
    assert ">2025年</a>" not in years
