import threading

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries import merging
from board.models import Event, Inquiry, InquiryState, OutboxRow, Publication, Reply, ReplyState
from board.replies import publishing, review
from tests.bureau import NOW, Bureau


def inquiry_of(session, posted) -> Inquiry:
    return session.get_one(Inquiry, posted.inquiry_id)


def test_every_version_is_kept(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.draft(posted)
    office = bureau.office
    for revision, text in ((1, "第一稿"), (2, "第二稿")):
        with office.work.transaction() as session:
            review.save_draft(session, bureau.actors["clerk"], inquiry_of(session, posted), text, revision, office.settings, NOW)
    with office.work.reading() as session:
        kept = review.revisions(session, inquiry_of(session, posted))
        assert [(r.revision, r.in_force, r.author_id is None) for r in kept] == [(3, True, False), (2, False, False), (1, False, True)]
        assert [r.text for r in kept[:2]] == ["第二稿", "第一稿"]


def test_saving_over_another_version_gives_both_texts(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.draft(posted)
    office = bureau.office
    with office.work.transaction() as session:
        review.save_draft(session, bureau.actors["clerk"], inquiry_of(session, posted), "先到的文字", 1, office.settings, NOW)
    with office.work.transaction() as session, pytest.raises(Conflict) as refused:
        review.save_draft(session, bureau.actors["clerk"], inquiry_of(session, posted), "后到的文字", 1, office.settings, NOW)
    assert refused.value.current == "先到的文字"


def test_a_reply_with_a_gap_cannot_be_submitted(bureau: Bureau) -> None:
    posted = bureau.post("302路公交车末班车几点发车？")
    bureau.draft(posted)
    with pytest.raises(InvalidInput, match="待补充"), bureau.office.work.transaction() as session:
        review.submit(session, bureau.actors["clerk"], inquiry_of(session, posted), 1, NOW, bureau.office.settings)
    with bureau.office.work.reading() as session:
        assert inquiry_of(session, posted).state == InquiryState.received


def test_nobody_approves_the_own_reply(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted, who="signer")
    with pytest.raises(NotAllowed):
        bureau.approve(posted, "signer")
    bureau.approve(posted, "signer2")


def test_the_database_itself_wants_two_people(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    with pytest.raises(IntegrityError), bureau.office.engine.begin() as connection:
        connection.execute(update(Reply).where(Reply.inquiry_id == posted.inquiry_id).values(approver_id=Reply.author_id))


def test_an_editor_cannot_approve(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    with pytest.raises(NotAllowed):
        bureau.approve(posted, "clerk")


def test_approval_is_bound_to_what_was_seen(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    office = bureau.office
    with office.work.reading() as session:
        seen = review.preview(session, inquiry_of(session, posted), office.settings).content_hash
    with office.work.transaction() as session:
        review.send_back(session, bureau.actors["signer"], inquiry_of(session, posted), "请补充时限", NOW, bureau.office.settings)
    bureau.submit(posted, "补充：5个工作日内办结。")
    with office.work.transaction() as session, pytest.raises(Conflict) as refused:
        review.approve(session, bureau.actors["signer"], inquiry_of(session, posted), seen, office.settings, NOW)
    assert refused.value.current == "补充：5个工作日内办结。"


def test_sending_back_keeps_the_text_and_the_reason(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted, "请补充")
    with bureau.office.work.transaction() as session:
        review.send_back(session, bureau.actors["signer"], inquiry_of(session, posted), "缺少依据", NOW, bureau.office.settings)
    with bureau.office.work.reading() as session:
        reply = review.current_reply(session, inquiry_of(session, posted))
        event = session.scalars(select(Event).where(Event.action == "send_back")).one()
        assert (reply.text, reply.state, event.reason, inquiry_of(session, posted).state) == ("请补充", ReplyState.returned, "缺少依据", InquiryState.returned)


def test_ten_approvals_at_once_have_one_winner(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.submit(posted)
    office, barrier, outcomes = bureau.office, threading.Barrier(10), []
    with office.work.reading() as session:
        seen = review.preview(session, inquiry_of(session, posted), office.settings).content_hash

    def run(who: str) -> None:
        barrier.wait()
        try:
            with office.work.transaction() as session:
                review.approve(session, bureau.actors[who], inquiry_of(session, posted), seen, office.settings, NOW)
            outcomes.append("won")
        except Conflict:
            outcomes.append("lost")

    threads = [threading.Thread(target=run, args=(who,)) for who in ("signer", "signer2") * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost"] * 9 + ["won"]
    with office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(Event).where(Event.action == "approve")) == 1
        assert session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.task == "publish_reply")) == 1


def test_a_merged_citizen_keeps_the_own_code_and_reads_the_main_answer(bureau: Bureau) -> None:
    main, other = bureau.post(), bureau.post("失业金怎么申领啊？")
    office = bureau.office
    with office.work.transaction() as session:
        merging.merge(session, bureau.actors["signer"], inquiry_of(session, other), inquiry_of(session, main), "同一问题", NOW)
    bureau.submit(main)
    bureau.approve(main)
    with office.work.transaction() as session:
        publishing.publish(session, main.inquiry_id, office.settings, NOW)
    from board.inquiries.posting import find_by_code
    from board.inquiries.queries import answer_of

    with office.work.reading() as session:
        mine = find_by_code(session, office.key, other.number, other.tracking_code)
        assert mine.state == InquiryState.merged
        assert answer_of(session, mine).inquiry_id == main.inquiry_id
        assert session.scalar(select(func.count()).select_from(Publication)) == 1
