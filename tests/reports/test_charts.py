import re
from xml.etree import ElementTree as ET

from board.reports import charts
from tests.reports.conftest import World


def test_the_svg_is_plain_text_without_styles(lite_world: World, shanghai) -> None:
    lite_world.inquiry(shanghai(2016, 3, 1))
    lite_world.disclosure(shanghai(2016, 3, 1))
    report = lite_world.report()
    months, categories = charts.months_svg(report), charts.categories_svg(report)
    for picture in (months, categories):
        ET.fromstring(picture)
        assert "style" not in picture
        assert 'role="img"' in picture
        assert "currentColor" in picture
    assert re.findall(r">(\d+月)</text>", months) == [f"{month}月" for month in range(1, 13)]
    assert "3月1，" in months
    assert ">就业</text>" in categories


def test_identical_input_gives_identical_bytes() -> None:
    parts = {"人事任免": 9, "就业": 2}
    assert charts.svg(parts, "a", lying=True) == charts.svg(parts, "a", lying=True)


def test_markup_in_names_is_escaped() -> None:
    picture = charts.svg({"<script>": 1}, '"><b>')
    assert "<script>" not in picture
    assert ET.fromstring(picture).get("aria-label") == '"><b>'


def test_an_empty_chart_is_still_a_picture() -> None:
    assert ET.fromstring(charts.svg({}, "没有数据", lying=True)).get("aria-label") == "没有数据"


def test_png_only_with_a_chinese_font(monkeypatch) -> None:
    picture = charts.png({"就业": 1})
    assert (picture is None) == (charts.chinese_font() is None)
    assert picture is None or picture.startswith(b"\x89PNG")
    monkeypatch.setattr(charts, "CJK_FONTS", ())
    assert charts.png({"就业": 1}) is None


def test_bars_of_nothing_stand_on_their_line() -> None:
    def heights(value: int) -> list[str]:
        return re.findall(r'<text[^>]*y="([-\d.]+)"[^>]*>0</text>|translate\([-\d.]+ ([-\d.]+)\)[^>]*>0</text>', charts.svg({"1月": 0, "2月": value}, "a"))

    assert heights(0)[0] == heights(9)[0]
