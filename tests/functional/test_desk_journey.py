"""One inquiry over the desk's pages: taken, written, submitted, reviewed, approved, published; and what happens when people meet."""

from collections.abc import Callable

from sqlalchemy import func, select

from board.models import Event, Inquiry, Publication, Reply
from board.replies import publishing, review
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
QUESTION = "失业保险金怎么申领？我的电话是13800138000。"
REPLY = "网民您好！\n\n请携带身份证到就业股2号窗口办理，经办人电话13912345678。"
Enter = Callable[[str], Staff]


def item(posted) -> str:
    return f"/desk/inquiries/{posted.number}"


def test_the_whole_way_by_pages(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post(QUESTION)
    bureau.draft(posted)
    clerk, signer = enter("clerk"), enter("signer")
    assert posted.number in clerk.page("/desk")
    page = clerk.page(item(posted))
    assert "系统拟稿，未经审核" in page
    assert "<mark>" in page
    assert clerk.send(f"{item(posted)}/take").status_code == 303
    assert clerk.send(f"{item(posted)}/draft", text=REPLY, based_on=hidden(clerk.page(item(posted)), "based_on")).status_code == 303
    page = clerk.page(item(posted))
    assert "第 2 稿" in page
    assert clerk.send(f"{item(posted)}/submit", text=REPLY, based_on=hidden(page, "based_on")).status_code == 303
    assert posted.number in signer.page("/desk?lane=approval")
    page = signer.page(f"{item(posted)}/review")
    assert "138****8000" in page
    assert "139****5678" in page
    assert '<mark class="masked" title="公开时将隐去">138****8000</mark>' in page
    assert signer.send(f"{item(posted)}/review/approve", seen=hidden(page, "seen")).status_code == 303
    with bureau.office.work.transaction() as session:
        assert publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW) == "published"
    card = signer.page(f"/inquiries/{posted.number}")
    assert "139****5678" in card
    assert "13912345678" not in card
    assert "13800138000" not in card
    assert signer.send(f"{item(posted)}/disclose").status_code == 303
    with bureau.office.work.reading() as session:
        actions = session.scalars(select(Event.action).where(Event.inquiry_id == posted.inquiry_id).order_by(Event.sequence)).all()
    assert actions == ["post", "draft", "accept", "claim", "edit", "submit", "approve", "publish", "close", "disclose"]


def test_submitting_saves_first_and_a_gap_costs_no_text(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk = enter("clerk")
    answer = clerk.send(f"{item(posted)}/submit", text="您好。【请补充：时限】", based_on="0")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "待补充" in page
    assert "您好。【请补充：时限】" in page
    with bureau.office.work.reading() as session:
        assert session.scalar(select(Reply.text).where(Reply.in_force)) == "您好。【请补充：时限】"


def test_an_empty_and_an_overlong_reply_are_refused_with_the_text_kept(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    clerk = enter("clerk")
    for text, words in (("  ", "答复内容不能为空"), ("长" * 20_001, "答复最多 20000 个字")):
        answer = clerk.send(f"{item(posted)}/draft", text=text, based_on="0")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert words in page
        assert text in page
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reply)) == 0


def test_saving_over_a_colleague_shows_both_texts(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    first, second = enter("clerk"), enter("signer")
    assert first.send(f"{item(posted)}/draft", text="先到的文字", based_on="0").status_code == 303
    answer = second.send(f"{item(posted)}/draft", text="后到的文字", based_on="0")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<mark>先到</mark>的文字" in page
    assert "<mark>后到</mark>的文字" in page
    assert ">\n后到的文字</textarea>" in page
    assert hidden(page, "based_on") == "1"
    assert second.send(f"{item(posted)}/draft", text="先到和后到的文字", based_on="1").status_code == 303
    with bureau.office.work.reading() as session:
        assert session.scalar(select(Reply.text).where(Reply.in_force)) == "先到和后到的文字"


def test_approving_what_has_changed_is_refused_and_shows_what_stands(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    signer = enter("signer")
    seen = hidden(signer.page(f"{item(posted)}/review"), "seen")
    with bureau.office.work.transaction() as session:
        review.send_back(session, bureau.actors["signer2"], session.get_one(Inquiry, posted.inquiry_id), "补充时限", NOW, bureau.office.settings)
    bureau.submit(posted, "现在的文字：5个工作日内办结。")
    answer = signer.send(f"{item(posted)}/review/approve", seen=seen)
    assert answer.status_code == 409
    assert "现在的文字：5个工作日内办结。" in answer.get_data(as_text=True)
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 0
    assert signer.send(f"{item(posted)}/review/approve", seen=hidden(answer.get_data(as_text=True), "seen")).status_code == 303
    assert signer.send(f"{item(posted)}/review/approve", seen=seen).status_code == 409


def test_nobody_approves_the_own_draft(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    bureau.submit(posted, who="signer")
    own, other = enter("signer"), enter("signer2")
    page = own.page(f"{item(posted)}/review")
    assert "拟稿人不能审签自己的答复" in page
    assert "审签通过</button>" not in page
    seen = hidden(other.page(f"{item(posted)}/review"), "seen")
    assert own.send(f"{item(posted)}/review/approve", seen=seen).status_code == 403
    assert other.send(f"{item(posted)}/review/approve", seen=seen).status_code == 303


def test_sending_back_wants_a_reason_and_keeps_it(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    signer = enter("signer")
    assert signer.send(f"{item(posted)}/review/send-back", reason=" ").status_code == 422
    long = signer.send(f"{item(posted)}/review/send-back", reason="理" * 501)
    assert long.status_code == 422
    assert "理" * 501 in long.get_data(as_text=True)
    assert signer.send(f"{item(posted)}/review/send-back", reason="请补充依据").status_code == 303
    page = enter("clerk").page(item(posted))
    assert "请补充依据" in page
    assert "已退回" in page


def test_versions_stand_side_by_side(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post()
    bureau.draft(posted)
    bureau.submit(posted, "网民您好！请到窗口办理。")
    page = enter("clerk").page(f"{item(posted)}/versions")
    assert "第 1 稿 · 系统拟稿" in page
    assert "第 2 稿 · clerk" in page
    assert "提交审签 · clerk" in page
    assert '<tr class="changed">' in page


def test_a_quotation_is_put_behind_what_was_typed_without_scripts(bureau: Bureau, enter: Enter) -> None:
    posted, other = bureau.post(), bureau.post("社会保障卡遗失后怎么补办？")
    bureau.draft(posted)
    bureau.draft(other)
    clerk = enter("clerk")
    key = hidden_button(clerk.page(item(posted)))
    page = clerk.send(f"{item(posted)}/insert", text="我写的话", based_on="1", evidence=key).get_data(as_text=True)
    assert "我写的话\n\n&gt; " in page
    assert "——《失业保险金申领办事指南》" in page
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reply).where(Reply.inquiry_id == posted.inquiry_id)) == 1
    assert clerk.send(f"{item(other)}/insert", text="", based_on="1", evidence=key).status_code == 404


def hidden_button(page: str) -> str:
    """The first quotation that can be inserted."""
    return page.split('name="evidence" value="')[1].split('"', maxsplit=1)[0]
