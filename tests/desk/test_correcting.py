"""修改后签发: corrected and signed in one step, by the second person, bound to what was seen, through every step of signing; on both databases."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from board.errors import Conflict, HuiyingError, InvalidInput, NotAllowed
from board.inquiries.posting import Posted
from board.models import Event, Inquiry, Publication, Reply, ReplyState, Unit
from board.replies import correcting, publishing, review, signing, text_history
from board.replies.correcting import Correction
from board.replies.notices import unread
from board.settings import Settings, merged
from tests.bureau import NOW, Bureau, bureau
from tests.staff import Staff, enter, hidden

__all__ = ["bureau", "enter"]
SUBMITTED = "网民您好！请携带身份证到就业股窗口办理。"
CORRECTED = "网民您好！请携带身份证和近期照片到就业股2号窗口办理。"


def correct(bureau: Bureau, posted: Posted, who: str, text: str = CORRECTED, settings: Settings | None = None, **given: str) -> str:
    """Corrects and signs what stands now."""
    chosen = settings or bureau.office.settings
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        seen = review.preview(session, inquiry, chosen).content_hash
        return correcting.correct_and_sign(session, bureau.actors[who], inquiry, Correction(text, seen, **given), chosen, ["代开发票"], NOW)


def test_corrected_signed_and_published_by_the_second_person(bureau: Bureau) -> None:
    posted = bureau.post("失业保险金怎么申领？我是王小明。", publish=True)
    bureau.submit(posted, SUBMITTED)
    assert correct(bureau, posted, "signer", reason="补充材料", masks="王小明") == "approved"
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        first, second = reversed(review.revisions(session, inquiry))
        clerk, signer = bureau.actors["clerk"].account_id, bureau.actors["signer"].account_id
        assert (first.text, first.state, second.text, second.author_id, second.approver_id) == (SUBMITTED, ReplyState.superseded, CORRECTED, clerk, signer)
        assert publishing.publish(session, inquiry.id, bureau.office.settings, NOW) == "published"
        given = session.scalars(select(Publication).where(Publication.inquiry_id == inquiry.id)).one()
        assert (given.reply, given.content_hash, "王小明" in given.question) == (CORRECTED, second.approved_hash, False)
        event = session.scalars(select(Event).where(Event.action == "correct_and_sign")).one()
        assert (event.actor, event.reason, event.data["corrects"], event.data["reply"]) == (bureau.actors["signer"].name, "补充材料", first.id, second.id)
        (found,) = correcting.corrections(session, inquiry, bureau.office.settings)
        assert (found.who, found.before, found.after) == ("signer", 1, 2)
        assert "".join(piece.text for piece in found.changed[0].right if piece.kind == "mark").startswith("和近期照片")
        kept = next(one for one in text_history.every_text(session, inquiry, bureau.office.settings) if one.key == "r2")
        assert (kept.who, kept.corrected_by, kept.corrects) == ("clerk", "signer", "r1")
        assert "correct_and_sign" in {notice.action for notice in unread(session, bureau.actors["clerk"])}


@pytest.mark.parametrize(("who", "text", "given", "error", "field"), [
    ("clerk", CORRECTED, {}, NotAllowed, None), ("manager", CORRECTED, {}, NotAllowed, None), ("front", CORRECTED, {}, NotAllowed, None),
    ("signer", SUBMITTED, {}, InvalidInput, "text"), ("signer", " ", {}, InvalidInput, "text"), ("signer", "【请补充：地点】", {"overrule": "无误"}, InvalidInput, "text"),
    ("signer", "已阅。", {}, InvalidInput, "overrule"), ("signer", CORRECTED + "代开发票", {}, InvalidInput, "overrule"), ("signer", CORRECTED, {"masks": "没有的字"}, InvalidInput, "words"),
])  # fmt: skip
def test_what_is_refused_changes_nothing(bureau: Bureau, who: str, text: str, given: dict[str, str], error: type[HuiyingError], field: str | None) -> None:
    posted = bureau.post()
    bureau.submit(posted, SUBMITTED)
    with pytest.raises(error) as refused:
        correct(bureau, posted, who, text, **given)
    assert getattr(refused.value, "field", None) == field
    with bureau.office.work.reading() as session:
        assert [reply.text for reply in review.revisions(session, session.get_one(Inquiry, posted.inquiry_id))] == [SUBMITTED]


def test_the_author_never_corrects_and_signs_even_with_the_right(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted, SUBMITTED, who="signer")
    with pytest.raises(NotAllowed, match="拟稿人"):
        correct(bureau, posted, "signer")
    assert correct(bureau, posted, "signer2", "已阅。", overrule="只需确认收到") == "approved"
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Event.reason).where(Event.action == "overrule")).one() == "只需确认收到"


def test_later_steps_sign_the_corrected_text_and_earlier_ones_keep_theirs(bureau: Bureau) -> None:
    rules = [{"kind": "consultation", "unit": "jyg", "chain": ["unit_head", "office", "leader"]}]
    settings = replace(bureau.office.settings, tables=merged(bureau.office.settings.tables, {"approval": {"rules": rules}}))
    posted = bureau.post()
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        inquiry.unit_id = session.scalars(select(Unit.id).where(Unit.code == "jyg")).one()
        session.flush()
        session.refresh(inquiry)
        reply = review.save_draft(session, bureau.actors["clerk"], inquiry, SUBMITTED, 0, settings, NOW)
        review.submit(session, bureau.actors["clerk"], inquiry, reply.revision, NOW, settings)
    assert correct(bureau, posted, "head", SUBMITTED + "联系人张股长。", settings) == "endorsed"
    with pytest.raises(NotAllowed):
        correct(bureau, posted, "front", CORRECTED, settings)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        review.approve(session, bureau.actors["front"], inquiry, review.preview(session, inquiry, settings).content_hash, settings, NOW)
    with pytest.raises(NotAllowed):
        correct(bureau, posted, "head", CORRECTED, settings)
    assert correct(bureau, posted, "signer", CORRECTED, settings) == "approved"
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        reply = review.current_reply(session, inquiry)
        steps = signing.steps_of(session, reply)
        assert [step.account.login for step in steps] == ["head", "front", "signer"]
        assert steps[0].content_hash == steps[1].content_hash != steps[2].content_hash == reply.approved_hash
        assert [(one.stage, one.who, one.before, one.after) for one in correcting.corrections(session, inquiry, settings)] == [
            ("股室负责人", "head", 1, 2), ("局领导", "signer", 2, 3),
        ]  # fmt: skip


def test_by_pages_a_correction_is_looked_at_signed_and_two_of_them_get_both_texts(bureau: Bureau, app: Flask, enter: Callable[[str], Staff]) -> None:
    posted = bureau.post()
    bureau.submit(posted, SUBMITTED)
    path = f"/desk/inquiries/{posted.number}"
    signer, second = enter("signer"), enter("signer2")
    assert "修改后签发…" in signer.page(f"{path}/review")
    form = second.page(f"{path}/review?step=correct")
    fields = {name: hidden(form, name) for name in ("seen", "step", "revision", "sheet")}
    assert f">\n{SUBMITTED}</textarea>" in form
    looked = signer.send(f"{path}/review/correction", text=CORRECTED, **fields).get_data(as_text=True)
    assert "<mark>和近期照片</mark>" in looked
    refused = signer.send(f"{path}/review/correct", text=SUBMITTED + "【请补充：电话】", **fields)
    assert (refused.status_code, "提交前须改正" in refused.get_data(as_text=True), "【请补充：电话】</textarea>" in refused.get_data(as_text=True)) == (422, True, True)
    assert signer.send(f"{path}/review/correct", text=CORRECTED, **fields).status_code == 303
    late = second.send(f"{path}/review/correct", text="我改的另一份文字。", **fields)
    words = late.get_data(as_text=True)
    assert late.status_code == 409
    assert all(part in words for part in ("近期照片", "我改的另一份文字", "没有签发"))
    versions, case = second.page(f"{path}/versions"), second.page(path)
    assert "clerk拟稿，signer修改" in versions
    assert "我改的另一份文字。" in versions
    assert "第 1 稿改为第 2 稿" in case
    assert "审签中" in second.page(f"{path}/case-slip")
    assert enter("clerk").send(f"{path}/review/correct", text=CORRECTED, **fields).status_code == 403


def test_a_text_that_moved_on_is_not_corrected(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted, SUBMITTED)
    with pytest.raises(Conflict) as refused, bureau.office.work.transaction() as session:
        given = Correction(CORRECTED, "0" * 64)
        correcting.correct_and_sign(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), given, bureau.office.settings, [], NOW)
    assert refused.value.current == SUBMITTED
    with bureau.office.work.reading() as session:
        assert session.scalar(select(Reply.id).where(Reply.revision == 2)) is None
