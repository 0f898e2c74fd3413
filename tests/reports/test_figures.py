from datetime import date

from board.models import InquiryKind, InquiryState, Origin, PublicationState
from board.reports.figures import FIGURES, count, grouped, items
from board.reports.scope import year_scope
from tests.reports.conftest import AT, WEB, WECHAT, World

S = InquiryState


def test_only_own_published_disclosures_of_the_shanghai_year_count(world: World, shanghai) -> None:
    world.disclosure(shanghai(2016, 1, 1, 0, 0))
    world.disclosure(shanghai(2016, 12, 31, 23, 59), "sbj-1", category="社会保险")
    world.disclosure(shanghai(2015, 12, 31, 23, 59))
    world.disclosure(shanghai(2017, 1, 1, 0, 0))
    world.disclosure(shanghai(2007, 12, 31, 23, 59))
    world.disclosure(shanghai(2016, 5, 1), origin=Origin.reposted)
    world.disclosure(shanghai(2016, 5, 1), origin=Origin.reference)
    world.disclosure(shanghai(2016, 5, 1), state=PublicationState.withdrawn)
    world.disclosure(None, state=PublicationState.draft)
    own = world.report().figures["proactive_disclosures"]
    assert own["total"] == 2
    assert own["by_unit"] == {"本局": {"count": 1, "share_percent": 50.0}, "社保局": {"count": 1, "share_percent": 50.0}}
    assert own["cumulative"] == {"from": 2008, "to": 2016, "count": 3}
    assert own["by_category"] == {"就业": 1, "社会保险": 1}


def test_an_item_on_two_channels_counts_once_in_the_total_and_once_in_each(world: World, shanghai) -> None:
    world.disclosure(shanghai(2016, 5, 1), channels=(WEB, WECHAT))
    world.disclosure(shanghai(2016, 5, 1), channels=())
    own = world.report().figures["proactive_disclosures"]
    assert (own["total"], own["by_channel"]) == (2, {WEB: 1, WECHAT: 1})


def test_key_areas_show_the_reported_ones_even_when_empty(world: World, shanghai) -> None:
    world.disclosure(shanghai(2016, 5, 1), key_area="就业")
    assert world.report().figures["proactive_disclosures"]["key_areas"] == {"total": 1, "财政预算、决算、三公经费": 0}


def test_an_unmarked_category_is_named_so_that_the_sum_holds(world: World, shanghai) -> None:
    world.disclosure(shanghai(2016, 5, 1), category="")
    world.disclosure(shanghai(2016, 5, 1), category="自拟类别")
    assert world.report().figures["proactive_disclosures"]["by_category"] == {"未分类": 1, "自拟类别": 1}


def test_applications_and_reviews(world: World, shanghai) -> None:
    world.application(shanghai(2016, 12, 31, 23, 0))
    world.application(shanghai(2009, 3, 1))
    world.review("行政复议", date(2016, 12, 31))
    world.review("行政诉讼", date(2017, 1, 1))
    figures = world.report().figures
    assert figures["applications"] == {"received": 1, "cumulative": 2}
    assert figures["reviews"] == {"行政复议": 1, "行政诉讼": 0, "申诉": 0}


def test_one_cohort_is_never_mixed_with_what_was_closed(world: World, shanghai) -> None:
    world.inquiry(shanghai(2016, 3, 1, 9), 2)
    world.inquiry(shanghai(2016, 12, 31, 23, 30), 3)
    world.inquiry(shanghai(2015, 12, 31, 23, 30), 4)
    world.inquiry(shanghai(2017, 1, 1), 1)
    world.inquiry(shanghai(2016, 6, 1), state=S.invalid)
    main = world.inquiry(shanghai(2016, 7, 1))
    world.inquiry(shanghai(2016, 7, 2), state=S.merged, merged_into_id=main.id)
    world.inquiry(shanghai(2016, 8, 1), state=S.declined)
    world.inquiry(shanghai(2016, 8, 2), state=S.withdrawn)
    told = world.report().inquiries
    assert (told["received"], told["invalid"], told["repeated"], told["valid"]) == (7, 1, 1, 5)
    assert (told["answered"], told["answer_rate"], told["closed"]) == (2, 40.0, 2)
    assert (told["declined"], told["withdrawn"], told["accepted"]) == (1, 1, 2)
    assert told["mean_handling_days"] == 3.0  # 2 days and the 4 days of the one that came in 2015
    assert told["by_month"]["12"] == 1
    assert sum(told["by_month"].values()) == told["received"]
    assert told["carried_over"] == 2  # the open one of July, and the one that was closed on 3 January 2017


