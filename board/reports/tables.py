"""The report's tables, the same in every format: figures, inquiries, months, units, kinds, findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from board.reports.annual import Report
from board.reports.figures import FIGURES
from board.reports.handling import share
from board.reports.trend import TREND

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``kinds`` says for each column whether it holds "text" or "number"."""

    title: str
    heads: Sequence[str]
    kinds: Sequence[str]
    rows: Sequence[Sequence[Cell]]


#: The plain inquiry figures in the order of the table, with the name and the unit of the derived ones.
DERIVED = {
    "answer_rate": "答复率（%）",
    "mean_handling_days": "平均办理时间（天）",
    "median_handling_days": "办理时间中位数（天）",
    "mean_working_days": "平均办理时间（工作日）",
}


def sign_line(report: Report) -> str:
    """Unit, time of counting, and what must be known about the numbers."""
    marks = ["样例数据"] * report.sample + ["年度未结束，为阶段性数字"] * report.provisional
    return f"{report.unit}　统计时间：{report.counted}" + "".join(f"　【{mark}】" for mark in marks)


def annex_line(report: Report) -> str:
    """What the annexes are, for whoever reads them without the report."""
    return f"{report.unit}　{report.year}年1月1日至12月31日　统计时间：{report.counted}" + "（年度未结束，为阶段性数字）" * report.provisional


def tables(report: Report) -> list[Table]:
    """All tables of a report, in order."""
    return [disclosure_table(report), category_table(report), inquiry_table(report), month_table(report), split_table(report), handling_table(report), trend_table(report), finding_table(report)]


def disclosure_table(report: Report) -> Table:
    """附表一: totals, units, channels, key areas, applications, reviews."""
    own, rest = report.figures["proactive_disclosures"], report.figures
    total = own["cumulative"]
    rows: list[tuple[str, Cell, str]] = [("主动公开政府信息（条）", own["total"], "")]
    rows += [(f"　其中：{name}", part["count"], f"{part['share_percent']:.1f}%") for name, part in own["by_unit"].items()]
    rows += [(f"{total['from']}—{total['to']}年累计（条）", total["count"], "")]
    rows += [(f"　{name}公开（条）", number, "") for name, number in own["by_channel"].items()]
    rows += [("重点领域信息（条）", own["key_areas"]["total"], "")]
    rows += [(f"　其中：{name}", number, "") for name, number in own["key_areas"].items() if name != "total"]
    rows += [("收到依申请公开（件）", rest["applications"]["received"], ""), ("历年累计依申请公开（件）", rest["applications"]["cumulative"], "")]
    rows += [(f"{name}（件）", number, "") for name, number in rest["reviews"].items()]
    return Table("附表一　政府信息公开统计", ("项目", "数量", "占比"), ("text", "number", "number"), rows)


def category_table(report: Report) -> Table:
    """附表二: disclosures by category with the sum."""
    parts = report.figures["proactive_disclosures"]["by_category"]
    return Table("附表二　主动公开政府信息类别", ("类别", "数量（条）"), ("text", "number"), [*parts.items(), ("合计", sum(parts.values()))])


def inquiry_table(report: Report) -> Table:
    """附表三: the statistics of inquiries."""
    plain = [(figure.label + "（件）", name) for key, figure in FIGURES.items() if not figure.by and (name := key.removeprefix("inquiries.")) != key]
    rows = [(label, report.inquiries[name]) for label, name in plain] + [(label, report.inquiries[name]) for name, label in DERIVED.items()]
    return Table("附表三　网民留言办理统计", ("项目", "数量"), ("text", "number"), rows)


def month_table(report: Report) -> Table:
    """附表四: received and closed, month by month."""
    came, went = report.inquiries["by_month"], report.inquiries["closed_by_month"]
    rows = [(f"{month}月", came[month], went[month]) for month in came]
    return Table("附表四　各月收到和办结留言", ("月份", "收到（件）", "办结（件）"), ("text", "number", "number"), [*rows, summed(rows)])


def summed(rows: Iterable[tuple[str, int, int]]) -> tuple[str, int, int]:
    """The last row of the months."""
    pairs = [row[1:] for row in rows]
    return "合计", sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)


def split_table(report: Report) -> Table:
    """附表五: received by kind, by unit, by channel."""
    inquiries = report.inquiries
    kinds = named(inquiries["by_kind"], {name: report.labels("kind", name) for name in inquiries["by_kind"]})
    channels = named(inquiries["by_channel"], {name: report.labels("channel", name) for name in inquiries["by_channel"]})
    groups = (("类型", kinds), ("承办单位", inquiries["by_unit"]), ("渠道", channels))
    rows = [(group, name, number) for group, parts in groups for name, number in parts.items()]
    return Table("附表五　收到留言的构成", ("分类", "名称", "数量（件）"), ("text", "text", "number"), rows)


def handling_table(report: Report) -> Table:
    """附表六: closed by the days that the handling took."""
    parts = report.inquiries["closed_by_days"]
    rows = [(name, number, f"{share(number, sum(parts.values())):.1f}%") for name, number in parts.items()]
    return Table("附表六　办理时间分布", ("从收到到办结", "办结（件）", "占比"), ("text", "number", "number"), [*rows, ("合计", sum(parts.values()), "")])


def trend_table(report: Report) -> Table:
    """附表七: this year and the four before it."""
    rows: list[tuple[Cell, ...]] = [(label, *(numbers[key] for numbers in report.trend.values())) for key, label in TREND.items()]
    return Table("附表七　近五年对照", ("项目", *(f"{year}年" for year in report.trend)), ("text", *("number" for _ in report.trend)), rows)


def named(parts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    """The parts under their Chinese names."""
    return {names[name]: number for name, number in parts.items()}


def finding_table(report: Report) -> Table:
    """附表八: findings, one row for each item behind them."""
    rows: list[tuple[Cell, ...]] = []
    for number, finding in enumerate(report.findings, 1):
        heads = [(item.number, item.printed, item.date.isoformat()) for item in finding.items[:ITEMS_MOST]] or [("", "", "")]
        rows += [(number if k == 0 else "", finding.message if k == 0 else "", *head) for k, head in enumerate(heads)]
        if len(finding.items) > ITEMS_MOST:
            rows += [("", "", "", f"……另有{len(finding.items) - ITEMS_MOST}条，见系统内清单", "")]
    return Table(FINDINGS, ("序号", "事项", "文号或编号", "涉及的信息", "日期"), ("number", "text", "text", "text", "text"), rows)


#: How many items a finding lists in a printed table.
ITEMS_MOST = 20
FINDINGS = "附表八　自查发现的不一致事项"
