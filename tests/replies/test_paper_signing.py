"""Signatures on paper: bound to the printed text by its code, to the scan in the case file, and to two people; on both databases."""

import pytest
from sqlalchemy import select

from board.errors import Conflict, HuiyingError, InvalidInput, NotAllowed
from board.inquiries.case_file import add_file
from board.inquiries.posting import Posted
from board.models import Event, Inquiry, InquiryState, OutboxRow, Reply, ReplyState
from board.replies import publishing, review
from board.replies.notices import unread
from board.replies.paper_signing import sign_on_paper, signatories
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]


def scanned(bureau: Bureau, posted: Posted, kind: str = "signed_slip") -> int:
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        return add_file(session, bureau.office.settings, bureau.actors["manager"], inquiry, kind, "签批.pdf", b"%PDF-1.7 " + kind.encode(), NOW).id


def code_of(bureau: Bureau, posted: Posted) -> str:
    with bureau.office.work.reading() as session:
        return review.preview(session, session.get_one(Inquiry, posted.inquiry_id), bureau.office.settings).content_hash[:16]


def record(bureau: Bureau, posted: Posted, who: str, signatory: str, file: int, code: str) -> None:
    with bureau.office.work.transaction() as session:
        sign_on_paper(session, bureau.actors[who], session.get_one(Inquiry, posted.inquiry_id), signatory, file, code, bureau.office.settings, NOW)


def test_a_signature_on_paper_publishes_what_was_printed(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    record(bureau, posted, "manager", "signer", scanned(bureau, posted), code_of(bureau, posted).upper())
    with bureau.office.work.transaction() as session:
        reply = session.scalars(select(Reply).where(Reply.inquiry_id == posted.inquiry_id, Reply.in_force)).one()
        assert (reply.state, reply.approver_id) == (ReplyState.approved, bureau.actors["signer"].account_id)
        recorded = session.scalars(select(Event).where(Event.action.in_(["paper", "approve"])).order_by(Event.id)).all()
        assert [(event.action, event.actor) for event in recorded] == [("paper", bureau.actors["manager"].name), ("approve", bureau.actors["manager"].name)]
        assert {event.data["signatory"] for event in recorded} == {bureau.actors["signer"].account_id}
        assert [notice.who for notice in unread(session, bureau.actors["clerk"]) if notice.action == "approve"] == ["signer（纸质签批，manager登记）"]
        assert session.scalar(select(OutboxRow.id).where(OutboxRow.task == "publish_reply")) is not None
        assert publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW) == "published"


@pytest.mark.parametrize(("who", "signatory", "code", "error"), [
    ("clerk", "signer", None, NotAllowed), ("signer", "signer", None, NotAllowed), ("manager", "clerk", None, NotAllowed), ("manager", "manager", None, NotAllowed),
    ("manager", "nobody", None, InvalidInput), ("manager", "signer", "1234", InvalidInput), ("manager", "signer", "00000000", Conflict), ("admin", "signer", None, NotAllowed),
])  # fmt: skip
def test_who_and_what_is_refused(bureau: Bureau, who: str, signatory: str, code: str | None, error: type[HuiyingError]) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    with pytest.raises(error):
        record(bureau, posted, who, signatory, scanned(bureau, posted), code or code_of(bureau, posted))
    with bureau.office.work.reading() as session:
        assert session.get_one(Inquiry, posted.inquiry_id).state == InquiryState.awaiting_approval
        assert session.scalar(select(Event.id).where(Event.action == "approve")) is None


def test_without_the_scan_of_this_case_nothing_is_signed(bureau: Bureau) -> None:
    posted, other = bureau.post(), bureau.post("另一件事")
    bureau.submit(posted)
    for file in (0, scanned(bureau, posted, "evidence"), scanned(bureau, other)):
        with pytest.raises(InvalidInput) as refused:
            record(bureau, posted, "manager", "signer", file, code_of(bureau, posted))
        assert refused.value.field == "signed_file"


def test_a_text_changed_after_printing_is_not_signed(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    printed, file = code_of(bureau, posted), scanned(bureau, posted)
    with bureau.office.work.transaction() as session:
        review.send_back(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), "请补充地址", NOW, bureau.office.settings)
    bureau.submit(posted, "网民您好！请携带身份证和申请表到就业股窗口办理。")
    with pytest.raises(Conflict, match="重新打印"):
        record(bureau, posted, "manager", "signer", file, printed)


def test_whose_signature_can_be_recorded(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        reply = review.current_reply(session, inquiry)
        assert {"signer", "signer2"} == {person.login for person in signatories(session, bureau.actors["manager"], inquiry, reply, bureau.office.settings, NOW)}
        assert list(signatories(session, bureau.actors["clerk"], inquiry, reply, bureau.office.settings, NOW)) == []
