"""Deputies (AB岗): the same role, for some days; items of the other are one's own to work on, and never a right more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine

from board.errors import Conflict, HuiyingError, InvalidInput, NotAllowed, NotFound
from board.models import Inquiry, Unit
from board.replies import queue, review
from board.replies.lanes import lines_on
from board.staff.accounts import actor_of, find_account
from board.staff.deputies import current_deputies, end_deputy, set_deputy
from board.staff.roles import Actor, Right, may
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
TODAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)


def named(bureau: Bureau, who: str, login: str, deputy: str, from_on: date | None = TODAY, until_on: date | None = FRIDAY) -> int:
    with bureau.office.work.transaction() as session:
        return set_deputy(session, bureau.actors[who], login, deputy, from_on, until_on, NOW).id


def actor_on(bureau: Bureau, login: str, day: date) -> Actor:
    with time_machine.travel(NOW + (day - TODAY), tick=False), bureau.office.work.reading() as session:
        return actor_of(session, find_account(session, login))


def test_for_these_days_and_no_longer_the_other_s_items_are_one_s_own(bureau: Bureau) -> None:
    named(bureau, "clerk", "clerk", "clerk-sbj", TODAY, FRIDAY)
    posted = bureau.post(at=NOW)
    with bureau.office.work.transaction() as session:
        review.take(session, bureau.actors["clerk"], session.get_one(Inquiry, posted.inquiry_id), NOW)
    for day, works in ((TODAY - timedelta(days=1), False), (TODAY, True), (FRIDAY, True), (FRIDAY + timedelta(days=1), False)):
        deputy = actor_on(bureau, "clerk-sbj", day)
        with bureau.office.work.reading() as session:
            inquiry = session.get_one(Inquiry, posted.inquiry_id)
            assert may(deputy, Right.edit_draft, inquiry) is works, day
            assert queue.counts(session, deputy, lines_on(bureau.office.settings, bureau.office.calendar, TODAY))["mine"] == works, day
            assert not may(deputy, Right.approve, inquiry)


def test_an_ended_one_ends_at_once(bureau: Bureau) -> None:
    key = named(bureau, "clerk", "clerk", "clerk-sbj")
    assert actor_on(bureau, "clerk-sbj", TODAY).stands_in
    with bureau.office.work.transaction() as session:
        end_deputy(session, bureau.actors["clerk"], key, NOW)
    assert not actor_on(bureau, "clerk-sbj", TODAY).stands_in


def test_a_role_that_changed_or_an_account_that_ended_is_nobody_s_deputy(bureau: Bureau) -> None:
    named(bureau, "clerk", "clerk", "clerk-sbj")
    with bureau.office.work.transaction() as session:
        find_account(session, "clerk").active = False
    assert not actor_on(bureau, "clerk-sbj", TODAY).stands_in


@pytest.mark.parametrize(("who", "login", "deputy", "days", "error"), [
    ("clerk", "clerk", "signer", (TODAY, FRIDAY), InvalidInput), ("clerk", "clerk", "clerk", (TODAY, FRIDAY), InvalidInput),
    ("clerk", "signer", "signer2", (TODAY, FRIDAY), NotAllowed), ("clerk", "clerk", "nobody", (TODAY, FRIDAY), InvalidInput),
    ("clerk", "clerk", "clerk-sbj", (date(2026, 11, 23), FRIDAY), InvalidInput), ("clerk", "clerk", "clerk-sbj", (FRIDAY, TODAY), InvalidInput),
    ("clerk", "clerk", "clerk-sbj", (TODAY, date(2028, 1, 1)), InvalidInput), ("clerk", "clerk", "clerk-sbj", (None, FRIDAY), InvalidInput),
])  # fmt: skip
def test_what_is_refused(bureau: Bureau, who: str, login: str, deputy: str, days: tuple[date | None, date | None], error: type[HuiyingError]) -> None:
    with pytest.raises(error):
        named(bureau, who, login, deputy, *days)


def test_days_do_not_overlap_and_managers_name_for_others(bureau: Bureau) -> None:
    named(bureau, "manager", "signer", "signer2")
    with pytest.raises(Conflict):
        named(bureau, "signer", "signer", "signer2", FRIDAY, FRIDAY)
    named(bureau, "signer", "signer", "signer2", FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=1))


def test_another_s_is_not_ended_by_a_clerk_nor_seen(bureau: Bureau) -> None:
    key = named(bureau, "manager", "signer", "signer2")
    with bureau.office.work.transaction() as session:
        assert current_deputies(session, bureau.actors["clerk"], TODAY) == []
        assert [row.id for row in current_deputies(session, bureau.actors["signer2"], TODAY)] == [key]
        with pytest.raises(NotFound):
            end_deputy(session, bureau.actors["clerk"], key, NOW)


def test_units_of_the_other_are_worked_for(bureau: Bureau) -> None:
    named(bureau, "manager", "clerk-sbj", "clerk")
    posted = bureau.post()
    with bureau.office.work.transaction() as session:
        session.get_one(Inquiry, posted.inquiry_id).unit_id = session.query(Unit).filter_by(code="sbj").one().id
    clerk = replace(bureau.actors["clerk"], unit_ids=frozenset())
    with bureau.office.work.reading() as session:
        inquiry = session.get_one(Inquiry, posted.inquiry_id)
        assert not may(clerk, Right.claim, inquiry)
        assert may(actor_on(bureau, "clerk", TODAY), Right.claim, inquiry)
