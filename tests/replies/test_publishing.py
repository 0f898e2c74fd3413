import pytest
from sqlalchemy import func, select, update

from board.errors import Conflict, NotFound
from board.inquiries.public_board import Choice, public_board
from board.inquiries.queries import public_inquiry
from board.models import Disclosure, Inquiry, InquiryState, OutboxRow, OutboxState, Publication, Reply, Unit
from board.replies import publishing
from tests.bureau import NOW, Bureau


def publish(bureau: Bureau, posted) -> str:
    with bureau.office.work.transaction() as session:
        return publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW)


def ready(bureau: Bureau, **fields) -> object:
    posted = bureau.post("失业金怎么领？我的电话13800138000，身份证110101199003071233", **fields)
    bureau.submit(posted, "网民您好！请到窗口办理，电话12333。来电人13900139000已登记。")
    bureau.approve(posted)
    return posted


def test_twice_is_once_and_exactly_what_was_seen(bureau: Bureau) -> None:
    posted = ready(bureau)
    assert [publish(bureau, posted), publish(bureau, posted)] == ["published", "skipped"]
    with bureau.office.work.reading() as session:
        publication = session.scalars(select(Publication)).one()
        reply = session.get_one(Reply, publication.reply_id)
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert publication.content_hash == reply.approved_hash
        assert (inquiry.state, inquiry.answered_at, inquiry.closed_at) == (InquiryState.closed, NOW, NOW)
        assert {row.task for row in session.scalars(select(OutboxRow).where(OutboxRow.state == OutboxState.open))} == {"draft_reply", "recount_day"}


def test_nothing_personal_is_published(bureau: Bureau) -> None:
    posted = ready(bureau)
    publish(bureau, posted)
    with bureau.office.work.reading() as session:
        card = public_inquiry(session, posted.number)
        shown = card.title + card.question + card.reply
    assert "13800138000" not in shown
    assert "110101199003071233" not in shown
    assert "13900139000" not in shown
    assert "138****8000" in shown
    assert "12333" in shown


def test_without_consent_only_the_citizen_reads_it(bureau: Bureau) -> None:
    posted = ready(bureau, publish=False)
    publish(bureau, posted)
    with bureau.office.work.reading() as session:
        assert public_board(session, Choice()).page.total == 0
        with pytest.raises(NotFound):
            public_inquiry(session, posted.number)
        assert session.scalar(select(func.count()).select_from(Publication)) == 1


def test_a_text_that_was_changed_behind_the_approval_is_not_published(bureau: Bureau) -> None:
    posted = ready(bureau)
    with bureau.office.engine.begin() as connection:
        connection.execute(update(Reply).values(text="别的文字"))
    with pytest.raises(Conflict):
        publish(bureau, posted)
    with bureau.office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 0


def test_what_is_not_approved_is_not_published(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    assert publish(bureau, posted) == "skipped"


def test_a_reply_becomes_a_disclosure_only_when_staff_say_so_and_once(bureau: Bureau) -> None:
    posted = ready(bureau)
    publish(bureau, posted)
    office = bureau.office
    with office.work.transaction() as session:
        row = publishing.disclose(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), office.taxonomy, NOW)
        assert (row.category, [c.channel for c in row.channels]) == ("网民留言", ["政府网站"])
        assert "13800138000" not in row.text
    with office.work.transaction() as session, pytest.raises(Conflict):
        publishing.disclose(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), office.taxonomy, NOW)
    with office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Disclosure).where(Disclosure.category == "网民留言")) == 1


def test_the_offices_own_address_and_phone_stay_readable(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        session.execute(update(Unit).values(address="测试县人民路66号一楼综合服务大厅"))
    posted = bureau.post()
    bureau.submit(posted, "网民您好！请到就业股办理，地址：测试县人民路66号一楼综合服务大厅，电话：0900-5550102。来信人住测试县青石路12号3栋402室。")
    bureau.approve(posted)
    publish(bureau, posted)
    with bureau.office.work.reading() as session:
        shown = public_inquiry(session, posted.number).reply
    assert "人民路66号一楼" in shown
    assert "0900-5550102" in shown
    assert "12号3栋402室" not in shown
