"""Hypothesis walks the life of inquiries through the real functions and the real database: no illegal state, no lost text, clocks and chains that hold."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from board.errors import Refused
from board.inquiries import merging, posting, side_moves, urgent, working_again, writing_again
from board.inquiries.deadlines import Calendar
from board.inquiries.events import broken_chain
from board.inquiries.history_rows import HistoryRules
from board.inquiries.importing_history import take_history
from board.inquiries.lifecycle import OPEN, TRANSITIONS
from board.inquiries.posting import Post, post_inquiry
from board.inquiries.public_text import content_hash
from board.inquiries.recounting import recount_terms
from board.inquiries.term_clock import Rules, term_of, why
from board.intake.reading import Line
from board.models import AccusedParty, CaseNote, Event, Inquiry, InquiryState, Publication, PublicMask, Rating, Reply, ReplyPart, ReplyState, Supplement
from board.replies import publishing, review
from board.settings import merged
from board.staff.roles import CITIZEN
from tests.bureau import Bureau, bureau
from tests.inquiries.all_moves import STEPS

__all__ = ["bureau"]
NIGHTLY = bool(os.environ.get("HUIYING_NIGHTLY"))
#: terms run into a year whose holidays nobody knows yet
BEGAN = datetime(2028, 12, 21, 2, tzinfo=UTC)
#: the holidays of 2029 and 2030 once they are announced
ANNOUNCED = Calendar({date(2029, 1, 1): (False, "元旦"), date(2029, 1, 2): (False, "元旦"), date(2029, 1, 6): (True, "调休上班")}, frozenset({2028, 2029, 2030}))
#: a complaint is signed by two people one after the other; the citizen may be told by mail; what was closed two days ago is archived
CHOSEN = {
    "approval": {"rules": [{"kind": "complaint", "chain": ["office", "leader"]}]},
    "life": {"archive_days": 2},
    "notices": {"enabled": True},
    "mail": {"enabled": True},
}
COUNTED = (Event, Reply, Supplement, ReplyPart, CaseNote, PublicMask, AccusedParty, Rating)
#: what the rules below make themselves, directly or by what follows from them (remerge, promote, reroute, divert, close, resume); the rest are STEPS
BY_RULES = frozenset({
    "post", "propose_urgent", "supplement", "follow_up", "correct", "withdraw", "draft", "edit", "submit", "send_back", "approve", "publish", "close",
    "extend", "pause", "ask_correction", "resume", "merge", "unmerge", "remerge", "promote", "decline", "mark_invalid", "claim", "accept", "unclaim",
    "retract", "revise", "reopen", "mark_urgent", "clear_urgent", "reroute", "divert", "recount_term", "release",
})  # fmt: skip
WHICH = st.integers(0, 4)
STAFF = st.sampled_from(["clerk", "signer", "signer2", "manager", "front", "clerk-sbj"])
CHIEFS = st.sampled_from(["signer", "signer", "manager", "front", "clerk"])
REASON = st.sampled_from(["需要核实", "同一问题", ""])
SNAPSHOT = (Inquiry.id, Inquiry.state, Inquiry.version, Inquiry.due_on, Inquiry.paused_at, Inquiry.merged_into_id, Inquiry.term_days)

#: moves that a walk rarely meets: kind and unit of a new inquiry, and what must have happened to it before
LEADS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "endorse": ("投诉", "", ("edit", "submit")), "bypass": ("投诉", "", ("edit", "submit")), "correct_and_sign": ("咨询", "", ("edit", "submit")),
    "paper": ("咨询", "", ("edit", "submit")), "send_back": ("咨询", "", ("edit", "submit")), "overrule": ("咨询", "", ("edit",)),
    "take_over": ("咨询", "", ("edit",)), "return_to_assigner": ("咨询", "", ("edit",)), "assign": ("咨询", "", ("accept",)),
    "co_answer": ("咨询", "", ("accept", "co_handle")), "clear_accused": ("投诉", "", ()), "supervise": ("求助", "", ()), "unmask": ("求助", "", ("mask",)),
    "rate": ("咨询", "", ("whole_way",)), "disclose": ("咨询", "", ("whole_way",)), "feedback": ("", "", ("slip", "decline")),
    "reroute": ("咨询", "", ("machine_drafts", "mark_accused")), "divert": ("咨询", "", ("accept", "assign", "mark_accused")),
    "correct": ("咨询", "", ("ask_correction",)), "remerge": ("咨询", "", ("post", "post", "merge_twice")), "let_through": ("咨询", "held", ()),
}  # fmt: skip


class CrashError(Exception):
    """The process dies before the commit."""


class LifeMachine(RuleBasedStateMachine):
    """A handful of inquiries, everybody who works on them, and a clock that moves by hours and days."""

    bureau: Bureau
    named: Iterator[int]
    steps: Iterator[int]

    def __init__(self) -> None:
        super().__init__()
        self.at = BEGAN
        self.ids: list[int] = []
        self.texts: list[tuple[int, str]] = []
        self.written = 0
        self.said: list[str] = []
        self.new: list[tuple[int, str]] = []
        office = self.bureau.office
        self.rules = Rules(replace(office.settings, tables=merged(office.settings.tables, CHOSEN)), office.calendar)

    def attempt(self, act: Callable[[Any], object], *, crash: bool = False) -> bool:
        """One transaction; a refusal or a crash must leave everything as it was. Returns whether it was done."""
        before = self.everything()
        self.new = []
        try:
            with self.bureau.office.work.transaction() as session:
                act(session)
                if crash:
                    raise CrashError  # noqa: TRY301 -- the transaction must see it
        except (Refused, CrashError):
            assert self.everything() == before
            return False
        self.ids += [key for key, _ in self.new]
        self.texts += self.new
        return True

    def everything(self) -> list[Any]:
        """All rows of this walk that a half-done step could have changed."""
        with self.bureau.office.work.reading() as session:
            rows = session.execute(select(*SNAPSHOT).where(Inquiry.id.in_(self.ids)).order_by(Inquiry.id)).all()
            texts = [session.scalar(select(func.count()).select_from(table).where(table.inquiry_id.in_(self.ids))) for table in COUNTED]
            return [*rows, *texts]

    def of(self, session: Any, which: int) -> Inquiry:
        """One of the inquiries."""
        return session.get_one(Inquiry, self.ids[which % len(self.ids)])

    def words(self) -> str:
        """A text that was never written before."""
        self.written += 1
        self.said.append(f"网民您好！这是第{self.written}次写下的文字。")
        return self.said[-1]

    def name(self) -> str:
        """A name that was never used before."""
        return f"第{next(self.named)}号人员"

    @initialize()
    def two_to_begin_with(self) -> None:
        self.post(kind="咨询", urgent_words=False)
        self.post(kind="投诉", urgent_words=False)
        self.post(kind="求助", urgent_words=False)
        self.whole_way(2)

    @initialize()
    def history_before_that(self) -> None:
        """An inquiry of long ago that was brought in and that a manager may make public."""
        office = self.bureau.office
        rules = HistoryRules("old", self.bureau.root_id, False, office.labels, {}, office.calendar, {"咨询": 5}, frozenset())
        row = {"ref": self.name(), "received_at": "2016-03-01 09:00", "text": "社保卡怎么补办？", "reply": "请到窗口办理。", "answered_at": "2016-03-02 09:00"}
        with office.work.transaction() as session:
            assert take_history(session, rules, [Line(1, row, row)], "cli:importer", self.at).added == 1
            self.old = session.scalars(select(Inquiry.id).where(Inquiry.imported).order_by(Inquiry.id.desc())).first() or 0

    @rule(who=STAFF)
    def release(self, who: str) -> None:
        """A manager alone, and once, makes a piece of history public."""
        with self.bureau.office.work.reading() as session:
            before = session.get_one(Inquiry, self.old).released
        done = self.attempt(lambda s: publishing.release(s, self.bureau.actors[who], s.get_one(Inquiry, self.old), self.at))
        assert done == (who == "manager" and not before)

    @precondition(lambda self: len(self.ids) < 5)
    @rule(kind=st.sampled_from(["咨询", "求助", "投诉", "举报"]), urgent_words=st.booleans(), held=st.booleans(), unit=st.sampled_from(["", "sbj"]))
    def post(self, kind: str, urgent_words: bool, held: bool = False, unit: str = "") -> None:
        text = self.words() + ("有人要跳楼！" if urgent_words else "社保局不办，失业保险金怎么申领？")
        office, given = self.bureau.office, Post(text, True, kind=kind, held_reason="含敏感词：法轮" if held else "", unit=unit, nickname="王女士")
        with office.work.transaction() as session:
            posted = post_inquiry(session, self.rules.settings, office.labels, office.key, self.rules.calendar, given, self.at)
        self.ids.append(posted.inquiry_id)
        self.texts.append((posted.inquiry_id, text))

    @rule(name=st.sampled_from(sorted(STEPS)), which=WHICH, who=st.sampled_from(["", "", "", "clerk", "signer", "manager", "front", "head", "clerk-sbj"]), lost=st.booleans())
    def any_other_move(self, name: str, which: int, who: str, lost: bool) -> None:
        """One of the rarer moves, mostly by somebody who may make it, now and then by anybody, now and then cut off before the commit."""
        if name == "slip" and len(self.ids) > 8:
            return
        usual, act = STEPS[name]
        actor = self.bureau.actors[who or usual] if usual else CITIZEN
        self.said = []
        if self.attempt(lambda s: act(self, s, self.of(s, which), actor), crash=lost and not who):
            self.texts += [(self.ids[which % len(self.ids)], text) for text in self.said]

    @precondition(lambda self: len(self.ids) < 8)
    @rule(name=st.sampled_from(sorted(LEADS)))
    def made_possible(self, name: str) -> None:
        """A new inquiry is brought to where a rare move can start, and the move is made."""
        kind, unit, before = LEADS[name]
        if kind:
            self.post(kind, False, unit == "held", unit.removeprefix("held"))
        for step in (*before, name):
            self.one_step(step)

    def one_step(self, name: str) -> None:
        """A step of ``made_possible`` with the newest inquiry."""
        which = len(self.ids) - 1
        plain: dict[str, Callable[[], object]] = {
            "edit": lambda: self.edit(which, "clerk", lost=False), "submit": lambda: self.submit(which, "clerk"),
            "accept": lambda: self.hold(which, "front", "accept"), "send_back": lambda: self.send_back(which, "signer", "请补充依据"),
            "decline": lambda: self.end(which, "front", "decline"), "whole_way": lambda: self.whole_way(which),
            "ask_correction": lambda: self.stop_and_go(which, "front", "ask_correction", lost=False), "correct": lambda: self.write_again(which),
            "post": lambda: self.post("咨询", False), "machine_drafts": lambda: self.machine_drafts(which),
            "merge_twice": lambda: [self.merge(one, one + 1, "front", lost=False) for one in (which - 2, which - 1)],
        }  # fmt: skip
        if name in STEPS:
            self.any_other_move(name, which, "", lost=False)
        elif name in plain:
            plain[name]()

    @rule(lost=st.booleans())
    def the_holidays_are_announced(self, lost: bool) -> None:
        """The State Council's notice comes: terms that were provisional are counted again, all others stay."""
        known = Rules(self.rules.settings, ANNOUNCED)
        self.attempt(lambda s: recount_terms(s, known, self.at), crash=lost)
        if not lost:
            self.rules = known

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
        self.any_other_move("let_through", which, "front", lost=False)
        self.stop_and_go(which, "clerk", "resume", lost=False)
        self.edit(which, "clerk", lost=False)
        self.submit(which, "clerk")
        self.approve(which, "front", lost=False)
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
        next(self.steps)
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
        signed = {public: content_hash(row.title, row.question, row.reply, public=public) for public in (True, False)}
        assert row.content_hash == signed[row.public]
        # who withdraws the consent (个人信息保护法 Art. 15) takes the signed words out of public sight; nothing else may differ from what was signed
        assert reply.approved_hash == signed[True] or (reply.approved_hash == signed[False] and not row.public)
        assert reply.approver_id != reply.author_id
    if inquiry.state in {InquiryState.answered, InquiryState.closed}:
        assert sum(row.withdrawn_at is None for row in given) == 1
    if inquiry.state == InquiryState.awaiting_approval:
        assert session.scalar(select(Reply.state).where(Reply.inquiry_id == inquiry.id, Reply.in_force)) in {ReplyState.submitted, ReplyState.approved}


