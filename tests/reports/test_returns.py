"""Monthly returns: a year is the sum of its submitted months and adjustments, on random data and whatever happens between the submissions."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from board.clock import local_day
from board.errors import InvalidInput, NotAllowed
from board.models import ApplicantKind, Application, ApplicationChannel, ApplicationState, InquiryKind, InquiryState, ReturnAdjustment, Review, Role
from board.reports.cell_items import cells_now, forms_of
from board.reports.forms import load_forms
from board.reports.joining import Join, join_of
from board.reports.returns import adjustments_of, known_months, open_lines, returns_of, year_cells
from board.reports.scope import months_scope, year_scope
from board.reports.submitting_returns import opening_cells, submit_month, submit_opening
from board.staff.roles import Actor
from tests.reports.conftest import World

CHEF, CLERK = Actor("account:1", Role.manager), Actor("account:2", Role.editor)


def submit(world: World, year: int, month: int, at) -> object:
    world.session.flush()
    return submit_month(world.session, CHEF, world.office.settings.config_dir, world.office.calendar, year, month, at)


def forms(world: World, year: int):
    return forms_of(load_forms(world.office.settings.config_dir), year)


def summed(world: World, year: int, at):
    """The year of the returns, the lines that wait, and the year as it is counted alive."""
    world.session.flush()
    lines = open_lines(world.session, world.office.calendar, forms(world, year), year, at)
    told = year_cells(forms(world, year), known_months(world.session, year), [*adjustments_of(world.session, year), *lines])
    return told, lines, cells_now(world.session, year_scope(world.session, year, None, at), world.office.calendar, forms(world, year))


def application(world: World, received, concluded=None, kind=ApplicantKind.person) -> Application:
    world.count += 1
    row = Application(
        number=f"A{world.count}", unit_id=world.units["bureau"].id, applicant="某人", channel=ApplicationChannel.web, subject="目录", received_at=received,
        received_on=local_day(received), registered_by="x", kind=kind, state=ApplicationState.concluded if concluded else ApplicationState.in_hand,
        outcome="granted" if concluded else "", concluded_at=concluded,
    )  # fmt: skip
    world.session.add(row)
    return row


MONTHS = 3
THING = st.tuples(
    st.integers(0, 150), st.one_of(st.none(), st.integers(0, 60)), st.sampled_from(["inquiry", "application", "disclosure", "review"]), st.integers(0, 12),
    st.sampled_from(list(InquiryKind)), st.sampled_from(list(ApplicantKind)),
)  # fmt: skip


@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=st.lists(THING, min_size=1, max_size=10), gone=st.lists(st.tuples(st.integers(0, 9), st.integers(1, MONTHS)), max_size=4))
def test_the_year_is_the_sum_of_its_months_and_adjustments(lite_world: World, shanghai, things, gone) -> None:
    """Three months stand for twelve: things come, end and are spoilt between the submissions, and after the last one."""
    world, begin, at = lite_world, shanghai(2021, 12, 1), shanghai(2022, 6, 1)
    with world.session.begin_nested() as kept:
        made = {}
        for month in range(1, MONTHS + 2):
            for number, (day, days, what, seen, kind, applicant) in enumerate(things):
                if seen % (MONTHS + 1) + 1 == month:
                    made[number] = plant(world, what, begin + timedelta(days=day), days, kind, applicant)
            for number in (one for one, when in gone if when + 1 == month and one in made):
                spoil(made[number])
            if month <= MONTHS:
                submit(world, 2022, month, at + timedelta(days=month))
        told, lines, _ = summed(world, 2022, at + timedelta(days=30))
        live = cells_now(world.session, months_scope(2022, 1, MONTHS, at + timedelta(days=30)), world.office.calendar, forms(world, 2022))
        for form in forms(world, 2022):
            for cell in (one for one in form.cells if one.definition != "entered" and join_of(one.definition) is not Join.anew):
                found = told[form.name][cell.path]
                assert found.total == live[form.name][cell.path].value, (cell.path, found)
                if found.join is Join.adds:
                    assert found.total == sum(found.months.values()) + found.adjusted
        for row in known_months(world.session, 2022):
            for form, cells in row.values.items():
                assert all(value == len(row.ids[form][path][1]) for path, value in cells.items() if live[form][path].plain)
        for line in [*world.session.scalars(select(ReturnAdjustment)), *lines]:
            if live[line.form][line.path].plain:
                assert float(line.after) - float(line.before) == len(line.added) - len(line.removed), line.path
        kept.rollback()


def plant(world: World, what: str, at, days, kind, applicant):
    """One thing of the year."""
    end = at + timedelta(days=days) if days is not None else None
    if what == "inquiry":
        return world.inquiry(at, days, kind=kind, publish=False)
    if what == "application":
        return application(world, at, end, applicant)
    if what == "disclosure":
        return world.disclosure(at)
    row = Review(
        kind="行政诉讼", unit_id=world.units["bureau"].id, subject="某事", received_on=local_day(at), registered_by="x", after_review=bool(days),
        result="upheld" if end else "pending", concluded_on=local_day(end) if end else None,
    )  # fmt: skip
    world.session.add(row)
    return row


def spoil(row: object) -> None:
    """What was counted before is another thing now."""
    if hasattr(row, "merged_into_id"):
        row.state = InquiryState.invalid
    elif hasattr(row, "origin"):
        row.origin = "reposted"
    elif isinstance(row, Application):
        row.received_on += timedelta(days=31)
    else:
        row.received_on -= timedelta(days=31)


def test_an_adjustment_names_the_item_and_the_return_that_told_it(world: World, shanghai) -> None:
    first, second = world.inquiry(shanghai(2026, 1, 5)), world.inquiry(shanghai(2026, 1, 6))
    january = submit(world, 2026, 1, shanghai(2026, 2, 2))
    assert (january.cells["5.5"]["inquiries.received"], january.cells["5.5"]["by_kind.consultation"]) == (2, 2)
    first.state = InquiryState.invalid
    world.inquiry(shanghai(2026, 1, 7))
    told, lines, _ = summed(world, 2026, shanghai(2026, 2, 20))
    assert {line.path: (line.before, line.after, line.added, line.removed) for line in lines}["inquiries.valid"] == (2, 2, (second.id + 1,), (first.id,))
    assert told["5.5"]["inquiries.received"].total == 3
    february = submit(world, 2026, 2, shanghai(2026, 3, 2))
    row = next(one for one in february.adjustments if (one.form, one.path) == ("5.5", "inquiries.invalid"))
    assert (row.month, row.before, row.after, row.added, row.removed) == (1, "0", "1", [["inquiry", first.id, first.number]], [])
    assert summed(world, 2026, shanghai(2026, 3, 2))[1] == []
    assert [(row.month, row.cells["5.5"]["inquiries.received"]) for row in returns_of(world.session, 2026)] == [(1, 2), (2, 0)]


def test_months_are_submitted_once_in_order_when_they_are_over_by_whom_may(lite_world: World, shanghai) -> None:
    with pytest.raises(InvalidInput, match="没有结束"):
        submit(lite_world, 2026, 1, shanghai(2026, 1, 31))
    with pytest.raises(InvalidInput, match="应先报送1月"):
        submit(lite_world, 2026, 3, shanghai(2026, 4, 2))
    submit(lite_world, 2026, 1, shanghai(2026, 2, 1))
    with pytest.raises(InvalidInput, match="已经报送"):
        submit(lite_world, 2026, 1, shanghai(2026, 2, 1))
    with pytest.raises(NotAllowed):
        submit_month(lite_world.session, CLERK, lite_world.office.settings.config_dir, lite_world.office.calendar, 2026, 2, shanghai(2026, 3, 1))


def test_an_office_that_starts_in_july_begins_with_its_opening_balance(lite_world: World, shanghai) -> None:
    typed = {("5.5", "inquiries.received"): "40", ("5.5", "by_kind.help"): "４０", ("5.1", "applications.carried_in.person"): "2", ("5.1", "reviews.reconsideration.upheld"): "1"}
    office = lite_world.office
    assert "inquiries.mean_handling_days" not in opening_cells(next(form for form in forms(lite_world, 2026) if form.name == "5.5"))
    for revision, values in enumerate((typed | {("5.5", "inquiries.received"): "4"}, typed), 1):
        row = submit_opening(lite_world.session, CHEF, office.settings.config_dir, 2026, 6, values, "旧台账", shanghai(2026, 7, 2))
        assert row.revision == revision
    with pytest.raises(InvalidInput, match="同一月份"):
        submit_opening(lite_world.session, CHEF, office.settings.config_dir, 2026, 5, typed, "旧台账", shanghai(2026, 7, 2))
    lite_world.inquiry(shanghai(2026, 7, 3))
    submit(lite_world, 2026, 7, shanghai(2026, 8, 3))
    told, _, _ = summed(lite_world, 2026, shanghai(2026, 8, 3))
    cells = told["5.5"] | told["5.1"]
    assert (cells["inquiries.received"].months, cells["inquiries.received"].total) == ({6: 40, 7: 1}, 41)
    assert cells["applications.carried_in.person"].total == 2
    assert cells["reviews.reconsideration.total"].total == 1
    assert submit_opening(lite_world.session, CHEF, office.settings.config_dir, 2026, 6, typed, "旧台账更正", shanghai(2026, 8, 3)).revision == 3
