import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries import lifecycle
from board.inquiries.events import broken_chain
from board.inquiries.lifecycle import TRANSITIONS, Who, move
from board.models import Event, Inquiry, InquiryState, Role
from board.replies import review
from board.staff.roles import ALLOWED, CITIZEN, OWN_ONLY, SYSTEM, Actor, Right, may
from tests.bureau import NOW, Bureau


def test_every_state_is_reached_and_every_end_is_an_end() -> None:
    reached = {step.target for step in TRANSITIONS.values() if step.target} | {InquiryState.received}
    assert reached == set(InquiryState)
    for state in (InquiryState.declined, InquiryState.invalid, InquiryState.merged, InquiryState.withdrawn):
        assert not [name for name, step in TRANSITIONS.items() if state in step.sources and step.target], state


def test_a_stale_reader_loses(bureau: Bureau) -> None:
    posted = bureau.post()
    work = bureau.office.work
    with work.reading() as session:
        stale = session.get_one(Inquiry, posted.inquiry_id)
        session.expunge(stale)
    with work.transaction() as session:
        review.accept(session, bureau.actors["clerk"], session.get_one(Inquiry, posted.inquiry_id), NOW)
    with work.transaction() as session, pytest.raises(Conflict):
        session.add(stale)
        move(session, stale, "accept", bureau.actors["clerk"], NOW)


def test_a_move_from_the_wrong_state_is_refused(bureau: Bureau) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session, pytest.raises(Conflict):
        move(session, session.get_one(Inquiry, posted.inquiry_id), "publish", SYSTEM, NOW)


def test_declining_needs_a_reason(bureau: Bureau) -> None:
    posted = bureau.post()
    with bureau.office.work.transaction() as session, pytest.raises(InvalidInput):
        review.decline(session, bureau.actors["signer"], session.get_one(Inquiry, posted.inquiry_id), "  ", NOW)


@pytest.mark.parametrize("action", sorted(TRANSITIONS))
@pytest.mark.parametrize("login", ["clerk", "signer", "manager", "admin", "clerk-sbj", "citizen", "system"])
def test_who_may_make_which_move(bureau: Bureau, action: str, login: str) -> None:
    posted = bureau.post()
    actor = {"citizen": CITIZEN, "system": SYSTEM}.get(login) or bureau.actors[login]
    step = TRANSITIONS[action]
    own = login != "clerk-sbj"  # the item lies in the root unit, the clerk of 社保局 has no part in it
    if isinstance(step.by, Right):
        allowed = actor.role in ALLOWED[step.by] and (own or (step.by, actor.role) not in OWN_ONLY)
    else:
        allowed = step.by == Who(login) if login in set(Who) else False
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        if allowed:
            lifecycle.check_actor(step, actor, inquiry)
        else:
            with pytest.raises(NotAllowed):
                lifecycle.check_actor(step, actor, inquiry)


def test_the_administrator_has_no_right_over_content() -> None:
    admin = Actor("account:9", Role.admin, 9)
    assert {right for right in Right if may(admin, right)} == {Right.requeue, Right.manage_accounts, Right.read_audit, Right.health_detail}


def test_events_cannot_be_changed_or_deleted(bureau: Bureau) -> None:
    bureau.post()
    for statement in (update(Event).values(actor="somebody"), Event.__table__.delete()):
        with pytest.raises(DatabaseError, match="append-only"), bureau.office.engine.begin() as connection:
            connection.execute(statement)


def test_the_chain_of_events_holds_and_shows_a_forgery(bureau: Bureau) -> None:
    posted = bureau.post()
    bureau.draft(posted)
    bureau.submit(posted)
    with bureau.office.work.reading() as session:
        assert broken_chain(session, posted.inquiry_id) is None
        event = session.scalars(select(Event).where(Event.action == "claim")).one()
        assert event.sequence == 4
        event.actor = "account:99"
        with session.no_autoflush:
            assert broken_chain(session, posted.inquiry_id) == 4
