"""The quality of the drafts as a chart for the page and as a file for a spreadsheet program."""

import csv
import io
import warnings
from collections.abc import Sequence
from typing import Any

from board.reports.charts import INK, LOCK, QUIET, chinese_font, plain_svg, said
from board.reports.draft_quality import OUTCOMES, Quality, QualityRow
from board.wording.labels import Labels

#: green nothing to do, blue some, amber much, greys no draft
COLOURS = {"unchanged": "#2f8f5f", "edited": "#2f6fb3", "rewritten": "#c98a1b", "abstained": "#8a94a3", "by_hand": "#c3cad4"}
BYTE_ORDER_MARK = "\ufeff"


def months_svg(quality: Quality, labels: Labels, year: int) -> str:
    """Approved replies of each month, stacked by outcome, as an SVG element; its words say the totals."""
    words = f"{year}年各月审签的答复，按系统拟稿的采用情况：" + said({row.name: row.approved for row in quality.months})
    with LOCK:
        raw = rendered(quality.months, labels)
    return plain_svg(raw.decode(), words)


def rendered(rows: Sequence[QualityRow], labels: Labels) -> bytes:
    """Draws the stacked bars; must be called under the lock."""
    import logging

    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "huiying", "font.family": chinese_font() or "sans-serif", "font.size": 11}
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(6.8, 3.1), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot(), rows, labels)
        target = io.BytesIO()
        figure.savefig(target, format="svg", transparent=True, metadata={"Date": None})
    return target.getvalue()


def draw(axes: Any, rows: Sequence[QualityRow], labels: Labels) -> None:
    """Bars by month with the totals above and the outcomes named above all."""
    below = [0] * len(rows)
    for outcome in OUTCOMES:
        numbers = [row.counts[outcome] for row in rows]
        bars = axes.bar([row.name for row in rows], numbers, bottom=below, color=COLOURS[outcome], width=0.6, label=labels("draft_outcome", outcome))
        below = [one + other for one, other in zip(below, numbers, strict=True)]
    axes.bar_label(bars, labels=[str(number or "") for number in below], padding=3, color=INK)
    axes.set_ylim(0, max(*below, 1) * 1.15)
    for side, line in axes.spines.items():
        line.set_visible(side == "bottom")
        line.set_color(QUIET)
    axes.tick_params(length=0, colors=INK)
    axes.yaxis.set_visible(False)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, labelcolor=INK, handlelength=1, columnspacing=4)


def as_csv(quality: Quality, labels: Labels) -> bytes:
    """All tables in one file, UTF-8 with a byte order mark so that a spreadsheet program reads Chinese."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(["范围", "名称", "审签", "系统拟稿", *(labels("draft_outcome", name) for name in OUTCOMES), "修改后采用的平均修改幅度", "修改后采用的修改幅度中位数"])
    for scope, rows in (("合计", [quality.total]), ("月份", quality.months), ("单位", quality.units)):
        for row in rows:
            shares = ["" if value is None else f"{value:.4f}" for value in (row.mean_changed, row.median_changed)]
            writer.writerow([scope, safe(row.name), row.approved, row.drafted, *(row.counts[name] for name in OUTCOMES), *shares])
    return (BYTE_ORDER_MARK + target.getvalue()).encode()


def safe(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
