from datetime import date

from sqlalchemy import select

from board.clock import local_day
from board.models import DayCount, InquiryKind, InquiryState
from board.reports.counting import COUNTED, counted, recount_all, recount_day, years_received, years_to_count
from board.reports.figures import count
from board.reports.scope import year_scope
from tests.reports.conftest import AT, World


def cells(world: World) -> set[tuple[date, str, str, int]]:
    codes = {unit.id: code for code, unit in world.units.items()}
    return {(row.day, codes[row.unit_id], f"{row.kind} {row.figure}", row.count) for row in world.session.scalars(select(DayCount))}


def fill(world: World, shanghai) -> None:
    world.publication(world.inquiry(shanghai(2016, 3, 1, 0, 0), 2, "sbj"))
    world.publication(world.inquiry(shanghai(2016, 3, 1, 23, 59), 2.001, "sbj"))
    world.inquiry(shanghai(2016, 3, 1, 12), 1, kind=InquiryKind.help)
    world.inquiry(shanghai(2016, 12, 31, 23, 59), 2)
    world.inquiry(shanghai(2016, 12, 31, 12), state=InquiryState.invalid)


def test_the_days_of_a_year_add_up_to_its_figures(world: World, shanghai) -> None:
    fill(world, shanghai)
    assert years_to_count(world.session) == [2016, 2017]
    assert recount_all(world.session, AT) > 0
    for unit in (None, "sbj", "jyg"):
        for year in (2016, 2017):
            scope = year_scope(world.session, year, unit, AT)
            for name in COUNTED:
                assert counted(world.session, name, scope) == count(world.session, scope, f"inquiries.{name}"), (name, unit, year)


def test_counting_twice_and_day_by_day_gives_the_same(world: World, shanghai) -> None:
    fill(world, shanghai)
    recount_all(world.session, AT)
    first = cells(world)
    assert (date(2016, 3, 1), "sbj", "consultation received", 2) in first
    assert (date(2016, 3, 3), "sbj", "consultation closed", 1) in first
    assert (date(2016, 3, 4), "sbj", "consultation published", 1) in first
    recount_all(world.session, AT)
    for day in (date(2016, 3, 1), date(2016, 3, 3), date(2016, 3, 3)):
        recount_day(world.session, day, AT)
    assert cells(world) == first


def test_an_answer_of_today_recounts_the_day_of_receipt(world: World, shanghai) -> None:
    inquiry = world.inquiry(shanghai(2016, 3, 1))
    recount_all(world.session, AT)
    inquiry.answered_at = inquiry.closed_at = shanghai(2016, 3, 5)
    inquiry.state = InquiryState.closed
    world.session.flush()
    recount_day(world.session, date(2016, 3, 5), AT)
    assert (date(2016, 3, 1), "bureau", "consultation answered", 1) in cells(world)
    assert (date(2016, 3, 5), "bureau", "consultation closed", 1) in cells(world)


def test_what_is_gone_is_no_longer_counted(world: World, shanghai) -> None:
    inquiry = world.inquiry(shanghai(2016, 3, 1))
    recount_all(world.session, AT)
    world.session.delete(inquiry)
    world.session.flush()
    recount_all(world.session, AT)
    assert cells(world) == set()


def test_years_to_choose_are_those_in_which_something_came(world: World, shanghai) -> None:
    assert years_received(world.session, AT) == [local_day(AT).year]
    world.inquiry(shanghai(2014, 1, 1, 0, 0))
    world.inquiry(shanghai(2016, 12, 31, 23, 59))
    world.inquiry(AT)
    assert years_received(world.session, AT) == [local_day(AT).year, 2016, 2014]
