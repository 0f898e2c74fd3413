from datetime import date

from board.reports.checking import shares, summed
from board.reports.exporting import exported
from tests.reports.conftest import World

MONEY, AREA = "财政性资金和社会公共性资金使用、监管", "财政预算、决算、三公经费"


def found(world: World) -> dict[str, tuple[str, list[str]]]:
    return {finding.code: (finding.message, [item.title for item in finding.items]) for finding in world.report().findings}


def test_a_clean_year_has_no_findings(lite_world: World, shanghai) -> None:
    lite_world.disclosure(
        shanghai(2016, 3, 1), key_area="就业", made_on=date(2016, 2, 26), index_number="1162/2016-00001", publisher="测试县人力资源和社会保障局"
    )
    assert found(lite_world) == {}
    assert all(check.holds for check in lite_world.report().checks)


def test_category_and_key_area_that_disagree_name_the_items(lite_world: World, shanghai) -> None:
    for _ in range(4):
        lite_world.disclosure(shanghai(2016, 3, 1), category=MONEY, key_area=AREA)
    lite_world.disclosure(shanghai(2016, 3, 1), category="权威解读", key_area=AREA, title="基金决算说明")
    message, titles = found(lite_world)["category_key_area"]
    assert message == f"财政：公开类别“{MONEY}”4条，重点领域“{AREA}”5条。"
    assert titles == ["基金决算说明"]


def test_equal_counts_of_different_items_are_still_a_disagreement(lite_world: World, shanghai) -> None:
    lite_world.disclosure(shanghai(2016, 3, 1), category=MONEY)
    lite_world.disclosure(shanghai(2016, 3, 1), category="权威解读", key_area=AREA)
    assert len(found(lite_world)["category_key_area"][1]) == 2


def test_what_can_be_seen_on_an_item(lite_world: World, shanghai) -> None:
    lite_world.disclosure(shanghai(2016, 3, 1), title="年份", key_area="就业", index_number="1162042101391301xj/1970-172822")
    lite_world.disclosure(shanghai(2016, 3, 1), title="来源", key_area="就业", source_text="请选择")
    lite_world.disclosure(shanghai(2016, 3, 1), title="名称", key_area="就业", publisher="别的县融媒体中心")
    told = found(lite_world)
    assert told["index_year_impossible"] == ("索引号中的年份不可能：1条。", ["年份"])
    assert told["source_unset"][1] == ["来源"]
    assert told["unit_name_differs"][1] == ["名称"]


def test_findings_kept_at_import_are_told_once(lite_world: World, shanghai) -> None:
    kept = ("index_year_impossible", "unit_name_differs", "title_damaged")
    lite_world.disclosure(shanghai(2016, 3, 1), title="导入", key_area="就业", index_number="11/1970-1", imported=True, findings=kept)
    lite_world.disclosure(shanghai(2015, 3, 1), key_area="就业", findings=("source_unset",))
    assert {code: titles for code, (_, titles) in found(lite_world).items()} == {key: ["导入"] for key in sorted(kept)}


def test_twenty_working_days_to_publish(lite_world: World, shanghai) -> None:
    lite_world.disclosure(shanghai(2016, 3, 29), title="按时", key_area="就业", made_on=date(2016, 3, 1))
    lite_world.disclosure(shanghai(2016, 3, 30), title="迟一日", key_area="就业", made_on=date(2016, 3, 1))
    lite_world.disclosure(shanghai(2016, 3, 30), title="后来改过", key_area="就业", made_on=date(2015, 3, 1), changed_on=date(2016, 3, 25))
    assert found(lite_world)["late_publication"][1] == ["迟一日"]


def test_an_inquiry_closed_before_it_came(lite_world: World, shanghai) -> None:
    lite_world.inquiry(shanghai(2016, 3, 1), -1, title="倒置")
    assert found(lite_world)["closed_before_received"][1] == ["倒置"]


def test_sums_and_shares() -> None:
    assert summed("类别", [9, 2, 8, 1, 2, 4], 26).text == "类别：9 + 2 + 8 + 1 + 2 + 4 = 26"
    assert not summed("类别", [9, 2], 26).holds
    assert shares([61.5, 38.5]).holds
    assert shares([33.3, 33.3, 33.3]).text == "各单位占比：33.3% + 33.3% + 33.3% = 99.9%，因四舍五入与100.0%不符。"


def test_shares_that_miss_a_hundred_are_a_finding(lite_world: World, shanghai) -> None:
    lite_world.unit("zzx", "bureau", short_name="仲裁院", subordinate=True)
    for unit in ("bureau", "sbj", "zzx"):
        lite_world.disclosure(shanghai(2016, 3, 1), unit, key_area="就业")
    assert "99.9%" in found(lite_world)["shares_differ"][0]


def test_files_carry_no_words_of_a_citizen_and_lists_mask_them(lite_world: World, shanghai) -> None:
    words = "我叫王建国，电话13812345678，反映一件事情"
    lite_world.inquiry(shanghai(2016, 3, 1), -1, title=words)
    report = lite_world.report()
    (item,) = next(finding for finding in report.findings if finding.code == "closed_before_received").items
    assert "13812345678" not in item.title
    assert item.title.startswith("我叫")
    for form in ("csv", "md", "json"):
        body = exported(report, form)
        text = body.decode() if isinstance(body, bytes) else body
        assert item.number in text
        assert "反映一件事情" not in text
        assert "13812345678" not in text
