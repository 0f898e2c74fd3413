import csv
import io
from hashlib import sha256

import pytest

from board.models import Reply, ReplyState
from board.reports import draft_quality, quality_files
from board.reports.scope import year_scope
from tests.reports.conftest import AT, World

DRAFT = "网民您好！您的留言收悉。根据规定，申领失业保险金应当在终止劳动关系之日起六十日内办理。"


def approved(world: World, shanghai, text: str, draft: str | None = DRAFT, decision: str = "draft", unit: str = "jyg", month: int = 3, **values) -> str:
    """An approved reply with the system's draft before it."""
    inquiry = world.inquiry(shanghai(2016, month, 1, 9), 2, unit=unit, **values)
    when = shanghai(2016, month, 3, 9)
    if draft is not None:
        world.session.add(Reply(inquiry_id=inquiry.id, revision=1, state=ReplyState.superseded, in_force=False, text=draft, created_at=when, decision=decision, confidence=0.9))
    world.session.add(
        Reply(
            inquiry_id=inquiry.id, revision=2, state=ReplyState.published, text=text, created_at=when, approved_at=when, approved_hash=sha256(f"{draft}{text}".encode()).hexdigest(),
        )
    )  # fmt: skip
    world.session.flush()
    return inquiry.number


def counted(world: World, unit: str | None = None, year: int = 2016):
    draft_quality.SHARES.clear()
    return draft_quality.quality(world.session, world.office.settings, year_scope(world.session, year, unit, AT))


def test_each_approved_reply_has_one_outcome(world: World, shanghai) -> None:
    approved(world, shanghai, DRAFT)
    approved(world, shanghai, f"{DRAFT[:20]}\n\n{DRAFT[20:]}")
    approved(world, shanghai, DRAFT.replace("六十日", "60日"), month=4)
    approved(world, shanghai, "经核实，已为您办结，请放心。", month=4)
    approved(world, shanghai, "经核实，已为您办结。", decision="hand_over", unit="sbj-1")
    approved(world, shanghai, "人工答复。", draft=None, unit="sbj-1")
    found = counted(world)
    assert dict(found.total.counts) == {"unchanged": 2, "edited": 1, "rewritten": 1, "abstained": 1, "by_hand": 1}
    assert (found.total.approved, found.total.drafted) == (6, 4)
    assert sum(found.total.counts.values()) == found.total.approved
    assert [(row.name, row.approved) for row in found.months if row.approved] == [("3月", 4), ("4月", 2)]
    assert [(row.name, row.approved, row.drafted) for row in found.units] == [("就业股", 4, 4), ("社保一股", 2, 0)]
    assert found.total.percent("unchanged") == 33.3
    assert found.units[1].mean_changed is None
    assert counted(world, "sbj").total.approved == 2


def test_how_much_was_changed_is_the_normalised_edit_distance_of_the_edited_ones_alone(world: World, shanghai) -> None:
    approved(world, shanghai, DRAFT)
    approved(world, shanghai, "abcdefghij", draft="abcdefghxx")
    approved(world, shanghai, "abcde", draft="abcdefghij", month=5)
    found = counted(world)
    assert (found.total.mean_changed, found.total.median_changed) == (pytest.approx(0.2), pytest.approx(0.2))
    assert found.months[4].mean_changed is None
    assert dict(found.total.counts)["edited"] == 1
    assert dict(found.total.counts)["rewritten"] == 1


def test_history_and_other_years_do_not_count(world: World, shanghai) -> None:
    approved(world, shanghai, DRAFT, imported=True)
    approved(world, shanghai, DRAFT, month=12)
    assert counted(world).total.approved == 1
    assert counted(world, year=2015).total.approved == 0


def test_what_was_compared_is_not_read_again(world: World, shanghai) -> None:
    from sqlalchemy import event

    for month in range(1, 8):
        approved(world, shanghai, DRAFT + "。", month=month)
    first = counted(world)
    statements: list[str] = []
    event.listen(world.office.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    again = draft_quality.quality(world.session, world.office.settings, year_scope(world.session, 2016, None, AT))
    assert again == first
    assert len(statements) == 1


def test_the_items_are_what_the_figures_count(world: World, shanghai) -> None:
    number = approved(world, shanghai, DRAFT)
    approved(world, shanghai, "另写一份答复，与拟稿无关。")
    found = draft_quality.approved_replies(world.session, world.office.settings, year_scope(world.session, 2016, None, AT))
    assert [(one.number == number, one.outcome, one.month) for one in found] == [(True, "unchanged", 3), (False, "rewritten", 3)]


def test_the_file_opens_in_a_spreadsheet_program(lite_world: World, shanghai) -> None:
    lite_world.units["jyg"].short_name = "=1+1"
    approved(lite_world, shanghai, DRAFT)
    body = quality_files.as_csv(counted(lite_world), lite_world.office.labels)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[0][:5] == ["范围", "名称", "审签", "系统拟稿", "原样采用"]
    assert rows[1][:5] == ["合计", "合计", "1", "1", "1"]
    assert rows[-1][1] == "'=1+1"
    assert len(rows) == 1 + 1 + 12 + 1


def test_the_chart_has_words_and_no_style_attributes(lite_world: World, shanghai) -> None:
    approved(lite_world, shanghai, DRAFT)
    svg = quality_files.months_svg(counted(lite_world), lite_world.office.labels, 2016)
    assert "原样采用" in svg
    assert "3月1" in svg
    assert "style=" not in svg
    assert svg == quality_files.months_svg(counted(lite_world), lite_world.office.labels, 2016)
