"""The State Council's notice about a year's holidays, read from its pasted text into days off and shifted working days, with what looks wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from unicodedata import normalize

from board.errors import InvalidInput

TEXT_MOST = 10_000
DAYS_MOST = 60
ITEM = re.compile(r"[一二三四五六七八九十]+、\s*([^:。\n]{1,20}?):(.*?)(?=(?:[一二三四五六七八九十]+、\s*[^:。\n]{1,20}?:)|$)", re.DOTALL)
SPAN = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\s*(?:至|到|-|—|~)\s*(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)?")
NAMED_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日\(([^()]*)\)")
WEEKDAYS = "一二三四五六日"
LINE = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(休|班)(?:\s+(.{1,40}))?")


@dataclass(slots=True)
class Notice:
    """Days off and working days by date, each with its note; ``problems`` in words for the person who checks it."""

    holidays: dict[date, str] = field(default_factory=dict)
    workdays: dict[date, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_notice(text: str, year: int) -> Notice:
    """Reads the items 一、元旦：…… of a notice for the year; InvalidInput when there is none."""
    if len(text) > TEXT_MOST:
        raise InvalidInput(f"通知最多 {TEXT_MOST} 个字。", "notice")
    plain = normalize("NFKC", text)
    items = ITEM.findall(plain)
    if not items:
        raise InvalidInput("没有读出放假安排。请粘贴通知中“一、元旦：……”起的各条原文。", "notice")
    notice = Notice()
    for name, body in items:
        read_item(notice, name.strip(), body, year)
    check_weekdays(notice, plain, year)
    notice.problems += [f"{day.month}月{day.day}日是{weekday(day)}，却列为调休上班。" for day in sorted(notice.workdays) if day.weekday() < 5]
    notice.problems += [f"{day.month}月{day.day}日既放假又上班。" for day in sorted(set(notice.holidays) & set(notice.workdays))]
    return notice


def read_item(notice: Notice, name: str, body: str, year: int) -> None:
    """One holiday: which days are off, on which others people work, and whether the number of days is the one named."""
    month, off = 0, 0
    for clause in re.split(r"[,。;\n]", re.sub(r"\([^()]*\)", "", body)):
        found: list[date] = []
        for match in SPAN.finditer(clause):
            month = int(match[2] or month)
            found += days_of(match, name, month, year)
            month = int(match[5] or month)
        if "上班" in clause:
            notice.workdays |= dict.fromkeys(found, f"{name}调休")
        elif found and re.search(r"放假|补休|休息|调休", clause):
            notice.holidays |= dict.fromkeys(found, name)
            off += len(found)
        named = re.search(r"共(\d{1,2})天", clause) or re.search(r"放假(\d{1,2})天", clause)
        if named and int(named[1]) != off:
            notice.problems.append(f"{name}写明放假 {named[1]} 天，读出 {off} 天。")
    if not off:
        notice.problems.append(f"{name}没有读出放假的日子。")


def days_of(match: re.Match[str], name: str, month: int, year: int) -> Iterator[date]:
    """The days of one span; December belongs to the year before when the holiday is New Year's."""
    first = day_of(match[1], month, match[3], name, year)
    last = first if match[6] is None else day_of(match[4] or (match[1] if not match[5] else None), int(match[5] or month), match[6], name, year)
    if last < first and match[4] is None:
        last = date(first.year + 1, last.month, last.day)
    if not 0 <= (last - first).days <= DAYS_MOST:
        raise InvalidInput(f"“{name}”的起止日期有误。", "notice")
    yield from (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def day_of(named: str | None, month: int, day: str, name: str, year: int) -> date:
    """One day; InvalidInput for one that is none."""
    whole = int(named) if named else year - 1 if month == 12 and "元旦" in name else year
    try:
        return date(whole, month, int(day))
    except ValueError as error:
        raise InvalidInput(f"“{name}”中有不存在的日期：{month}月{day}日。", "notice") from error


def check_weekdays(notice: Notice, plain: str, year: int) -> None:
    """Compares the days of the week that stand behind dates with the calendar: a notice of another year is found out."""
    for named, month, day, words in NAMED_DAY.findall(plain):
        told = re.search(r"(?:周|星期)([一二三四五六日天])", words)
        if not told:
            continue
        possible = [int(named)] if named else [year, year - 1] if month == "12" else [year]
        wanted = told[1].replace("天", "日")
        known = [weekday(one) for one in (real(whole, month, day) for whole in possible) if one is not None]
        if f"周{wanted}" not in known:
            notice.problems.append(f"{month}月{day}日写作周{wanted}，{year}年的这一天是{known[0] if known else '不存在的日子'}。")


def real(year: int, month: str, day: str) -> date | None:
    """The day, or None when there is none."""
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def weekday(day: date) -> str:
    """周一 to 周日."""
    return f"周{WEEKDAYS[day.weekday()]}"


def as_lines(notice: Notice) -> str:
    """The days as lines that a person can correct: ``2027-01-01 休 元旦``."""
    days = [(day, "休", words) for day, words in notice.holidays.items()] + [(day, "班", words) for day, words in notice.workdays.items()]
    return "\n".join(f"{day.isoformat()} {mark} {words}" for day, mark, words in sorted(days))


def from_lines(text: str, year: int) -> Notice:
    """The corrected lines again; InvalidInput names the line that cannot be read."""
    notice = Notice()
    for number, line in enumerate((line.strip() for line in text.splitlines()[:400]), 1):
        if not line:
            continue
        match = LINE.fullmatch(line)
        day = real(int(match[1][:4]), match[1][5:7], match[1][8:]) if match else None
        if match is None or day is None or day.year not in (year - 1, year):
            raise InvalidInput(f"第 {number} 行看不懂：{line[:40]}。写作“{year}-01-01 休 元旦”或“{year}-01-04 班 元旦调休”。", "days")
        (notice.holidays if match[2] == "休" else notice.workdays)[day] = match[3] or ("节假日" if match[2] == "休" else "调休上班")
    if not notice.holidays:
        raise InvalidInput("没有一天放假，请核对。", "days")
    return notice
