"""Charts by matplotlib: SVG with real text and plain attributes for pages (no style attributes, so that a strict CSP holds), PNG for documents."""

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET  # only what this module drew itself is read back

from board.reports.annual import Report
from board.reports.trend import TREND

SVG = "http://www.w3.org/2000/svg"
INK, BLUE, QUIET = "#1f2933", "#2f6fb3", "#d5dbe3"
CJK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
)
#: matplotlib's settings are one for the process
LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with a name; ``lying`` for long names and many of them."""

    name: str
    parts: Mapping[str, int]
    lying: bool = False


def of_table(report: Report, title: str) -> list[Chart]:
    """The charts that belong to a table of the report (board.reports.tables), in the order in which they stand above it."""
    number = title.partition("　")[0]
    made = next((make for name, make in BY_TABLE.items() if name == number), None)
    return [chart for chart in made(report) if any(chart.parts.values())] if made else []


def category_charts(report: Report) -> list[Chart]:
    """附表二: disclosures by category."""
    return [Chart(f"{report.year}年主动公开政府信息类别（条）", report.figures["proactive_disclosures"]["by_category"], lying=True)]


def month_charts(report: Report) -> list[Chart]:
    """附表四: received and closed by month."""
    closed = {f"{month}月": number for month, number in report.inquiries["closed_by_month"].items()}
    return [Chart(f"{report.year}年各月收到留言（件）", months(report)), Chart(f"{report.year}年各月办结留言（件）", closed)]


def split_charts(report: Report) -> list[Chart]:
    """附表五: received by kind and by unit."""
    kinds = {report.labels("kind", name): number for name, number in report.inquiries["by_kind"].items()}
    return [Chart(f"{report.year}年收到留言的类型（件）", kinds, lying=True), Chart(f"{report.year}年收到留言的承办单位（件）", most(report.inquiries["by_unit"]), lying=True)]


def handling_charts(report: Report) -> list[Chart]:
    """附表六: how long the handling took."""
    return [Chart(f"{report.year}年办结留言的办理时间（件）", report.inquiries["closed_by_days"])]


def trend_charts(report: Report) -> list[Chart]:
    """附表七: one chart for each row of the five years."""
    return [Chart(f"近五年{label}", {f"{year}年": numbers[key] for year, numbers in report.trend.items()}) for key, label in TREND.items()]


#: how many bars a chart holds; the rest is added up
BARS_MOST = 20
BY_TABLE = {"附表二": category_charts, "附表四": month_charts, "附表五": split_charts, "附表六": handling_charts, "附表七": trend_charts}


def most(parts: Mapping[str, int]) -> dict[str, int]:
    """The largest parts, and the sum of the others as 其他; the table beside has them all."""
    if len(parts) <= BARS_MOST:
        return dict(parts)
    names = sorted(parts, key=lambda name: -parts[name])
    return {name: parts[name] for name in names[: BARS_MOST - 1]} | {"其余单位": sum(parts[name] for name in names[BARS_MOST - 1 :])}


def months_svg(report: Report) -> str:
    """Inquiries received in each month, as an SVG element for a page."""
    return chart_svg(month_charts(report)[0])


def categories_svg(report: Report) -> str:
    """Disclosures by category, as an SVG element for a page."""
    return chart_svg(category_charts(report)[0])


def chart_svg(chart: Chart) -> str:
    """A chart as an SVG element, said in words for those who do not see it."""
    return svg(chart.parts, f"{chart.name}：{said(chart.parts)}", lying=chart.lying)


def chart_png(chart: Chart) -> bytes | None:
    """A chart as a picture with its name above; None without a font."""
    return png(chart.parts, lying=chart.lying, name=chart.name)


def months(report: Report) -> dict[str, int]:
    """Received inquiries by month with the months' names."""
    return {f"{month}月": number for month, number in report.inquiries["by_month"].items()}


def said(parts: Mapping[str, int]) -> str:
    """A chart in words, for those who do not see it."""
    return "，".join(f"{name}{number}" for name, number in parts.items())


def svg(parts: Mapping[str, int], words: str, *, lying: bool = False) -> str:
    """The chart as SVG: text stays text, colours of text follow the page, identical input gives identical bytes."""
    with LOCK:
        raw = rendered(parts, "svg", None, lying=lying)
    return plain_svg(raw.decode(), words)


def png(parts: Mapping[str, int], *, lying: bool = False, name: str = "") -> bytes | None:
    """The chart as a picture of 200 dpi for a document; None when no font with Chinese characters is installed."""
    with LOCK:
        font = chinese_font()
        return rendered(parts, "png", font, lying=lying, name=name) if font else None


def chinese_font() -> str | None:
    """The first installed font of the list."""
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in known), None)


def rendered(parts: Mapping[str, int], form: str, font: str | None, *, lying: bool, name: str = "") -> bytes:
    """Draws the bars; must be called under the lock."""
    import logging
    import warnings

    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "huiying", "font.family": font or chinese_font() or "sans-serif", "font.size": 11}
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(6.8, max(1.4, 0.42 * len(parts) + 0.4) if lying else 2.1), layout="constrained")
        (FigureCanvasSVG if form == "svg" else FigureCanvasAgg)(figure)
        if name:
            figure.suptitle(name, fontsize=11, color=INK)
        draw(figure, list(parts), list(parts.values()), lying=lying)
        target = io.BytesIO()
        figure.savefig(target, format=form, dpi=200, transparent=form == "svg", metadata={"Date": None} if form == "svg" else {"Software": None})
    return target.getvalue()


def draw(figure: Any, names: list[str], numbers: list[int], *, lying: bool) -> None:
    """Bars with their numbers, without frame and grid."""
    axes = figure.add_subplot()
    bars = axes.barh(names[::-1], numbers[::-1], color=BLUE, height=0.6) if lying else axes.bar(names, numbers, color=BLUE, width=0.6)
    axes.bar_label(bars, padding=3, color=INK)
    axes.margins(**({"x": 0.08} if lying else {"y": 0.15}))
    if not any(numbers):
        (axes.set_xlim if lying else axes.set_ylim)(0, 1)
    for side, line in axes.spines.items():
        line.set_visible(side == ("left" if lying else "bottom"))
        line.set_color(QUIET)
    axes.tick_params(length=0, colors=INK)
    (axes.xaxis if lying else axes.yaxis).set_visible(False)


def plain_svg(raw: str, words: str) -> str:
    """Turns style attributes into presentation attributes, drops fonts and fixed sizes, names the picture."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(raw)  # noqa: S314  # drawn above
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}:
                parent.remove(child)
        if parent.tag == f"{{{SVG}}}g":
            parent.attrib.pop("id", None)
        for pair in parent.attrib.pop("style", "").split(";"):
            name, _, value = (piece.strip() for piece in pair.partition(":"))
            if name and name not in {"font-family", "font"}:
                parent.set(name, "currentColor" if value == INK else value)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.attrib |= {"width": "100%", "role": "img", "aria-label": words, "class": "chart"}
    return ET.tostring(root, encoding="unicode")
