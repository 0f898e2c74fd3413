"""A list of referral slips from a file: what was read and what was not understood is shown, columns can be told by hand, then the new rows are taken down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from board.clock import local_day, now
from board.errors import HuiyingError, Refused
from board.inquiries.importing_slips import SlipRow, keep_notes, left_columns, read_slips, take_slips
from board.inquiries.posting import Post, Posted
from board.inquiries.taking_down import Slip, take_down
from board.intake import waiting
from board.intake.columns import Columns, UnknownHeadings, load_columns
from board.intake.reading import COLUMNS_MOST, Line, read_lines
from board.intake.sniffing import sniff
from board.web import forms
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.staff_pages import acting

blueprint = Blueprint("slip_lists", __name__)


@dataclass(slots=True)
class Shown:
    """What the page shows of a list: its key, its rows (None before a file was read), headings that were not understood with an example of each."""

    source: str = ""
    key: str = ""
    rows: Sequence[SlipRow] | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)
    meant: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


@blueprint.get("/desk/slips/import")
def choose() -> str:
    """Where a list is chosen."""
    return page(Shown())


@blueprint.post("/desk/slips/import")
def preview() -> AnyResponse:
    """Reads the list and shows what each row would become; nothing is stored yet."""
    content, source = forms.sent_file("file")[0], forms.typed("source")
    if not content:
        return Response(page(Shown(source, error="请选择文件。")), 422, mimetype="text/html")
    key = waiting.keep(the_office().settings.home, content, ".xlsx" if content.startswith(b"PK") else ".csv")
    return shown(key, source, {})


@blueprint.post("/desk/slips/import/columns")
def columns() -> AnyResponse:
    """Reads the list that waits once more, with the columns as the person says that they are meant."""
    return shown(forms.typed("key")[:60], forms.typed("source"), meant())


@blueprint.post("/desk/slips/import/confirm")
def confirm() -> AnyResponse:
    """Takes the new rows of the list that was shown."""
    office, key, source = the_office(), forms.typed("key")[:60], forms.typed("source")
    path = waiting.find(office.settings.home, key)
    if path is None:
        return gone(source)
    try:
        with office.work.transaction() as db:
            rows = rows_of(db, path, source, understood(meant()))
            done = take_slips(rows, office.key, lambda post, slip, notes: taken(db, post, slip, notes), office.settings.limit("note"))
    except HuiyingError as error:
        return Response(page(Shown(source, error=error.message)), status_of(error), mimetype="text/html")
    waiting.forget(office.settings.home, key)
    flash(f"已登记 {len(done)} 件。", "good")
    return redirect(url_for("taking_down.slips"), 303)


def shown(key: str, source: str, said: Mapping[str, str]) -> AnyResponse:
    """The preview of a list that waits under this key; a list without the needed columns asks what its columns mean."""
    office = the_office()
    path = waiting.find(office.settings.home, key)
    if path is None:
        return gone(source)
    try:
        with office.work.reading() as db:
            rows = rows_of(db, path, source, understood(said))
    except UnknownHeadings as error:
        found = dict.fromkeys((printable(name) for name in error.found[:COLUMNS_MOST]), "")
        return Response(page(Shown(source, key, None, found, said, "表中没有认得出的转办单编号列或诉求内容列，请在下面说明各列是什么。")), 422, mimetype="text/html")
    except HuiyingError as error:
        waiting.forget(office.settings.home, key)
        return Response(page(Shown(source, error=printable(error.message.replace(str(path), "所选文件")))), status_of(error), mimetype="text/html")
    return Response(page(Shown(source, key, rows, dict.fromkeys(said, "") | left_columns(rows), said)), mimetype="text/html")


def gone(source: str) -> AnyResponse:
    """The list is not there any more."""
    return Response(page(Shown(source, error="名单已经失效，请重新选择文件。")), 422, mimetype="text/html")


def meant() -> dict[str, str]:
    """What the person says of columns: heading -> field, from the pairs heading-0, field-0, heading-1 and so on."""
    pairs = ((forms.typed(f"heading-{place}")[:200], forms.typed(f"field-{place}")) for place in range(COLUMNS_MOST) if f"heading-{place}" in request.form)
    return {heading: name for heading, name in pairs if heading and name}


def understood(said: Mapping[str, str]) -> Columns:
    """The accepted headings and those of the person."""
    return load_columns(the_office().settings.config_dir, "slips").understood(said)


def printable(message: str) -> str:
    """A message in which a damaged file is quoted."""
    return message.encode("utf-8", "replace").decode()


def rows_of(db: Any, path: Path, source: str, known: Columns) -> list[SlipRow]:
    """The rows of a list."""
    office = the_office()
    return read_slips(db, office.settings, office.labels, known, lines_of(path, known), source, local_day(now()))


def lines_of(path: Path, known: Columns) -> Iterator[Line]:
    """The lines of a sent file; Refused for what is no list."""
    found = sniff(path, lambda _text: False)
    if found.format not in ("csv", "xlsx"):
        raise Refused("请选择 XLSX 或 CSV 文件。")
    return read_lines(found, known)


def taken(db: Any, post: Post, slip: Slip, notes: Sequence[str]) -> Posted:
    """Takes one row down in the name of the person of this request; what no field took is noted in the case file."""
    office, at = the_office(), now()
    posted = take_down(db, office.settings, office.labels, office.key, office.calendar, acting(), post, slip, at)
    keep_notes(db, office.settings, acting(), posted, notes, at)
    return posted


def page(list_: Shown) -> str:
    """The page of the list: the choice of a file, what was not understood, what was read."""
    office, rows = the_office(), list_.rows or ()
    known = load_columns(office.settings.config_dir, "slips")
    return render_template(
        "desk/slips_import.html", here="slips", heading="批量登记转办单", list=list_, sources=office.settings.section("referrals")["sources"],
        headings={name: accepted[0] for name, accepted in known.accepted.items()}, required=[known.accepted[name][0] for name in known.required],
        new=sum(row.new for row in rows), known=sum(bool(row.known) for row in rows), wrong=sum(bool(row.wrong) for row in rows),
        found=sum(bool(row.findings) and row.new for row in rows),
    )  # fmt: skip