def all_words(session: Any, key: int) -> str:
    """Every text of an inquiry, of whatever version."""
    replies = session.scalars(select(Reply.text).where(Reply.inquiry_id == key)).all()
    later = session.scalars(select(Supplement.text).where(Supplement.inquiry_id == key)).all()
    notes = session.scalars(select(CaseNote.text).where(CaseNote.inquiry_id == key)).all()
    judged = session.scalars(select(Rating.words).where(Rating.inquiry_id == key)).all()
    parts = [words for row in session.execute(select(ReplyPart.task, ReplyPart.text).where(ReplyPart.inquiry_id == key)) for words in row if words]
    return "\n".join((session.get_one(Inquiry, key).text, *replies, *later, *notes, *judged, *parts))


def test_every_move_of_the_table_is_among_the_rules() -> None:
    assert not BY_RULES & set(STEPS)
    assert BY_RULES | set(STEPS) == set(TRANSITIONS), "a new move needs a step in all_moves.py"


def test_the_life_of_inquiries_under_any_sequence_of_steps(bureau: Bureau) -> None:
    sqlite = bureau.office.engine.dialect.name == "sqlite"
    examples, steps = ((500, 50) if sqlite else (100, 50)) if NIGHTLY else ((8, 25) if sqlite else (2, 20))
    machine = type("Walk", (LifeMachine,), {"bureau": bureau, "named": count(1), "steps": count()})
    phases = (Phase.generate, Phase.shrink) if NIGHTLY else (Phase.generate,)
    chosen = settings(max_examples=examples, phases=phases, derandomize=not NIGHTLY, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck), database=None, print_blob=True)
    run_state_machine_as_test(machine, settings=chosen)
    with bureau.office.work.reading() as session:
        made = set(session.scalars(select(Event.action).distinct()))
    print(f"{bureau.office.engine.dialect.name}: at least {examples} walks, {next(machine.steps)} steps looked at, {len(made)} kinds of moves made")  # type: ignore[attr-defined]  # set above
    wanted = set(TRANSITIONS) if NIGHTLY and sqlite else {"edit", "submit", "approve", "publish"}
    assert made >= wanted, f"the walks never came to {sorted(wanted - made)}"


if NIGHTLY:
    test_the_life_of_inquiries_under_any_sequence_of_steps = pytest.mark.timeout(7200)(test_the_life_of_inquiries_under_any_sequence_of_steps)
