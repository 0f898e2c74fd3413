"""The queue on both databases: lanes and their counts agree, pages meet without gap, indexes are used, search keeps to the rights."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from board.clock import day_start, local_day
from board.errors import InvalidInput, NotAllowed, NotFound
from board.inquiries.lifecycle import OPEN
from board.models import Channel, Inquiry, InquiryKind, InquiryState, OutboxRow, OutboxState, Unit
from board.models.inquiries import LIVE
from board.replies import bulk, review, saved_views
from board.replies.choosing import Choice, choice_of
from board.replies.lanes import LANES, Lines, conditions, failing_before, lines_on
from board.replies.queue import Listing, counts, desk_queue
from board.replies.tally import kept_counts
from tests.bureau import NOW, Bureau

TODAY = local_day(NOW)


@pytest.fixture
def lines(bureau: Bureau) -> Lines:
    """Today's lines of the bureau."""
    return lines_on(bureau.office.settings, bureau.office.calendar, TODAY)


@pytest.fixture
def many(bureau: Bureau) -> Bureau:
    """120 inquiries in every state, with and without a due day, some imported, one with failed work."""
    dice = random.Random(7)
    with bureau.office.work.transaction() as session:
        units = [unit.id for unit in session.query(Unit)]
        people = [bureau.actors["clerk"].account_id, bureau.actors["signer"].account_id, None, None]
        for key in range(120):
            state = dice.choice([state for state in InquiryState if state != InquiryState.merged])
            received = NOW - timedelta(days=dice.randint(0, 110), minutes=dice.randint(0, 3))
            session.add(Inquiry(
                number=f"LY{key:04d}", title=f"第{key}件", text="请问怎么办理？", publish=False, kind=dice.choice(list(InquiryKind)), channel=dice.choice(list(Channel)),
                unit_id=dice.choice(units), state=state, claimed_by_id=dice.choice(people), received_at=received, imported=key % 11 == 0,
                due_on=dice.choice([None, TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=9), TODAY - timedelta(days=3)]),
                held_reason="疑似程序自动提交" if key % 13 == 0 else "",
            ))  # fmt: skip
        session.flush()
        row = session.query(Inquiry).filter(Inquiry.state == InquiryState.in_hand, Inquiry.imported.is_(False)).first()
        session.add(OutboxRow(task="draft_reply", subject=str(row.id), state=OutboxState.failed, next_attempt_at=NOW, created_at=NOW))
    return bureau


def test_what_the_indexes_call_live_is_what_the_life_calls_open() -> None:
    assert {state for state in InquiryState if f"'{state}'" in LIVE} == OPEN


@pytest.mark.parametrize("login", ["clerk", "clerk-sbj", "signer", "manager"])
def test_each_counter_says_what_its_lane_holds(many: Bureau, lines: Lines, login: str) -> None:
    actor = many.actors[login]
    with many.office.work.reading() as session:
        told = counts(session, actor, lines)
        held = {lane: session.query(Inquiry).filter(conditions(actor, lines)[lane]).count() for lane in LANES if lane != "done"}
    assert {lane: told[lane] for lane in held} == held
    assert sum(bool(number) for number in held.values()) > 12


def test_counts_follow_every_event_and_are_one_grouped_query(many: Bureau, lines: Lines) -> None:
    seen: list[str] = []
    kept_counts.clear()
    event.listen(many.office.engine, "before_cursor_execute", lambda *given: seen.append(given[2]) if given[2] != "BEGIN" else None)
    with many.office.work.reading() as session:
        before = counts(session, many.actors["clerk"], lines)["all"]
        assert [("GROUP BY" in statement) for statement in seen] == [False, True, False, False, False, False]
        counts(session, many.actors["manager"], lines)
        assert sum("GROUP BY" in statement for statement in seen) == 1
    many.post()
    with many.office.work.reading() as session:
        assert counts(session, many.actors["clerk"], lines)["all"] == before + 1


def walked(session: Session, bureau: Bureau, choice: Choice, lines: Lines) -> list[Listing]:
    """All pages of a view, seven items each."""
    pages = [desk_queue(session, bureau.actors["manager"], choice, lines, per_page=7)]
    while pages[-1].after:
        pages.append(desk_queue(session, bureau.actors["manager"], choice, lines, after=pages[-1].after, per_page=7))
    return pages


