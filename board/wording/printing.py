"""Printed pages: HTML that this program made, as PDF by WeasyPrint with the Chinese fonts of the machine embedded; nothing is fetched from anywhere."""

from pathlib import Path
from typing import Any

from board.errors import NotConfigured

FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_FILES = ("*CJK*", "*SourceHan*", "*wqy*", "*WenQuanYi*", "*[Ff]ang[Ss]ong*", "*simfang*", "*simsun*")
ADVICE = "（Debian：apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk）。其他格式不受影响"


def chinese_fonts() -> bool:
    """Whether a font with Chinese characters is installed where fontconfig looks."""
    places = (Path(place).expanduser() for place in FONT_PLACES)
    return any(any(place.rglob(name)) for place in places if place.is_dir() for name in FONT_FILES)


def pdf_missing() -> str:
    """What is missing for PDF, in words; "" when nothing is."""
    try:
        import weasyprint  # noqa: F401  # loads Pango
    except (ImportError, OSError):
        return "没有 WeasyPrint 或 Pango，不能生成 PDF" + ADVICE
    return "" if chinese_fonts() else "没有中文字体，不能生成 PDF" + ADVICE


def pdf_of(page: str) -> bytes:
    """The page as PDF, the same bytes for the same page and fonts; NotConfigured when a library or a font is missing."""
    missing = pdf_missing()
    if missing:
        raise NotConfigured(f"{missing}。")
    import weasyprint

    made = weasyprint.HTML(string=page, url_fetcher=refused).write_pdf()
    content: bytes = made
    return content


def refused(url: str, *_given: Any, **_named: Any) -> Any:
    """No address is ever opened: pages carry everything that they need."""
    raise ValueError(f"not fetched: {url[:80]}")
