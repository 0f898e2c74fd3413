"""Merging and its undo: each citizen keeps the own code and reads the one answer, figures follow, nobody is left without a main item."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from board.clock import year_span
from board.errors import Conflict, InvalidInput, Refused
from board.inquiries import merging, posting
from board.inquiries.queries import answer_of
from board.inquiries.term_clock import Rules
from board.models import Event, Inquiry, InquiryState, OutboxRow
from board.replies import publishing, review
from board.reports.figures import count
from board.reports.scope import Scope
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]
REASON = "同一问题"


def rules(bureau: Bureau) -> Rules:
    return Rules(bureau.office.settings, bureau.office.calendar)


def merge(bureau: Bureau, which: int, into: int, who: str = "signer") -> None:
    with bureau.office.work.transaction() as session:
        merging.merge(session, bureau.actors[who], session.get_one(Inquiry, which), session.get_one(Inquiry, into), REASON, NOW)


def unmerge(bureau: Bureau, which: int) -> None:
    with bureau.office.work.transaction() as session:
        merging.unmerge(session, rules(bureau), bureau.actors["signer"], session.get_one(Inquiry, which), "不是同一问题", NOW)


def figures(bureau: Bureau) -> dict[str, int]:
    start, end = year_span(2026)
    with bureau.office.work.reading() as session:
        return {name: count(session, Scope(start, end, None, NOW), f"inquiries.{name}") for name in ("received", "repeated", "valid", "invalid")}


def test_each_citizen_reads_the_answer_with_the_own_code(bureau: Bureau) -> None:
    main, other = bureau.post(), bureau.post("失业金怎么申请？我的电话13800138000。")
    merge(bureau, other.inquiry_id, main.inquiry_id)
    bureau.submit(main)
    bureau.approve(main)
    with bureau.office.work.transaction() as session:
        publishing.publish(session, main.inquiry_id, bureau.office.settings, NOW)
    with bureau.office.work.reading() as session:
        mine = posting.find_by_code(session, bureau.office.key, other.number, other.tracking_code)
        answer = answer_of(session, mine)
        assert (mine.id, answer.inquiry_id) == (other.inquiry_id, main.inquiry_id)
        told = session.scalars(select(Event).where(Event.inquiry_id == other.inquiry_id, Event.action == "merge")).one()
        assert told.reason == REASON
    unmerge(bureau, other.inquiry_id)
    with bureau.office.work.reading() as session:
        assert answer_of(session, session.get_one(Inquiry, other.inquiry_id)) is None


def test_undoing_brings_back_state_holder_and_term(bureau: Bureau) -> None:
    main, other = bureau.post(), bureau.post()
    with bureau.office.work.transaction() as session:
        review.take(session, bureau.actors["clerk"], session.get_one(Inquiry, other.inquiry_id), NOW)
        was = session.get_one(Inquiry, other.inquiry_id)
        before = (was.state, was.claimed_by_id, was.due_on)
    merge(bureau, other.inquiry_id, main.inquiry_id)
    unmerge(bureau, other.inquiry_id)
    with bureau.office.work.reading() as session:
        now = session.get_one(Inquiry, other.inquiry_id)
        assert (now.state, now.claimed_by_id, now.due_on) == before
        assert session.scalars(select(OutboxRow.state).where(OutboxRow.task == "draft_reply", OutboxRow.subject == str(now.id))).one() == "open"


def test_followers_go_along_and_get_an_heir(bureau: Bureau) -> None:
    a, b, c, d = (bureau.post().inquiry_id for _ in range(4))
    merge(bureau, b, a)
    merge(bureau, c, a)
    merge(bureau, a, d)
    with bureau.office.work.transaction() as session:
        assert {session.get_one(Inquiry, key).merged_into_id for key in (a, b, c)} == {d}
        with pytest.raises(Conflict, match="3 条留言并入"):
            review.decline(session, bureau.actors["signer"], session.get_one(Inquiry, d), "不属本局职责", NOW)
        posting.withdraw(session, rules(bureau), session.get_one(Inquiry, d), NOW)
        heir = session.get_one(Inquiry, a)
        assert (heir.state, heir.merged_into_id) == (InquiryState.received, None)
        assert {session.get_one(Inquiry, key).merged_into_id for key in (b, c)} == {a}


def test_what_cannot_be_merged(bureau: Bureau) -> None:
    a, b, gone = (bureau.post().inquiry_id for _ in range(3))
    report = bureau.post("举报某公司骗取补贴。", kind="举报").inquiry_id
    merge(bureau, b, a)
    with bureau.office.work.transaction() as session:
        review.mark_invalid(session, bureau.actors["signer"], session.get_one(Inquiry, gone), "广告", NOW)
    for which, into in ((a, a), (a, b), (a, gone), (report, a), (a, report)):
        with pytest.raises(InvalidInput):
            merge(bureau, which, into)


def step(bureau: Bureau, keys: list[int], move: tuple[bool, int, int]) -> None:
    undo, which, into = move
    try:
        if undo:
            unmerge(bureau, keys[which])
        else:
            merge(bureau, keys[which], keys[into])
    except Refused:
        pass


def test_figures_stay_right_under_any_sequence(bureau: Bureau) -> None:
    keys = [bureau.post().inquiry_id for _ in range(5)]
    place = st.integers(0, 4)
    moves = st.lists(st.tuples(st.booleans(), place, place), max_size=12)

    @settings(max_examples=8, deadline=None, database=None, phases=(Phase.generate,), derandomize=True, suppress_health_check=list(HealthCheck))
    @given(moves)
    def check(sequence: list[Any]) -> None:
        for move in sequence:
            step(bureau, keys, move)
            with bureau.office.work.reading() as session:
                rows = session.scalars(select(Inquiry)).all()
                merged = [row for row in rows if row.state == InquiryState.merged]
                assert all(session.get_one(Inquiry, row.merged_into_id).merged_into_id is None for row in merged)
            assert figures(bureau) == {"received": 5, "repeated": len(merged), "valid": 5 - len(merged), "invalid": 0}
        for key in keys:
            step(bureau, keys, (True, keys.index(key), 0))
        assert figures(bureau) == {"received": 5, "repeated": 0, "valid": 5, "invalid": 0}

    check()