@pytest.mark.parametrize("sort", ["due", "received", "newest"])
@pytest.mark.parametrize("lane", ["all", "done"])
def test_pages_meet_without_gap_or_repetition_in_both_directions(many: Bureau, lines: Lines, sort: str, lane: str) -> None:
    choice = Choice(lane=lane, sort=sort)
    with many.office.work.reading() as session:
        pages = walked(session, many, choice, lines)
        ids = [item.id for page in pages for item in page.items]
        assert len(ids) == len(set(ids)) == session.query(Inquiry).filter(conditions(many.actors["manager"], lines)[lane]).count() > 30
        keys = [((item.due_on is None, item.due_on or date.max) if sort == "due" else item.received_at, item.id) for page in pages for item in page.items]
        assert keys == sorted(keys, reverse=sort == "newest")
        back = pages[-1]
        for page in reversed(pages[:-1]):
            back = desk_queue(session, many.actors["manager"], choice, lines, before=back.before, per_page=7)
            assert [item.id for item in back.items] == [item.id for item in page.items]
        assert (back.before, bool(back.after)) == ("", True)


@pytest.mark.parametrize("place", ["", "x", "2026-11-24", "2026-99-99.1", "-.x", "20260101T000000000000.1.1", "9" * 300])
def test_a_place_that_is_not_understood_is_the_first_page(many: Bureau, lines: Lines, place: str) -> None:
    with many.office.work.reading() as session:
        first = desk_queue(session, many.actors["manager"], Choice(), lines)
        assert [item.id for item in desk_queue(session, many.actors["manager"], Choice(), lines, after=place).items] == [item.id for item in first.items]


PLANNED = (
    (Choice(), "live_due"), (Choice(lane="overdue"), "live_due"), (Choice(lane="mine"), "live_claimed"), (Choice(lane="approval"), "live_state"),
    (Choice(lane="warn"), "live_received"), (Choice(kind="complaint"), "live_kind"), (Choice(subject="x"), "live_subject"), (Choice(channel="phone"), "live_channel"),
    (Choice(sort="newest"), "live_received"), (Choice(lane="done"), "ended"),
)  # fmt: skip


