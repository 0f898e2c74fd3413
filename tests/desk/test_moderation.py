"""Nothing personal and nothing unread gets out: sensitive words hold, masks by hand, a look at what is masked with a reason."""

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from board.errors import Conflict, InvalidInput, NotFound
from board.inquiries.queries import public_inquiry
from board.models import Event, Inquiry, Publication, PublicMask
from board.replies import moderating, publishing, review
from board.replies.marked_texts import cover_up, marked_text
from responder.disguised import find_sensitive
from tests.bureau import NOW, Bureau
from tests.staff import Staff, enter, hidden

__all__ = ["enter"]
Enter = Callable[[str], Staff]
WORDS = ("代开发票", "法轮功", "冰毒", "abc")


def item(posted) -> str:
    return f"/desk/inquiries/{posted.number}"


@pytest.mark.parametrize("text", [
    "代开发票", "代 开 发 票", "代\u200b开\ufeff发票", "代。开、发，票", "代開發票", "代\n开发票", "代kai发票", "ＤＡＩ开发piao", "daikaifapiao",
])  # fmt: skip
def test_a_listed_word_is_found_however_it_is_written(text: str) -> None:
    (found,) = find_sensitive(f"请问{text}的事", WORDS)
    assert f"请问{text}的事"[found[0] : found[1]] == text
    assert found[2] == "代开发票"


@pytest.mark.parametrize("text", ["代他开一张发票", "bingdu", "abcd", "冰箱有毒", "", "代，请在此处开具的发票"])
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert find_sensitive(text, WORDS) == []


def test_marks_never_change_a_text_and_covers_hide_it() -> None:
    text = "我叫张三，电话13800138000，要代开发票，住河边路。"
    shown = marked_text(text, WORDS, ["河边路"], [(0, 2)])
    assert "".join(piece.text for piece in shown) == text
    covered = cover_up(shown)
    said = "".join(piece.text for piece in covered)
    assert "13800138000" not in said
    assert "138****8000" in said
    assert {piece.kind for piece in covered} == {"", "masked", "by_hand", "sensitive", "mark"}


def test_a_sensitive_word_holds_the_message_until_a_person_lets_it_through(bureau: Bureau, enter: Enter) -> None:
    client = enter("clerk").client
    form = client.get("/post").get_data(as_text=True)
    fields = {name: html.unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)}
    answer = client.post("/post", data=fields | {"text": "听说有人在窗口代开 发票，请查一查。", "publish": "yes"})
    assert answer.status_code == 303
    with bureau.office.work.reading() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        assert "含敏感词：代开发票" in inquiry.held_reason
        assert inquiry.text == "听说有人在窗口代开 发票，请查一查。"
        posted = type("Posted", (), {"number": inquiry.number, "inquiry_id": inquiry.id})
    clerk, signer = enter("clerk"), enter("signer")
    assert '<mark class="sensitive" title="敏感词">代开 发票' in clerk.page(item(posted))
    assert clerk.send(f"{item(posted)}/let-through", reason="看过").status_code == 403
    assert clerk.send(f"{item(posted)}/submit", text="我局将依法查处。", based_on="0").status_code == 303
    page = signer.page(f"{item(posted)}/review")
    refused = signer.send(f"{item(posted)}/review/approve", seen=hidden(page, "seen"), step="1", revision="1")
    assert refused.status_code == 409
    assert "先由人核对后放行" in refused.get_data(as_text=True)
    assert signer.send(f"{item(posted)}/let-through", reason="反映问题，可以公开", back="review").status_code == 303
    assert signer.send(f"{item(posted)}/review/approve", seen=hidden(page, "seen"), step="1", revision="1").status_code == 303
    with bureau.office.work.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "let_through")).one()
        assert event.reason == "反映问题，可以公开"
        assert "代开发票" in event.data["held"]


def test_a_message_by_the_interface_is_held_too(bureau: Bureau, enter: Enter) -> None:
    client = enter("clerk").client
    assert client.post("/api/v1/inquiries", json={"text": "卖bing毒的人", "publish": True}).status_code == 201
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Inquiry.held_reason)).one() == "含敏感词：冰毒"


def test_what_the_machine_missed_is_masked_for_question_and_reply(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post("邻居老王头在河边开厂。", title="河边的厂")
    bureau.submit(posted, "已联系老王头，厂已停。")
    signer = enter("signer")
    seen = hidden(signer.page(f"{item(posted)}/review"), "seen")
    assert signer.send(f"{item(posted)}/masks", words="老王头\n河边", back="review").status_code == 303
    page = signer.page(f"{item(posted)}/review")
    public = page.split('id="as-shown"')[1]
    assert "老王头" not in public
    assert "邻居***在***开厂。" in public
    assert "已联系***，厂已停。" in public
    assert signer.send(f"{item(posted)}/review/approve", seen=seen).status_code == 409
    assert signer.send(f"{item(posted)}/review/approve", seen=hidden(page, "seen")).status_code == 303
    assert signer.send(f"{item(posted)}/masks", words="厂已停").status_code == 409
    with bureau.office.work.transaction() as session:
        publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW)
        card = public_inquiry(session, posted.number)
        assert (card.title, card.question, card.reply) == ("***的厂", "邻居***在***开厂。", "已联系***，厂已停。")
        assert all("老王头" not in str(event.data) + event.reason for event in session.scalars(select(Event)))