def test_what_is_answered_after_the_counting_does_not_count(world: World, shanghai) -> None:
    world.inquiry(shanghai(2016, 12, 30), 10)
    assert world.report().inquiries["answered"] == 0
    assert world.report(at=shanghai(2017, 2, 1)).inquiries["answered"] == 1


def test_in_time_is_the_whole_due_day_in_shanghai(world: World, shanghai) -> None:
    due = date(2016, 3, 8)
    for answered in (shanghai(2016, 3, 8, 23, 59), shanghai(2016, 3, 9, 0, 0)):
        world.inquiry(shanghai(2016, 3, 1), due_on=due, state=S.answered).answered_at = answered
    world.inquiry(shanghai(2016, 3, 1), due_on=None, state=S.answered).answered_at = shanghai(2016, 3, 2)
    world.inquiry(shanghai(2016, 12, 1), due_on=date(2017, 1, 5))
    world.inquiry(shanghai(2016, 12, 1), due_on=date(2017, 1, 6))
    world.inquiry(shanghai(2016, 12, 1), due_on=date(2016, 12, 8), state=S.declined)
    told = world.report().inquiries  # counted on 6 January
    assert (told["answered"], told["answered_in_time"]) == (3, 1)
    assert told["overdue"] == 2  # answered on the 9th; still open behind 5 January


def test_published_is_what_stands_in_the_publication(world: World, shanghai) -> None:
    world.publication(world.inquiry(shanghai(2015, 12, 20), 20))
    world.publication(world.inquiry(shanghai(2016, 3, 1), 1), public=False)
    world.publication(world.inquiry(shanghai(2016, 3, 1), 1), public=False, approved=False)  # history that waits for its release
    world.publication(world.inquiry(shanghai(2016, 3, 1), 1), withdrawn=AT)
    world.publication(world.inquiry(shanghai(2016, 12, 31), 1), at=shanghai(2017, 1, 1))
    told = world.report().inquiries
    assert (told["published"], told["private"]) == (1, 1)


def test_nothing_closed_gives_zero(world: World) -> None:
    told = world.report().inquiries
    assert (told["mean_handling_days"], told["median_handling_days"], told["mean_working_days"], told["answer_rate"]) == (0.0, 0.0, 0.0, 0.0)


def test_working_days_leave_out_the_spring_festival(world: World, shanghai) -> None:
    world.inquiry(shanghai(2016, 2, 5, 10), 10)  # Friday before to Monday after: 6 and 14 February were shifted working days
    told = world.report().inquiries
    assert (told["mean_handling_days"], told["mean_working_days"]) == (10.0, 3.0)


def test_every_figure_equals_the_list_behind_it(world: World, shanghai) -> None:
    world.disclosure(shanghai(2016, 2, 1), channels=(WEB, WECHAT), key_area="就业")
    world.disclosure(shanghai(2016, 3, 1), "sbj", category="")
    world.application(shanghai(2016, 3, 1))
    world.application(shanghai(2015, 12, 1), shanghai(2016, 1, 5))
    world.review("申诉", date(2016, 4, 1))
    world.review("行政复议", date(2016, 4, 1), date(2016, 5, 1))
    world.publication(world.inquiry(shanghai(2016, 3, 1), 2, "sbj-1", kind=InquiryKind.help))
    world.publication(world.inquiry(shanghai(2016, 4, 1), 20), public=False)
    world.inquiry(shanghai(2016, 5, 1), imported=True)
    scope = year_scope(world.session, 2016, None, AT)
    world.session.flush()
    for key, figure in FIGURES.items():
        if not figure.by:
            assert count(world.session, scope, key) == len(items(world.session, scope, key)), key
            continue
        parts = grouped(world.session, scope, key)
        assert parts, key
        for value, number in parts.items():
            assert number == len(items(world.session, scope, key, value)), (key, value)


def test_a_unit_is_counted_with_all_below_it(world: World, shanghai) -> None:
    world.disclosure(shanghai(2016, 2, 1), "sbj-1")
    world.disclosure(shanghai(2016, 2, 1), "jyg")
    world.inquiry(shanghai(2016, 2, 1), unit="sbj")
    world.inquiry(shanghai(2016, 2, 1), unit="jyg")
    report = world.report(unit="社保局")
    assert report.unit == "测试县社会保险事业管理局"
    assert report.figures["proactive_disclosures"]["by_unit"] == {"社保局": {"count": 1, "share_percent": 100.0}}
    assert report.inquiries["by_unit"] == {"社保局": 1}
    assert world.report(unit="bureau").inquiries["received"] == world.report().inquiries["received"] == 2
