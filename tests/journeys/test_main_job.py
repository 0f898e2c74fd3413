"""The main job by rooms, on both databases: posted, drafted, written, signed, published, counted; every step an event of a whole chain."""

from itertools import pairwise

import pytest
from sqlalchemy import select

from board.clock import local_day
from board.errors import Refused
from board.inquiries.events import broken_chain
from board.inquiries.queries import public_inquiry
from board.models import DayCount, Event, Inquiry, InquiryState, OutboxRow, Reply
from board.replies import publishing
from board.reports.counting import counted, recount_all, recount_day
from board.reports.figures import count, items
from board.reports.scope import day_scope, year_scope
from tests.bureau import NOW, Bureau

FIGURES = ("received", "answered", "closed", "published")
QUESTION = "失业保险金怎么申领？需要提交什么材料？我的电话是13800138000。"
REPLY = "网民您好！请携带身份证和终止劳动关系的证明到就业股2号窗口办理。"


def figures(bureau: Bureau) -> dict[str, int]:
    """The year's figures as the pages and reports count them."""
    with bureau.office.work.reading() as session:
        return {name: count(session, year_scope(session, NOW.year, None, NOW), f"inquiries.{name}") for name in FIGURES}


def recounted(bureau: Bureau) -> dict[str, int]:
    """The day's figures after the recount that the outbox asks for."""
    with bureau.office.work.transaction() as session:
        recount_day(session, local_day(NOW), NOW)
    with bureau.office.work.reading() as session:
        return {name: counted(session, name, day_scope(local_day(NOW), NOW)) for name in FIGURES}


def publish(bureau: Bureau, inquiry_id: int) -> str:
    """What the worker does after the approval."""
    with bureau.office.work.transaction() as session:
        return publishing.publish(session, inquiry_id, bureau.office.settings, NOW)


def earlier(bureau: Bureau) -> None:
    """One that went the whole way and one that still waits, so that the figures start at other numbers than 0."""
    done = bureau.post("社会保障卡遗失后怎么补办？")
    bureau.submit(done)
    bureau.approve(done)
    assert publish(bureau, done.inquiry_id) == "published"
    bureau.post("补办社会保障卡要多少钱？")


@pytest.mark.parametrize("public", [True, False])
def test_the_whole_way_moves_every_figure_by_one(bureau: Bureau, public: bool) -> None:
    earlier(bureau)
    before, day_before = figures(bureau), recounted(bureau)
    assert before == day_before == {"received": 2, "answered": 1, "closed": 1, "published": 1}

    posted = bureau.post(QUESTION, publish=public)
    assert figures(bureau) == {**before, "received": 3}
    assert bureau.draft(posted) == "drafted"
    assert figures(bureau) == {**before, "received": 3}
    bureau.submit(posted, REPLY)
    bureau.approve(posted)
    assert figures(bureau) == {**before, "received": 3}
    assert publish(bureau, posted.inquiry_id) == "published"

    after = {"received": 3, "answered": 2, "closed": 2, "published": 1 + public}
    assert figures(bureau) == after
    assert recounted(bureau) == after
    with bureau.office.work.reading() as session:
        scope = year_scope(session, NOW.year, None, NOW)
        assert [item.number for item in items(session, scope, "inquiries.closed")][-1] == posted.number
        assert session.get_one(Inquiry, posted.inquiry_id).state is InquiryState.closed


def test_repeating_the_workers_steps_changes_no_figure(bureau: Bureau) -> None:
    earlier(bureau)
    posted = bureau.post(QUESTION)
    bureau.draft(posted)
    assert bureau.draft(posted) == "skipped"
    bureau.submit(posted, REPLY)
    bureau.approve(posted)
    assert [publish(bureau, posted.inquiry_id) for _ in range(3)] == ["published", "skipped", "skipped"]
    once = recounted(bureau)
    assert recounted(bureau) == once == figures(bureau)
    cells = day_cells(bureau)
    with bureau.office.work.transaction() as session:
        recount_all(session, NOW)
    assert day_cells(bureau) == cells


def day_cells(bureau: Bureau) -> list[tuple[object, ...]]:
    """All counted days."""
    with bureau.office.work.reading() as session:
        rows = session.execute(select(DayCount.day, DayCount.unit_id, DayCount.kind, DayCount.figure, DayCount.count))
        return sorted(tuple(row) for row in rows)


def test_every_step_is_an_event_of_a_whole_chain(bureau: Bureau) -> None:
    posted = bureau.post(QUESTION)
    bureau.draft(posted)
    bureau.submit(posted, REPLY)
    bureau.approve(posted)
    publish(bureau, posted.inquiry_id)
    with bureau.office.work.reading() as session:
        events = session.scalars(select(Event).where(Event.inquiry_id == posted.inquiry_id).order_by(Event.sequence)).all()
        assert broken_chain(session, posted.inquiry_id) is None
        tasks = {row.task for row in session.scalars(select(OutboxRow))}
        versions = session.scalars(select(Reply).where(Reply.inquiry_id == posted.inquiry_id).order_by(Reply.revision)).all()
        assert [reply.author_id is None for reply in versions] == [True, False]
    assert [event.action for event in events] == ["post", "draft", "accept", "claim", "edit", "submit", "approve", "publish", "close"]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert all(before.to_state == after.from_state for before, after in pairwise(events))
    people = {event.action: event.actor for event in events}
    assert people["submit"] == f"account:{bureau.actors['clerk'].account_id}"
    assert people["approve"] == f"account:{bureau.actors['signer'].account_id}"
    assert tasks >= {"draft_reply", "publish_reply", "recount_day"}
    written = " ".join(f"{event.reason} {event.data}" for event in events)
    assert "13800138000" not in written
    assert "失业保险金怎么申领" not in written


def test_what_the_public_reads_is_masked_and_the_gap_holds_the_draft_back(bureau: Bureau) -> None:
    posted = bureau.post(QUESTION)
    with pytest.raises(Refused, match="补充"):
        bureau.submit(posted, "网民您好！【请补充：办理时限】")
    bureau.submit(posted, REPLY)
    bureau.approve(posted)
    publish(bureau, posted.inquiry_id)
    with bureau.office.work.reading() as session:
        card = public_inquiry(session, posted.number)
        assert card.reply == REPLY
        assert "138****8000" in card.question
        assert "13800138000" not in card.title + card.question + card.reply