def test_masks_are_checked_and_lifted_with_a_trace(bureau: Bureau) -> None:
    posted, other = bureau.post("邻居老王头在河边开厂。"), bureau.post("另一条")
    office, actor = bureau.office, bureau.actors["clerk"]
    for wrong in ("", " \n ", "王", "没有这些字", "长" * 201):
        with pytest.raises(InvalidInput), office.work.transaction() as session:
            moderating.mask_words(session, actor, session.get_one(Inquiry, posted.inquiry_id), wrong, NOW)
    with office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert [moderating.mask_words(session, actor, inquiry, "老王头", NOW) for _ in range(2)] == [1, 0]
        key = moderating.masks(session, inquiry)[0].id
        with pytest.raises(NotFound):
            moderating.lift_mask(session, actor, session.get_one(Inquiry, other.inquiry_id), key, NOW)
        moderating.lift_mask(session, actor, inquiry, key, NOW)
        assert moderating.masked_words(session, inquiry) == []
        assert moderating.mask_words(session, actor, inquiry, "老王头", NOW) == 1
    with office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(PublicMask)) == 2
        assert list(session.scalars(select(Event.action).where(Event.action.in_(("mask", "unmask"))).order_by(Event.id))) == ["mask", "unmask", "mask"]


def test_what_is_signed_can_no_longer_be_masked(bureau: Bureau) -> None:
    posted = bureau.post("邻居老王头在河边开厂。")
    bureau.submit(posted)
    bureau.approve(posted)
    with bureau.office.work.transaction() as session, pytest.raises(Conflict):
        moderating.mask_words(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), "老王头", NOW)
    with bureau.office.work.transaction() as session:
        assert publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW) == "published"
        assert session.scalars(select(Publication.question)).one() == "邻居老王头在河边开厂。"


def test_personal_data_is_covered_until_somebody_says_why(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post("我的电话13800138000，身份证110101199003071233。", title="电话13800138000打不通", contact="13900139000")
    clerk = enter("clerk")
    page = clerk.page(item(posted))
    for secret in ("13800138000", "110101199003071233", "13900139000"):
        assert secret not in page
    assert clerk.send(f"{item(posted)}/reveal", reason="").status_code == 422
    shown = html.unescape(clerk.send(f"{item(posted)}/reveal", reason="核查个人业务").get_data(as_text=True))
    for secret in ("13800138000", "110101199003071233", "13900139000"):
        assert secret in shown
    assert "13800138000" not in clerk.page(item(posted))
    with bureau.office.work.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "reveal")).one()
        assert (event.actor, event.reason, event.inquiry_id) == (bureau.actors["clerk"].name, "核查个人业务", posted.inquiry_id)
        assert "138" not in str(event.data)


def test_who_reported_stays_hidden_from_those_who_handle_it(bureau: Bureau, enter: Enter) -> None:
    posted = bureau.post("举报某公司，我的电话13800138000。", kind="report", contact="13800138000")
    assert "查看隐去的内容" not in enter("clerk").page(item(posted))
    assert enter("clerk").send(f"{item(posted)}/reveal", reason="想看").status_code == 404
    assert "13800138000" in enter("manager").send(f"{item(posted)}/reveal", reason="移送").get_data(as_text=True)


def test_the_review_waits_only_for_what_a_person_must_read() -> None:
    assert moderating.waits_for_a_person(Inquiry(held_reason="打开页面后立即提交，疑似程序自动提交；含敏感词：甲"))
    assert moderating.waits_for_a_person(Inquiry(held_reason="人工标记"))
    assert not moderating.waits_for_a_person(Inquiry(held_reason="打开页面后立即提交，疑似程序自动提交"))
    assert not moderating.waits_for_a_person(Inquiry(held_reason=""))


def test_a_preview_changes_with_each_mask(bureau: Bureau) -> None:
    posted = bureau.post("邻居老王头在河边开厂。")
    bureau.submit(posted)
    office = bureau.office
    with office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        before = review.preview(session, inquiry, office.settings).content_hash
        moderating.mask_words(session, bureau.actors["signer"], inquiry, "老王头", NOW)
        assert review.preview(session, inquiry, office.settings).content_hash != before
