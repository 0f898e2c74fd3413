"""Hypothesis walks the life of inquiries through the real functions and the real database: no illegal state, no lost text, clocks and chains that hold."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from board.errors import Refused
from board.inquiries import merging, posting, side_moves, urgent, working_again, writing_again
from board.inquiries.events import broken_chain
from board.inquiries.lifecycle import OPEN, TRANSITIONS
from board.inquiries.term_clock import Rules, term_of, why
from board.models import Event, Inquiry, InquiryState, Publication, Reply, ReplyState, Supplement
from board.replies import publishing, review
from tests.bureau import Bureau, bureau

__all__ = ["bureau"]
NIGHTLY = bool(os.environ.get("HUIYING_NIGHTLY"))
BEGAN = datetime(2026, 11, 24, 2, tzinfo=UTC)
WHICH = st.integers(0, 4)
STAFF = st.sampled_from(["clerk", "signer", "signer2", "manager", "front", "clerk-sbj"])
CHIEFS = st.sampled_from(["signer", "signer", "manager", "front", "clerk"])
REASON = st.sampled_from(["需要核实", "同一问题", ""])
SNAPSHOT = (Inquiry.id, Inquiry.state, Inquiry.version, Inquiry.due_on, Inquiry.paused_at, Inquiry.merged_into_id, Inquiry.term_days)


class CrashError(Exception):
    """The process dies before the commit."""


class LifeMachine(RuleBasedStateMachine):
    """A handful of inquiries, everybody who works on them, and a clock that moves by hours and days."""

    bureau: Bureau

    def __init__(self) -> None:
        super().__init__()
        self.at = BEGAN
        self.ids: list[int] = []
        self.texts: list[tuple[int, str]] = []
        self.written = 0
        self.rules = Rules(self.bureau.office.settings, self.bureau.office.calendar)

    def attempt(self, act: Callable[[Any], object], *, crash: bool = False) -> bool:
        """One transaction; a refusal or a crash must leave everything as it was. Returns whether it was done."""
        before = self.everything()
        try:
            with self.bureau.office.work.transaction() as session:
                act(session)
                if crash:
                    raise CrashError  # noqa: TRY301 -- the transaction must see it
        except (Refused, CrashError):
            assert self.everything() == before
            return False
        return True

    def everything(self) -> list[Any]:
        """All rows of this walk that a half-done step could have changed."""
        with self.bureau.office.work.reading() as session:
            rows = session.execute(select(*SNAPSHOT).where(Inquiry.id.in_(self.ids)).order_by(Inquiry.id)).all()
            texts = [session.scalar(select(func.count()).select_from(table).where(table.inquiry_id.in_(self.ids))) for table in (Event, Reply, Supplement)]
            return [*rows, *texts]

    def of(self, session: Any, which: int) -> Inquiry:
        """One of the inquiries."""
        return session.get_one(Inquiry, self.ids[which % len(self.ids)])

    def words(self) -> str:
        """A text that was never written before."""
        self.written += 1
        return f"网民您好！这是第{self.written}次写下的文字。"

    @initialize()
    def two_to_begin_with(self) -> None:
        self.post(kind="咨询", urgent_words=False)
        self.post(kind="投诉", urgent_words=False)

    @precondition(lambda self: len(self.ids) < 5)
    @rule(kind=st.sampled_from(["咨询", "求助", "投诉", "举报"]), urgent_words=st.booleans())
    def post(self, kind: str, urgent_words: bool) -> None:
        text = self.words() + ("有人要跳楼！" if urgent_words else "失业保险金怎么申领？")
        posted = self.bureau.post(text, at=self.at, kind=kind)
        self.ids.append(posted.inquiry_id)
        self.texts.append((posted.inquiry_id, text))

    @rule(hours=st.sampled_from([1, 5, 24, 72, 24 * 9]))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(which=WHICH)
    def write_again(self, which: int) -> None:
        text = self.words()
        if self.attempt(lambda s: writing_again.write_again(s, self.rules, self.of(s, which), text, self.at)):
            self.texts.append((self.ids[which % len(self.ids)], text))

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        self.attempt(lambda s: posting.withdraw(s, self.rules, self.of(s, which), self.at))

    @rule(which=WHICH)
    def machine_drafts(self, which: int) -> None:
        o = self.bureau.office
        posted = type("Posted", (), {"inquiry_id": self.ids[which % len(self.ids)]})
        assert self.bureau.draft(posted) in {"drafted", "skipped"}
        assert o.engine is not None

    @rule(which=WHICH, who=STAFF, lost=st.booleans())
    def edit(self, which: int, who: str, lost: bool) -> None:
        text = self.words()

        def act(session: Any) -> None:
            inquiry = self.of(session, which)
            standing = review.current_reply(session, inquiry)
            review.save_draft(session, self.bureau.actors[who], inquiry, text, standing.revision if standing else 0, self.rules.settings, self.at)

        if self.attempt(act, crash=lost):
            self.texts.append((self.ids[which % len(self.ids)], text))

    @rule(which=WHICH, who=STAFF)
    def submit(self, which: int, who: str) -> None:
        def act(session: Any) -> None:
            inquiry = self.of(session, which)
            standing = review.current_reply(session, inquiry)
            review.submit(session, self.bureau.actors[who], inquiry, standing.revision if standing else 0, self.at, self.rules.settings)

        self.attempt(act)

    @rule(which=WHICH, who=STAFF, reason=REASON)
    def send_back(self, which: int, who: str, reason: str) -> None:
        self.attempt(lambda s: review.send_back(s, self.bureau.actors[who], self.of(s, which), reason, self.at, self.rules.settings))

    @rule(which=WHICH, who=STAFF, lost=st.booleans())
    def approve(self, which: int, who: str, lost: bool) -> None:
        def act(session: Any) -> None:
            inquiry = self.of(session, which)
            seen = review.preview(session, inquiry, self.rules.settings).content_hash
            review.approve(session, self.bureau.actors[who], inquiry, seen, self.rules.settings, self.at)

        self.attempt(act, crash=lost)

    @rule(which=WHICH, lost=st.booleans())
    def worker_publishes(self, which: int, lost: bool) -> None:
        self.attempt(lambda s: publishing.publish(s, self.ids[which % len(self.ids)], self.rules.settings, self.at), crash=lost)

    @rule(which=WHICH)
    def whole_way(self, which: int) -> None:
        """One inquiry as far as it goes, so that a walk comes to answers and what follows them."""
        self.stop_and_go(which, "clerk", "resume", lost=False)
        self.edit(which, "clerk", lost=False)
        self.submit(which, "clerk")
        self.approve(which, "signer", lost=False)
        self.worker_publishes(which, lost=False)

    @rule(which=WHICH)
    def redeliver(self, which: int) -> None:
        """Every message of the inquiry comes once more; nothing is published twice."""
        self.worker_publishes(which, lost=False)
        self.machine_drafts(which)
        before = self.everything()
        self.worker_publishes(which, lost=False)
        self.machine_drafts(which)
        assert self.everything() == before

    @rule(which=WHICH, who=CHIEFS, days=st.integers(0, 16), reason=REASON)
    def extend(self, which: int, who: str, days: int, reason: str) -> None:
        self.attempt(lambda s: side_moves.extend(s, self.rules, self.bureau.actors[who], self.of(s, which), days, reason, self.at))

    @rule(which=WHICH, who=CHIEFS, name=st.sampled_from(["pause", "ask_correction", "resume", "resume"]), lost=st.booleans())
    def stop_and_go(self, which: int, who: str, name: str, lost: bool) -> None:
        act = getattr(side_moves, name)
        self.attempt(lambda s: act(s, self.rules, self.bureau.actors[who], self.of(s, which), "征求意见", self.at), crash=lost)

    @rule(which=WHICH, other=WHICH, who=CHIEFS, lost=st.booleans())
    def merge(self, which: int, other: int, who: str, lost: bool) -> None:
        self.attempt(lambda s: merging.merge(s, self.bureau.actors[who], self.of(s, which), self.of(s, other), "同一问题", self.at), crash=lost)

    @rule(which=WHICH, who=CHIEFS)
    def unmerge(self, which: int, who: str) -> None:
        self.attempt(lambda s: merging.unmerge(s, self.rules, self.bureau.actors[who], self.of(s, which), "不是同一问题", self.at))

    @rule(which=WHICH, who=STAFF, name=st.sampled_from(["decline", "mark_invalid"]))
    def end(self, which: int, who: str, name: str) -> None:
        self.attempt(lambda s: getattr(review, name)(s, self.bureau.actors[who], self.of(s, which), "不属本局职责", self.at))

    @rule(which=WHICH, who=STAFF, name=st.sampled_from(["take", "accept", "unclaim"]))
    def hold(self, which: int, who: str, name: str) -> None:
        act = side_moves.unclaim if name == "unclaim" else getattr(review, name)
        self.attempt(lambda s: act(s, self.bureau.actors[who], self.of(s, which), self.at))

    @rule(which=WHICH, name=st.sampled_from(["retract", "revise"]))
    def work_again(self, which: int, name: str) -> None:
        self.attempt(lambda s: getattr(working_again, name)(s, self.rules, self.bureau.actors["signer"], self.of(s, which), "有误", self.at))

    @rule(which=WHICH)
    def reopen(self, which: int) -> None:
        self.attempt(lambda s: working_again.reopen(s, self.rules, self.of(s, which), "不满意", self.at))

    @rule(which=WHICH, name=st.sampled_from(["mark_urgent", "clear_urgent"]))
    def urgency(self, which: int, name: str) -> None:
        self.attempt(lambda s: getattr(urgent, name)(s, self.rules, self.bureau.actors["clerk"], self.of(s, which), "核实情况", self.at))

    @invariant()
    def everything_holds(self) -> None:
        with self.bureau.office.work.reading() as session:
            for key in self.ids:
                inquiry = session.get_one(Inquiry, key)
                events = session.scalars(select(Event).where(Event.inquiry_id == key).order_by(Event.sequence)).all()
                lawful(session, inquiry, events)
                timely(session, self.rules, inquiry, events)
                told_once(session, inquiry)
            for key, text in self.texts:
                assert text in all_words(session, key), text


def lawful(session: Any, inquiry: Inquiry, events: list[Event]) -> None:
    """The events are a walk through the table, whole and chained, and end where the row stands."""
    assert broken_chain(session, inquiry.id) is None
    assert [event.sequence for event in events] == list(range(1, inquiry.version + 1))
    state = ""
    undone: dict[str, str] = {}
    for event in events:
        step = TRANSITIONS[event.action]
        assert event.from_state == state
        assert not state or InquiryState(state) in step.sources, (event.action, state)
        expected = undone[step.undoes] if step.undoes else step.target or state
        assert event.to_state == expected, (event.action, state, event.to_state)
        assert not step.needs_reason or event.reason
        undone[event.action] = state
        state = event.to_state
    assert state == inquiry.state
    assert (inquiry.state == InquiryState.merged) == (inquiry.merged_into_id is not None)
    if inquiry.merged_into_id:
        main = session.get_one(Inquiry, inquiry.merged_into_id)
        assert main.merged_into_id is None
        assert main.state not in merging.ENDED


def timely(session: Any, rules: Rules, inquiry: Inquiry, events: list[Event]) -> None:
    """The row says what its events give when they are counted again."""
    if inquiry.state not in OPEN:
        return
    term = term_of(rules, inquiry, events)
    assert (inquiry.paused_at is not None) == term.standing
    assert inquiry.due_on == why(session, rules, inquiry).due
    assert sum(event.action == "extend" for event in events) <= 1 + sum(event.action in {"follow_up", "reopen", "retract", "revise"} for event in events)


def told_once(session: Any, inquiry: Inquiry) -> None:
    """At most one answer stands; every answer is exactly what a second person signed."""
    given = session.scalars(select(Publication).where(Publication.inquiry_id == inquiry.id)).all()
    assert sum(row.withdrawn_at is None for row in given) <= 1
    for row in given:
        reply = session.get_one(Reply, row.reply_id)
        assert row.content_hash == reply.approved_hash
        assert reply.approver_id != reply.author_id
    if inquiry.state in {InquiryState.answered, InquiryState.closed}:
        assert sum(row.withdrawn_at is None for row in given) == 1
    if inquiry.state == InquiryState.awaiting_approval:
        assert session.scalar(select(Reply.state).where(Reply.inquiry_id == inquiry.id, Reply.in_force)) in {ReplyState.submitted, ReplyState.approved}


def all_words(session: Any, key: int) -> str:
    """Every text of an inquiry, of whatever version."""
    replies = session.scalars(select(Reply.text).where(Reply.inquiry_id == key)).all()
    later = session.scalars(select(Supplement.text).where(Supplement.inquiry_id == key)).all()
    return "\n".join((session.get_one(Inquiry, key).text, *replies, *later))


def test_the_life_of_inquiries_under_any_sequence_of_steps(bureau: Bureau) -> None:
    sqlite = bureau.office.engine.dialect.name == "sqlite"
    examples, steps = ((500, 50) if sqlite else (100, 50)) if NIGHTLY else ((14, 30) if sqlite else (5, 25))
    machine = type("Walk", (LifeMachine,), {"bureau": bureau})
    phases = (Phase.generate, Phase.shrink) if NIGHTLY else (Phase.generate,)
    chosen = settings(max_examples=examples, phases=phases, derandomize=not NIGHTLY, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck), database=None, print_blob=True)
    run_state_machine_as_test(machine, settings=chosen)
    with bureau.office.work.reading() as session:
        made = set(session.scalars(select(Event.action).distinct()))
    far = {"extend", "pause", "resume", "merge", "unmerge", "follow_up", "supplement"} if NIGHTLY else {"submit", "edit"}
    assert made >= {"approve", "publish"} | far, "the walks did not come far"


if NIGHTLY:
    test_the_life_of_inquiries_under_any_sequence_of_steps = pytest.mark.timeout(7200)(test_the_life_of_inquiries_under_any_sequence_of_steps)
