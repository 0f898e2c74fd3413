"""The plot of calibration as SVG: how sure the matcher was, and how often it was right."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from responder.measures import Bin

_SIZE, _LEFT, _TOP, _ROOM = 360, 64, 24, 56
_INK, _BLUE, _QUIET = "#1f2933", "#2f6fb3", "#d5dbe3"


def calibration_svg(bins: Sequence[Bin], title: str) -> str:
    """A picture of 480 x 440: a point for each bin, its area growing with the number of questions, beside the diagonal."""
    most = max((part.count for part in bins), default=1)
    marks = [_point(part, most) for part in bins]
    lines = [_line(0, 0, 1, 1, dashed=True), *(_tick(step / 5) for step in range(6))]
    words = [
        _words(_LEFT + _SIZE / 2, _TOP + _SIZE + 44, "把握（平均）"),
        f'<text transform="translate(18 {_TOP + _SIZE / 2}) rotate(-90)" text-anchor="middle" font-size="13" fill="{_INK}">实际答对的比例</text>',
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _SIZE + _ROOM} {_TOP + _SIZE + _ROOM}" role="img" font-family="sans-serif">'
    return "\n".join([head, f"<title>{escape(title)}</title>", *lines, *marks, *words, "</svg>"]) + "\n"


def _place(x: float, y: float) -> tuple[float, float]:
    """Where a pair of shares stands in the picture."""
    return round(_LEFT + x * _SIZE, 1), round(_TOP + (1 - y) * _SIZE, 1)


def _point(part: Bin, most: int) -> str:
    """One bin."""
    x, y = _place(part.confidence, part.right)
    said = f"把握 {part.confidence:.2f}，答对 {part.right:.2f}，{part.count} 个问题"
    return f'<circle cx="{x}" cy="{y}" r="{round(3 + 6 * (part.count / most) ** 0.5, 1)}" fill="{_BLUE}" fill-opacity="0.8"><title>{said}</title></circle>'


def _line(x1: float, y1: float, x2: float, y2: float, *, dashed: bool = False) -> str:
    """A line between two pairs of shares."""
    (a, b), (c, d) = _place(x1, y1), _place(x2, y2)
    return f'<line x1="{a}" y1="{b}" x2="{c}" y2="{d}" stroke="{_INK if dashed else _QUIET}"{" stroke-dasharray=" + chr(34) + "4 4" + chr(34) if dashed else ""}/>'


def _tick(share: float) -> str:
    """Grid lines and figures of both axes at one share."""
    x, y = _place(share, share)
    below, beside = _words(x, _TOP + _SIZE + 20, f"{share:.1f}"), _words(_LEFT - 18, y + 4, f"{share:.1f}")
    return _line(share, 0, share, 1) + _line(0, share, 1, share) + below + beside


def _words(x: float, y: float, said: str) -> str:
    """Words around a point."""
    return f'<text x="{x}" y="{y}" text-anchor="middle" font-size="13" fill="{_INK}">{escape(said)}</text>'
