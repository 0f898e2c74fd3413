"""What templates may call: labels, dates, addresses of files, the office's own details."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import flask_bootstrap
from flask import Flask, current_app, request, url_for
from markupsafe import Markup, escape

from board.clock import local, local_day, now
from board.web import sessions
from board.web.current import the_office
from board.web.forms import page_address
from board.web.guards import local_path
from board.web.site import the_site

LARGE = "large"
PHONE = re.compile(r"\+?[0-9](?:[0-9]|[-—() ](?=[0-9(])){2,17}")
WEEKDAYS = "一二三四五六日"


def register(app: Flask) -> None:
    """Filters and globals of all templates."""
    app.add_template_filter(day, "day")
    app.add_template_filter(short_day, "short_day")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(grouped, "grouped")
    app.add_template_filter(weekday, "weekday")
    app.add_template_filter(is_local, "is_local")
    app.add_template_global(label)
    app.add_template_global(asset)
    app.add_template_global(page_address)
    app.add_template_global(marked)
    app.add_template_global(site_name)
    app.add_template_global(page_exists)
    app.add_template_filter(phones, "phones")
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """The office, the print size and the person, for every page."""
    settings, site = the_office().settings, the_site()
    return {
        "site": {**settings.section("office"), "name": site.name},
        "limits": settings.section("limits"),
        "terms": settings.section("deadlines"),
        "large": request.cookies.get(LARGE) == "on",
        "staff": sessions.staff(),
        "today": local_day(now()),
        "public_served": settings.section("web")["public"],
        "desk_served": settings.section("web")["desk"],
        "sample": site.sample,
    }


def label(table: str, name: object) -> str:
    """The Chinese name of a stored value, e.g. ``label("kind", inquiry.kind)``."""
    return the_office().labels(table, None if name is None else str(name))


def day(value: datetime | date | None) -> str:
    """2016年3月14日; "" for None."""
    if value is None:
        return ""
    at = local_day(value) if isinstance(value, datetime) else value
    return f"{at.year}年{at.month}月{at.day}日"


def short_day(value: datetime | date | None) -> str:
    """2016-03-14; "" for None."""
    if value is None:
        return ""
    return (local_day(value) if isinstance(value, datetime) else value).isoformat()


def moment(value: datetime | None) -> str:
    """2016-03-14 09:41 in Shanghai; "" for None."""
    return "" if value is None else f"{local(value):%Y-%m-%d %H:%M}"


def grouped(number: int) -> str:
    """1,234."""
    return f"{number:,}"


def weekday(value: datetime | date | None) -> str:
    """周三."""
    if value is None:
        return ""
    return f"周{WEEKDAYS[(local_day(value) if isinstance(value, datetime) else value).weekday()]}"


def is_local(address: str) -> bool:
    """Whether an address is a path of this site: only those become links in what people wrote."""
    return local_path(address) == address and address != "/"


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """The text with its spans (start, end) marked; everything is escaped."""
    result, done = Markup(), 0
    for start, end in sorted((int(first), int(last)) for first, last in spans):
        if done <= start < end <= len(text):
            result += escape(text[done:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
            done = end
    return result + escape(text[done:])


def phones(text: str) -> list[tuple[str, str]]:
    """The telephone numbers of a text as they stand there, each with what a telephone dials."""
    return [(found[0], re.sub(r"[^0-9+]", "", found[0])) for found in PHONE.finditer(text)]


def site_name() -> str:
    """The office's name, for macros."""
    return the_site().name


def page_exists(endpoint: str) -> bool:
    """Whether this application serves the page: the two sides may be served apart."""
    return endpoint in current_app.view_functions


def asset(name: str, wheel: bool = False) -> str:
    """The address of a file with the fingerprint of its content; ``wheel`` takes Bootstrap's from its package."""
    endpoint = "bootstrap.static" if wheel else "static"
    return url_for(endpoint, filename=name, v=fingerprint(endpoint, name))


@cache
def fingerprint(endpoint: str, name: str) -> str:
    """The first letters of the file's SHA-256."""
    folder = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" if endpoint == "bootstrap.static" else Path(__file__).parent / "static"
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