@pytest.mark.parametrize(("choice", "index"), PLANNED, ids=lambda value: value if isinstance(value, str) else "-".join(value.parts().values()) or "all")
def test_the_database_goes_along_an_index_and_sorts_nothing(many: Bureau, lines: Lines, choice: Choice, index: str) -> None:
    plans: list[str] = []
    sqlite = many.office.engine.dialect.name == "sqlite"

    def explain(connection, cursor, statement, parameters, context, several) -> None:
        if statement.startswith("SELECT inquiries.id"):
            other = connection.connection.cursor()
            other.execute(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{statement}", parameters)
            plans.append("\n".join(str(row[-1]) for row in other.fetchall()))

    event.listen(many.office.engine, "before_cursor_execute", explain)
    with many.office.work.reading() as session:
        if not sqlite:
            session.execute(text("SET enable_seqscan = off"))
            session.execute(text("SET enable_bitmapscan = off"))
            session.execute(text("SET enable_sort = off"))
        desk_queue(session, many.actors["clerk"], choice, lines, per_page=5)
    assert plans
    assert f"ix_inquiries_{index}" in plans[0]
    assert "TEMP B-TREE" not in plans[0]
    assert not any(line.lstrip(" ->").startswith("Sort ") for line in plans[0].splitlines())


def test_a_page_costs_a_fixed_number_of_queries(many: Bureau, lines: Lines) -> None:
    seen: list[str] = []
    event.listen(many.office.engine, "before_cursor_execute", lambda *given: seen.append(given[2]) if given[2] != "BEGIN" else None)
    with many.office.work.reading() as session:
        listing = desk_queue(session, many.actors["clerk"], Choice(), lines, per_page=20)
        assert [(item.unit.short_name, item.claimed_by, item.title) for item in listing.items]
    assert len(listing.items) == 20
    assert len(seen) == 1
    assert "count(" not in seen[0].lower()
    assert "inquiries.text" not in seen[0]


@pytest.mark.parametrize(("today", "first_that_waits"), [("2026-11-24", "2026-08-24"), ("2026-05-31", "2026-02-28"), ("2026-05-29", "2026-02-28"), ("2026-03-01", "2025-12-01")])
def test_three_calendar_months_end_with_the_same_day_or_the_last_of_the_month(today: str, first_that_waits: str) -> None:
    limit = failing_before(date.fromisoformat(today), 3)
    day = date.fromisoformat(first_that_waits)
    assert limit in {day_start(day), day_start(day + timedelta(days=1))}
    assert (limit > day_start(day)) == (today in {"2026-05-29", "2026-05-31"})


def test_filters_narrow_and_unknown_ones_are_ignored(many: Bureau, lines: Lines) -> None:
    asked = choice_of({"lane": "all", "kind": "complaint", "state": "nonsense", "due": "overdue", "unit": "sbj", "evil": "x", "sort": "due"})
    assert asked.parts() == {"unit": "sbj", "kind": "complaint", "due": "overdue", "sort": "due"}
    with many.office.work.reading() as session:
        shown = desk_queue(session, many.actors["manager"], asked, lines).items
        assert all((one.kind, one.unit.code) == (InquiryKind.complaint, "sbj") and one.due_on < TODAY for one in shown)
        for due in ("overdue", "today", "soon", "later", "none"):
            for one in desk_queue(session, many.actors["manager"], Choice(due=due), lines).items:
                standing = "none" if one.due_on is None else "overdue" if one.due_on < TODAY else "today" if one.due_on == TODAY else "soon" if one.due_on <= lines.soon else "later"
                assert standing == due
        assert all(one.claimed_by_id is None for one in desk_queue(session, many.actors["clerk"], Choice(holder="none"), lines).items)
        assert all(one.claimed_by.login == "signer" for one in desk_queue(session, many.actors["clerk"], Choice(holder="signer"), lines).items)


def test_drafts_can_be_asked_for(bureau: Bureau, lines: Lines) -> None:
    with_draft, without = bureau.post(), bureau.post("养老金怎么领？")
    bureau.draft(with_draft)
    with bureau.office.work.reading() as session:
        for value, expected in (("any", with_draft), ("none", without), ("draft", with_draft)):
            assert [one.id for one in desk_queue(session, bureau.actors["clerk"], Choice(draft=value), lines).items] == [expected.inquiry_id], value


@pytest.fixture
def named(bureau: Bureau) -> dict[str, int]:
    """A consultation, a report and one of another unit, each with name and telephone."""
    found = {
        "own": bureau.post("我想问问失业保险金。", nickname="李大山", contact="13911112222").inquiry_id,
        "report": bureau.post("举报某公司拖欠工资。我叫孙小河，住城关镇幸福路12号3栋402室，电话137 0000 2222", kind="举报", nickname="孙小河", contact="13933334444").inquiry_id,
        "foreign": bureau.post("養老金什麼時候漲？", nickname="周远方", contact="13955556666").inquiry_id,
    }
    with bureau.office.work.transaction() as session:
        sbj = session.query(Unit).filter_by(code="sbj").one().id
        session.execute(update(Inquiry).where(Inquiry.id.in_([found["own"], found["report"]])).values(unit_id=sbj))
    return found


@pytest.mark.parametrize(
    ("login", "query", "which"),
    [
        ("clerk-sbj", "失業", ["own"]), ("clerk-sbj", "13911112222", ["own"]), ("clerk-sbj", "2222", ["own"]), ("clerk-sbj", "李大山", ["own"]),
        ("clerk-sbj", "13933334444", []), ("clerk-sbj", "13700002222", []), ("clerk-sbj", "0000", []), ("auditor", "13700002222", []), ("manager", "13700002222", ["report"]), ("clerk-sbj", "孙小河", []), ("clerk-sbj", "拖欠", ["report"]),
        ("clerk-sbj", "13955556666", []), ("clerk-sbj", "周远方", ["foreign"]), ("clerk-sbj", "养老金", ["foreign"]),
        ("manager", "13933334444", ["report"]), ("manager", "孙小河", ["report"]), ("manager", "55556666", ["foreign"]), ("signer", "1391111", ["own"]),
        ("manager", "5555", []), ("manager", "6666", ["foreign"]), ("clerk-sbj", "6666", []), ("manager", "2222 失业", ["own"]), ("clerk-sbj", "4444", []),
        ("clerk-sbj", "402", []), ("auditor", "幸福路12号", []), ("manager", "幸福路12号", ["report"]), ("manager", "我叫孙小河", ["report"]),
    ],
)  # fmt: skip
def test_search_keeps_to_the_matrix(bureau: Bureau, lines: Lines, named: dict[str, int], login: str, query: str, which: list[str]) -> None:
    with bureau.office.work.reading() as session:
        shown = desk_queue(session, bureau.actors[login], Choice(q=query), lines).items
    assert {one.id for one in shown} == {named[key] for key in which}


def test_very_many_hits_come_in_the_order_of_the_page(bureau: Bureau, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.storage.words.MANY", 1)
    posted = [bureau.post(f"失业保险第{n}问").inquiry_id for n in range(3)]
    with bureau.office.work.reading() as session:
        assert [one.id for one in desk_queue(session, bureau.actors["clerk"], Choice(q="失业"), lines).items] == posted


def test_views_are_kept_for_each_person(bureau: Bureau) -> None:
    clerk, signer = bureau.actors["clerk"], bureau.actors["signer"]
    with bureau.office.work.transaction() as session:
        mine = saved_views.save_view(session, clerk, " 本周 投诉 ", Choice(kind="complaint", q="工资&工伤"), NOW)
        assert (mine.name, choice_of({"kind": "complaint", "q": "工资&工伤"}).parts()) == ("本周 投诉", {"q": "工资&工伤", "kind": "complaint"})
        assert mine.query == "q=%E5%B7%A5%E8%B5%84%26%E5%B7%A5%E4%BC%A4&kind=complaint"
        for name in ("本周 投诉", "", "长" * 31):
            with pytest.raises(InvalidInput) as refused:
                saved_views.save_view(session, clerk, name, Choice(), NOW)
            assert refused.value.field == "name"
        assert saved_views.saved_views(session, signer) == []
        with pytest.raises(NotFound):
            saved_views.remove_view(session, signer, mine.id)
        for n in range(19):
            saved_views.save_view(session, clerk, f"视图{n}", Choice(), NOW)
        with pytest.raises(InvalidInput, match="最多保存 20 个"):
            saved_views.save_view(session, clerk, "再来一个", Choice(), NOW)
        saved_views.remove_view(session, clerk, mine.id)
        assert len(saved_views.saved_views(session, clerk)) == 19
        with pytest.raises(NotAllowed):
            saved_views.save_view(session, bureau.actors["admin"], "x", Choice(), NOW)


def test_a_step_for_many_takes_what_it_can_and_says_why_not(bureau: Bureau) -> None:
    signer = bureau.actors["signer"]
    posted = [bureau.post(f"第{n}问") for n in range(4)]
    numbers = [one.number for one in posted]
    with bureau.office.work.transaction() as session:
        order = bulk.Order("assign", session.query(Unit).filter_by(code="jyg").one())
        review.decline(session, signer, session.get_one(Inquiry, posted[3].inquiry_id), "不属于本局职责，请拨打12345。", NOW)
        planned = bulk.preview(session, signer, order, bulk.checked(signer, order, [*numbers, *numbers, "LY-unknown"]))
        assert [(bool(one.refusal), one.inquiry.number) for one in planned] == [(False, numbers[0]), (False, numbers[1]), (False, numbers[2]), (True, numbers[3])]
        items = [(one.inquiry.number, one.inquiry.version) for one in planned]
        review.accept(session, signer, session.get_one(Inquiry, posted[1].inquiry_id), NOW)
    with bureau.office.work.transaction() as session:
        done = bulk.carry_out(session, signer, order, [*items, ("LY-unknown", 1)], NOW)
        assert [bool(one.refusal) for one in done] == [False, True, False, True, True]
        assert "预览之后" in done[1].refusal
    with bureau.office.work.reading() as session:
        assert [session.get_one(Inquiry, one.inquiry_id).state for one in posted] == ["assigned", "accepted", "assigned", "declined"]


def test_a_step_for_many_is_bounded_and_complete(bureau: Bureau) -> None:
    signer = bureau.actors["signer"]
    for order, numbers, field in (
        (bulk.Order("accept"), [], "number"), (bulk.Order("accept"), [f"LY{n}" for n in range(201)], "number"), (bulk.Order("approve"), ["LY1"], "step"),
        (bulk.Order("assign"), ["LY1"], "unit"), (bulk.Order("mark_invalid"), ["LY1"], "reason"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            bulk.checked(signer, order, numbers)
        assert refused.value.field == field
    assert len(bulk.checked(signer, bulk.Order("accept"), [f"LY{n}" for n in range(200)])) == 200
    assert bulk.steps_for(bureau.actors["clerk"]) == ["accept"]
