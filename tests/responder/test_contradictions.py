from dataclasses import replace
from datetime import date

from responder.contradictions import Statement, contradict, differ, figures, goes_before, same_matter, standing

OLD = Statement("失业保险金发放标准为每人每月896元，由县失业保险经办机构按月发放。", "失业保险金标准的通知", date(2015, 3, 1), in_force=True)
NEW = Statement("失业保险金发放标准调整为每人每月1036元，由县失业保险经办机构按月发放。", "调整失业保险金标准的通知", date(2016, 7, 1), in_force=True)
OTHER = Statement("城乡居民养老保险每年缴费200元至3000元，多缴多得。", "居民养老保险指南", date(2016, 1, 1), in_force=True)


def test_figures_are_read_by_their_unit() -> None:
    assert figures("每人每月１，０３６元，比例８%，5个工作日内，5月9日至5月13日") == {
        "元": frozenset({"1036"}), "%": frozenset({"8"}), "工作日": frozenset({"5"}), "": frozenset({"5月9日", "5月13日"}),
    }  # fmt: skip
    assert figures("没有数字") == {}


def test_other_figures_of_the_same_matter_contradict() -> None:
    assert same_matter(OLD.quote, NEW.quote)
    assert differ(OLD.quote, NEW.quote) == ("元",)
    assert contradict(OLD, NEW)
    assert contradict(NEW, OLD)
    assert not contradict(OLD, replace(OLD, issued=None))
    assert not contradict(OLD, OTHER)


def test_what_ended_contradicts_what_is_in_force() -> None:
    ended = replace(OLD, in_force=False)
    assert contradict(ended, replace(OLD, title="再次印发"))
    assert goes_before(OLD, ended)
    assert not goes_before(ended, NEW)
    assert standing([ended, NEW]) == [1]


def test_the_newer_in_force_stands() -> None:
    assert goes_before(NEW, OLD)
    assert standing([OLD, NEW, OTHER]) == [1, 2]
    assert standing([NEW, OLD]) == [0]


def test_of_two_that_nobody_can_date_the_first_stands() -> None:
    undated = [replace(OLD, issued=None), replace(NEW, issued=None)]
    assert standing(undated) == [0]
    assert standing([*undated, OTHER]) == [0, 2]
    assert standing([]) == []
