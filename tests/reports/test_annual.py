import json
from dataclasses import replace

import pytest

from board.errors import InvalidInput, NotConfigured
from board.reports.annual import annual_report, document
from board.reports.exporting import exported
from board.reports.narrative import filled, load_form
from tests.bureau import NOW, Bureau, bureau
from tests.reports.conftest import World

__all__ = ["bureau"]


def test_the_words_carry_the_figures_and_their_keys(lite_world: World, shanghai) -> None:
    lite_world.disclosure(shanghai(2016, 3, 1), key_area="就业")
    lite_world.disclosure(shanghai(2016, 3, 1), "sbj", key_area="就业")
    lite_world.disclosure(shanghai(2016, 3, 1), "sbj", key_area="就业")
    report = lite_world.report()
    assert report.title == "测试县人力资源和社会保障局2016年政府信息公开工作年度报告"
    assert [section.title[:2] for section in report.sections] == ["一、", "二、", "三、", "四、", "五、", "六、", "七、"]
    words = "\n".join(paragraph.text for section in report.sections for paragraph in section.paragraphs)
    assert "2016年共主动公开政府信息3条" in words
    assert "本局公开1条，占33.3%；社保局公开2条，占66.7%" in words
    assert "行政复议0件；行政诉讼0件；申诉0件" in words
    parts = {(part.figure, part.value): part.text for section in report.sections for paragraph in section.paragraphs for part in paragraph.parts if part.figure}
    assert parts["proactive_disclosures.by_unit", "社保局"] == "2"
    assert parts["inquiries.received", ""] == "0"


def test_an_open_year_is_marked(lite_world: World, shanghai) -> None:
    assert not lite_world.report(2016).provisional
    report = lite_world.report(2017)
    assert report.provisional
    assert document(report)["provisional"] is True
    assert "阶段性数字" in report.sections[0].paragraphs[1].text


@pytest.mark.parametrize("year", [2007, 2101, -1, 10**9])
def test_other_years_are_refused(lite_world: World, year: int) -> None:
    with pytest.raises(InvalidInput):
        lite_world.report(year)


def test_an_unknown_unit_is_refused_with_the_known_ones(lite_world: World) -> None:
    with pytest.raises(InvalidInput, match="就业股"):
        lite_world.report(unit="不存在")


def test_the_same_report_counted_again_is_the_same_bytes(lite_world: World, shanghai) -> None:
    lite_world.inquiry(shanghai(2016, 3, 1), 2)
    first, second = lite_world.report(), lite_world.report()
    assert exported(first, "json") == exported(second, "json")
    assert json.loads(exported(first, "json"))["inquiries"]["received"] == 1


def test_a_form_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(NotConfigured, match="total_of"):
        filled("共{total_of}条", {})


def test_braces_in_values_are_not_filled_again(lite_world: World, shanghai) -> None:
    lite_world.disclosure(shanghai(2016, 3, 1), category="{total}{0.__class__}", key_area="就业")
    words = "".join(paragraph.text for section in lite_world.report().sections for paragraph in section.paragraphs)
    assert "{total}{0.__class__}类信息1条" in words


def test_no_form_for_the_year_is_said(lite_world: World, tmp_path) -> None:
    with pytest.raises(NotConfigured):
        load_form(tmp_path, 2016)
    settings = replace(lite_world.office.settings, config_dir=tmp_path)
    assert settings.config_dir == tmp_path


def test_what_people_asked_stands_in_the_report_and_never_a_private_one(bureau: Bureau) -> None:
    words = "社会保障卡丢了怎么补办"
    for number in range(7):
        bureau.post(f"{words}？我是第{number}个问的。", publish=number < 6)
    made = bureau.office
    with made.work.reading() as session:
        report = annual_report(session, made.settings, made.taxonomy, made.calendar, 2026, at=NOW)
        one_unit = annual_report(session, made.settings, made.taxonomy, made.calendar, 2026, "sbj", at=NOW)
    told = document(report)["topics"]
    assert [(topic["count"], topic["until"], len(set(topic["inquiries"]))) for topic in told] == [(6, "2026-11-24", 6)]
    assert document(one_unit)["topics"] == []
