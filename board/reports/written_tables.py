"""The identities of the statutory tables in a written report: table 三 for every column, table 四 for every group, totals elsewhere."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from board.reports.written import Rows, Written

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TOTALS = frozenset({"合计", "总计", "共计"})
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
#: 国办公开办函〔2021〕30号, table 三: the rows that the identities name
MARKS = {"new": r"新收", "carried_in": r"上年(?:度)?结转|^二、.*结转|^结转$", "done": r"[(]七[)]总?计?|^(?:七、)?总计$", "carried_out": r"结转下年"}


@dataclass(frozen=True, slots=True)
class WrittenFinding:
    """What does not fit in a written report: the rule, in words, where, and the numbers or words concerned."""

    rule: str
    message: str
    where: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of table 三: where, label, seven numbers (a blank or unreadable cell is 0 and was told)."""

    where: str
    label: str
    numbers: tuple[Decimal, ...]


def bare(text: str) -> str:
    """A label without blanks, full-width signs as ordinary ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def number_of(cell: str) -> Decimal | None:
    """The number in a cell; None when it is blank or no number."""
    text = bare(cell).replace(",", "")
    return Decimal(text) if NUMBER.fullmatch(text) else None


def table_findings(written: Written) -> list[WrittenFinding]:
    """All findings of all tables."""
    found: list[WrittenFinding] = []
    for index, rows in enumerate(written.tables):
        place = f"表{index + 1}"
        lines, told = application_rows(rows, place)
        if lines:
            found += told + row_sums(lines) + column_sums(lines)
        elif "结果维持" in "".join(bare(cell) for row in rows for cell in row):
            found += review_sums(rows, place)
        else:
            found += totals(rows, place)
    return found


def application_rows(rows: Rows, place: str) -> tuple[list[Line], list[WrittenFinding]]:
    """The rows of table 三 from 一 to 四 with what is wrong in single cells; none when the table is another."""
    labels = [label_of(row) for row in rows]
    named = [index for index, label in enumerate(labels) if kind_of(label) and len(rows[index]) > len(COLUMNS)]
    if len({kind_of(labels[index]) for index in named}) < 2:
        return [], []
    lines, found = [], []
    for index in range(named[0], named[-1] + 1):
        cells = rows[index][-len(COLUMNS) :]
        if len(rows[index]) <= len(COLUMNS):
            continue
        where = f"{place}第{index + 1}行"
        found += [one for cell, column in zip(cells, COLUMNS, strict=True) if (one := cell_finding(cell, column, labels[index], where))]
        lines.append(Line(where, labels[index], tuple(number_of(cell) or Decimal(0) for cell in cells)))
    return lines, found


def label_of(row: Sequence[str]) -> str:
    """The last words before the seven numbers."""
    return next((bare(cell) for cell in reversed(row[: -len(COLUMNS)]) if bare(cell)), "")


def kind_of(label: str) -> str:
    """Which of the four named rows this is; "" for another."""
    return next((kind for kind, mark in MARKS.items() if re.search(mark, label)), "")


def cell_finding(cell: str, column: str, label: str, where: str) -> WrittenFinding | None:
    """A cell that is blank, no number, or not a count."""
    number = number_of(cell)
    if not bare(cell):
        return WrittenFinding("blank", f"“{label}”的{column}栏为空，没有的应填0。", where)
    if number is None:
        return WrittenFinding("not_a_number", f"“{label}”的{column}栏不是数字：{cell[:30]}。", where, (cell[:30],))
    if number < 0 or number != number.to_integral_value():
        return WrittenFinding("not_a_count", f"“{label}”的{column}栏应为非负整数：{number}。", where, (str(number),))
    return None


def row_sums(lines: Sequence[Line]) -> list[WrittenFinding]:
    """总计 = the sum of the six applicant columns, in every row."""
    return [
        WrittenFinding("row_sum", f"“{line.label}”六类申请人之和{sum(line.numbers[:-1])}，与总计{line.numbers[-1]}不符。", line.where, texts(line.numbers))
        for line in lines
        if sum(line.numbers[:-1]) != line.numbers[-1]
    ]  # fmt: skip


def column_sums(lines: Sequence[Line]) -> list[WrittenFinding]:
    """一 + 二 = 三（七） + 四 and （七） = the sum of its rows, in every column."""
    named = {kind_of(line.label): line for line in lines}
    found: list[WrittenFinding] = []
    for index, column in enumerate(COLUMNS):
        at = {kind: line.numbers[index] for kind, line in named.items() if kind}
        if len(at) == len(MARKS) and at["new"] + at["carried_in"] != at["done"] + at["carried_out"]:
            text = f"{column}：新收{at['new']} + 上年结转{at['carried_in']} ≠ 办理结果总计{at['done']} + 结转下年{at['carried_out']}。"
            found.append(WrittenFinding("balance", text, named["done"].where, texts(at.values())))
        parts = [line.numbers[index] for line in lines if not kind_of(line.label)]
        if parts and "done" in at and sum(parts) != at["done"]:
            text = f"{column}：各项办理结果之和{sum(parts)}，与（七）总计{at['done']}不符。"
            found.append(WrittenFinding("outcome_sum", text, named["done"].where, texts([*parts, at["done"]])))
    return found


def review_sums(rows: Rows, place: str) -> list[WrittenFinding]:
    """Table 四: each of the three groups of five ends with its total."""
    found: list[WrittenFinding] = []
    for index, row in enumerate(rows):
        cells = row[-15:]
        if len(cells) < 15 or sum(number_of(cell) is not None for cell in cells) < 8:
            continue
        where = f"{place}第{index + 1}行"
        unread = [cell[:30] for cell in cells if number_of(cell) is None]
        found += [WrittenFinding("blank", f"复议、诉讼表中有一格不是数字：“{cell}”，没有的应填0。", where, (cell,)) for cell in unread]
        numbers = [number_of(cell) or Decimal(0) for cell in cells]
        for start, name in ((0, "行政复议"), (5, "行政诉讼（未经复议直接起诉）"), (10, "行政诉讼（复议后起诉）")):
            parts, whole = numbers[start : start + 4], numbers[start + 4]
            if sum(parts) != whole:
                found.append(WrittenFinding("row_sum", f"{name}：各项之和{sum(parts)}，与总计{whole}不符。", where, texts([*parts, whole])))
    return found


def totals(rows: Rows, place: str) -> list[WrittenFinding]:
    """A last column or last row called 合计 adds up the others."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return []
    found: list[WrittenFinding] = []
    grid = [(f"{place}第{index + 1}行", [number_of(cell) for cell in row[1:]], bare(row[0])) for index, row in enumerate(rows[1:], 1)]
    if bare(rows[0][-1]) in TOTALS:
        for where, numbers, label in grid:
            if len(numbers) > 1 and None not in numbers and sum(n for n in numbers[:-1] if n is not None) != numbers[-1]:
                found.append(WrittenFinding("row_sum", f"“{label}”各栏之和与合计{numbers[-1]}不符。", where, texts(numbers)))
    where, last, label = grid[-1]
    above = [numbers for _, numbers, _ in grid[:-1]]
    if label in TOTALS and len(above) > 1 and all(len(numbers) == len(last) for numbers in above):
        for column, whole in enumerate(last):
            parts = [numbers[column] for numbers in above]
            if whole is not None and None not in parts and sum(n for n in parts if n is not None) != whole:
                found.append(WrittenFinding("column_sum", f"第{column + 2}列各行之和与{label}{whole}不符。", where, texts([*parts, whole])))
    return found


def carried_over(written: Written, before: Written) -> list[WrittenFinding]:
    """The 二 of this year = last year's 四, in every column; nothing when one of the rows is missing."""
    this, last = row_named(written, "carried_in"), row_named(before, "carried_out")
    if this is None or last is None:
        return []
    return [
        WrittenFinding("carry_over", f"{column}：本年的上年结转{now}，与上年报告的结转下年度{then}不符。", this.where, (str(then), str(now)))
        for column, now, then in zip(COLUMNS, this.numbers, last.numbers, strict=True)
        if now != then
    ]


def row_named(written: Written, kind: str) -> Line | None:
    """The named row of table 三; None when the report has no such table."""
    every = (line for index, rows in enumerate(written.tables) for line in application_rows(rows, f"表{index + 1}")[0])
    return next((line for line in every if kind_of(line.label) == kind), None)


def texts(numbers: Iterable[Decimal | None]) -> tuple[str, ...]:
    """Numbers as the strings that the finding shows."""
    return tuple(str(number) for number in numbers)
