"""Reading the yearly notice: real arrangements in the notice's own form, and every way in which a pasted text can be wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import InvalidInput
from board.inquiries.holiday_notice import as_lines, from_lines, read_notice

NOTICE_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_arrangement_of_2026() -> None:
    notice = read_notice(NOTICE_2026, 2026)
    assert notice.problems == []
    assert len(notice.holidays) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert sorted(notice.workdays) == [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)]
    assert notice.holidays[date(2026, 2, 23)] == "春节"
    assert notice.workdays[date(2026, 10, 10)] == "国庆节调休"


def test_the_calendar_of_the_program_says_the_same() -> None:
    import chinese_calendar

    notice = read_notice(NOTICE_2026, 2026)
    assert all(not chinese_calendar.is_workday(day) for day in notice.holidays)
    assert all(chinese_calendar.is_workday(day) for day in notice.workdays)


def test_new_year_that_begins_in_december() -> None:
    notice = read_notice("一、元旦：2016年12月31日至2017年1月2日放假，共3天。", 2017)
    assert (min(notice.holidays), max(notice.holidays), notice.problems) == (date(2016, 12, 31), date(2017, 1, 2), [])
    notice = read_notice("一、元旦：12月30日至1月1日放假调休，共3天。", 2018)
    assert (min(notice.holidays), max(notice.holidays)) == (date(2017, 12, 30), date(2018, 1, 1))


def test_a_day_off_instead_and_two_feasts_at_once() -> None:
    notice = read_notice("一、元旦：1月1日放假，1月2日（星期一）补休。\n六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。", 2017)
    assert sorted(notice.holidays)[:2] == [date(2017, 1, 1), date(2017, 1, 2)]
    assert notice.holidays[date(2017, 10, 8)] == "中秋节、国庆节"
    assert notice.problems == []


@pytest.mark.parametrize(("text", "words"), [
    ("一、元旦：1月1日至3日放假调休，共4天。", "写明放假 4 天，读出 3 天"),
    ("一、元旦：1月1日（周五）至3日放假调休，共3天。", "写作周五"),
    ("一、元旦：1月1日至3日放假调休，共3天。1月5日上班。", "却列为调休上班"),
    ("一、元旦：1月1日至4日放假调休，共4天。1月4日（周日）上班。", "既放假又上班"),
    ("一、元旦：1月4日（周日）上班。", "没有读出放假的日子"),
])  # fmt: skip
def test_what_looks_wrong_is_said(text: str, words: str) -> None:
    assert any(words in problem for problem in read_notice(text, 2026).problems)


@pytest.mark.parametrize("text", ["", "今年放假安排照旧。", "一、元旦：2月30日放假。", "一、元旦：1月1日至12月1日放假。", "一、元旦：0月1日放假。"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_notice(text, 2026)


def test_lines_can_be_corrected_and_say_which_one_is_wrong() -> None:
    lines = as_lines(read_notice(NOTICE_2026, 2026))
    again = from_lines(lines, 2026)
    assert len(again.holidays) == 33
    assert len(again.workdays) == 6
    with pytest.raises(InvalidInput, match="第 2 行"):
        from_lines("2026-01-01 休 元旦\n2026-01-32 休", 2026)
    with pytest.raises(InvalidInput, match="第 1 行"):
        from_lines("2024-01-01 休 元旦", 2026)
    with pytest.raises(InvalidInput, match="没有一天放假"):
        from_lines("", 2026)


@given(st.text(alphabet="一二三、元旦春节：:0123456789年月日至（）()周六放假调休共天上班，。\n ", max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        notice = read_notice(text, 2026)
    except InvalidInput:
        return
    assert all(2024 <= day.year <= 9999 or day.year >= 1 for day in notice.holidays)
