"""A claim lives by signs of life; taking over keeps every text; the times are the system's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from board.errors import Conflict, InvalidInput, NotAllowed
from board.models import Event, Inquiry, InquiryState
from board.replies import claims, review, working_texts
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
LATER = NOW + timedelta(minutes=16)


def taken(bureau: Bureau, who: str = "clerk"):
    posted = bureau.post()
    with bureau.office.work.transaction() as session:
        review.take(session, bureau.actors[who], session.get_one(Inquiry, posted.inquiry_id), NOW)
    return posted


def take(bureau: Bureau, posted, who: str, at, reason: str = "") -> None:
    with bureau.office.work.transaction() as session:
        review.take(session, bureau.actors[who], session.get_one(Inquiry, posted.inquiry_id), at, claims.hold_of(bureau.office.settings), reason)


def holder(bureau: Bureau, posted, at) -> claims.Holder:
    with bureau.office.work.reading() as session:
        return claims.holder(session, session.get_one(Inquiry, posted.inquiry_id), at)


def test_a_claim_holds_for_the_configured_minutes_and_a_beat_renews_it(bureau: Bureau) -> None:
    posted = taken(bureau)
    assert holder(bureau, posted, NOW + timedelta(minutes=14)).holds
    assert not holder(bureau, posted, LATER).holds
    with bureau.office.work.transaction() as session:
        claims.beat(session, bureau.actors["clerk"], session.get_one(Inquiry, posted.inquiry_id), "writing", NOW + timedelta(minutes=10))
    assert holder(bureau, posted, LATER).holds


def test_a_colleague_waits_while_it_holds_and_takes_over_when_it_ends(bureau: Bureau) -> None:
    posted = taken(bureau, "signer")
    with pytest.raises(Conflict, match="正由 signer 办理"):
        take(bureau, posted, "clerk", NOW + timedelta(minutes=5))
    take(bureau, posted, "clerk", LATER)
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        event = session.scalars(select(Event).where(Event.action == "take_over")).one()
        assert (inquiry.state, inquiry.claimed_by_id) == (InquiryState.in_hand, bureau.actors["clerk"].account_id)
        assert (event.actor, event.data) == (bureau.actors["clerk"].name, {"from": bureau.actors["signer"].account_id})


def test_who_may_assign_takes_over_at_once_but_says_why(bureau: Bureau) -> None:
    posted = taken(bureau)
    with pytest.raises(InvalidInput, match="写明理由"):
        take(bureau, posted, "signer", NOW)
    take(bureau, posted, "signer", NOW, "经办人外出")
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Event).where(Event.action == "take_over")).one().reason == "经办人外出"


def test_putting_down_frees_the_item_at_once(bureau: Bureau) -> None:
    posted = taken(bureau, "signer")
    with bureau.office.work.transaction() as session:
        claims.leave(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id))
    take(bureau, posted, "clerk", NOW + timedelta(seconds=1))
    assert holder(bureau, posted, NOW).account_id == bureau.actors["clerk"].account_id


def test_taking_over_keeps_the_other_s_text_and_shows_it(bureau: Bureau) -> None:
    posted = taken(bureau, "signer")
    with bureau.office.work.transaction() as session:
        working_texts.keep(
            session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), "写了一半的答复", 0, "page-one", bureau.office.settings, NOW
        )
    take(bureau, posted, "clerk", LATER)
    with bureau.office.work.reading() as session:
        kept = working_texts.offered(session, session.get_one(Inquiry, posted.inquiry_id), "")
        assert [(row.text, row.account.login) for row in kept] == [("写了一半的答复", "signer")]


def test_saving_takes_the_item_and_says_from_whom(bureau: Bureau) -> None:
    posted = taken(bureau)
    with bureau.office.work.transaction() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        review.save_draft(session, bureau.actors["signer"], inquiry, "签发人自己写的", 0, bureau.office.settings, NOW)
        assert inquiry.claimed_by_id == bureau.actors["signer"].account_id
    with bureau.office.work.reading() as session:
        assert session.scalars(select(Event).where(Event.action == "take_over")).one().data == {"from": bureau.actors["clerk"].account_id}


def test_another_unit_s_clerk_takes_nothing_over(bureau: Bureau) -> None:
    posted = taken(bureau)
    with pytest.raises(NotAllowed):
        take(bureau, posted, "clerk-sbj", LATER)


def test_people_are_shown_as_long_as_they_are_there(bureau: Bureau) -> None:
    posted = taken(bureau)
    with bureau.office.work.transaction() as session:
        claims.beat(session, bureau.actors["manager"], session.get_one(Inquiry, posted.inquiry_id), "nonsense", NOW)
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert [(p.account.login, p.doing) for p in claims.people_at(session, inquiry, NOW)] == [("clerk", "writing"), ("manager", "reading")]
        assert claims.people_at(session, inquiry, NOW + timedelta(minutes=2)) == []
