"""Taking down (代录) what came by telephone, window, letter or referral slip; the list of slips, and a list of them from a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from board.clock import local_day, now
from board.errors import HuiyingError, InvalidInput, Refused
from board.inquiries.channels import BY_STAFF
from board.inquiries.importing_slips import SlipRow, read_slips, take_slips
from board.inquiries.posting import Post, Posted, new_nonce
from board.inquiries.taking_down import Slip, as_date, take_down
from board.intake import waiting
from board.intake.columns import load_columns
from board.intake.reading import Line, read_lines
from board.intake.sniffing import sniff
from board.replies import feedback_slip
from board.web import forms
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.staff_pages import acting

blueprint = Blueprint("taking_down", __name__)
FIELDS = ("channel", "text", "title", "kind", "nickname", "contact", "publish", "source", "slip_number", "slip_due")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/desk/take-down")
def form() -> str:
    """The empty form."""
    channel = request.args.get("channel", "phone")
    return page(forms.Filled({"channel": channel if channel in BY_STAFF else "phone"}, nonce=new_nonce()))


@blueprint.post("/desk/take-down")
def send() -> AnyResponse:
    """Stores the item and shows number and code, to be read out or printed; what is wrong is said beside the field."""
    given = forms.Filled({name: forms.typed(name) for name in FIELDS}, nonce=forms.typed("nonce")[:100] or new_nonce())
    office = the_office()
    try:
        with office.work.transaction() as db:
            posted = taken(db, post_of(given), slip_of(given))
    except HuiyingError as error:
        given.errors[error.field if isinstance(error, InvalidInput) and error.field != "nonce" else ""] = error.message
        return Response(page(given), status_of(error), mimetype="text/html")
    return Response(render_template("desk/taken_down.html", here="take_down", heading="已代录", posted=posted, channel=given.value("channel")), mimetype="text/html")


def page(filled: forms.Filled) -> str:
    """The form's page."""
    office = the_office()
    return render_template(
        "desk/take_down.html", here="take_down", heading="代录来件", form=filled, channels=BY_STAFF, kinds=office.labels.tables["kind"],
        sources=office.settings.section("referrals")["sources"],
    )  # fmt: skip


def post_of(given: forms.Filled) -> Post:
    """The form as the room takes it; InvalidInput for a channel that is none of staff's."""
    channel = next((known for known in BY_STAFF if known == given.value("channel")), None)
    if channel is None:
        raise InvalidInput("请选择来件渠道。", "channel")
    return Post(
        text=given.value("text"), publish=forms.CHOICES.get(given.value("publish")), title=given.value("title"), kind=given.value("kind"),
        nickname=given.value("nickname"), contact=given.value("contact"), nonce=given.nonce, channel=channel,
    )  # fmt: skip


def slip_of(given: forms.Filled) -> Slip | None:
    """The slip, when the item came with one."""
    if given.value("channel") != "referral":
        return None
    return Slip(given.value("source"), given.value("slip_number"), as_date(given.value("slip_due"), "slip_due"))


def taken(db: Any, post: Post, slip: Slip | None) -> Posted:
    """Takes one item down in the name of the person of this request."""
    office = the_office()
    return take_down(db, office.settings, office.labels, office.key, office.calendar, acting(), post, slip, now())


@blueprint.get("/desk/slips")
def slips() -> str:
    """The referral slips by deadline."""
    office, source, everything = the_office(), asked_source(), request.args.get("all") == "1"
    with office.work.reading() as db:
        found = feedback_slip.slips(db, acting(), source, only_open=not everything)
        return render_template(
            "desk/slips.html", here="slips", heading="转办件", slips=found, source=source, everything=everything,
            sources=office.settings.section("referrals")["sources"], today=local_day(now()), most=feedback_slip.SLIPS_MOST, answered=feedback_slip.ANSWERED,
        )  # fmt: skip


@blueprint.get("/desk/slips.xlsx")
def slips_file() -> Response:
    """The same list as a workbook, with the replies: what goes back to the sender."""
    office = the_office()
    with office.work.reading() as db:
        found = feedback_slip.slips(db, acting(), asked_source(), only_open=request.args.get("all") != "1")
        content = feedback_slip.feedback_xlsx([feedback_slip.feedback_of(db, slip, office.labels) for slip in found], now())
    return attachment(content, WORKBOOK, f"feedback-{local_day(now()):%Y%m%d}.xlsx")


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def asked_source() -> str:
    """The source that the address asks for, "" for all."""
    given = request.args.get("source", "")
    return given if given in the_office().settings.section("referrals")["sources"] else ""


@blueprint.get("/desk/slips/import")
def import_form() -> str:
    """Where a list is chosen."""
    return import_page({})


@blueprint.post("/desk/slips/import")
def import_preview() -> AnyResponse:
    """Reads the list and shows what each row would become; nothing is stored yet."""
    content, source = forms.sent_file("file")[0], forms.typed("source")
    if not content:
        return Response(import_page({"file": "请选择文件。"}, source), 422, mimetype="text/html")
    key = waiting.keep(the_office().settings.home, content, ".xlsx" if content.startswith(b"PK") else ".csv")
    return shown(key, source)


@blueprint.post("/desk/slips/import/confirm")
def import_confirm() -> AnyResponse:
    """Takes the new rows of the list that was shown."""
    office, key, source = the_office(), forms.typed("key")[:60], forms.typed("source")
    path = waiting.find(office.settings.home, key)
    if path is None:
        return Response(import_page({"file": "名单已经失效，请重新选择文件。"}, source), 422, mimetype="text/html")
    try:
        with office.work.transaction() as db:
            done = take_slips(rows_of(db, path, source), office.key, lambda post, slip: taken(db, post, slip))
    except HuiyingError as error:
        return Response(import_page({"file": error.message}, source), status_of(error), mimetype="text/html")
    waiting.forget(office.settings.home, key)
    flash(f"已登记 {len(done)} 件。", "good")
    return redirect(url_for("taking_down.slips"), 303)


def shown(key: str, source: str) -> AnyResponse:
    """The preview of a list that waits under this key."""
    office = the_office()
    path = waiting.find(office.settings.home, key)
    try:
        with office.work.reading() as db:
            rows = rows_of(db, path, source) if path else []
    except HuiyingError as error:
        waiting.forget(office.settings.home, key)
        return Response(import_page({"file": printable(error.message.replace(str(path), "所选文件"))}, source), status_of(error), mimetype="text/html")
    return Response(import_page({}, source, key, rows), mimetype="text/html")


def printable(message: str) -> str:
    """A message in which a damaged file is quoted."""
    return message.encode("utf-8", "replace").decode()


def rows_of(db: Any, path: Path, source: str) -> list[SlipRow]:
    """The rows of a list."""
    office = the_office()
    columns = load_columns(office.settings.config_dir, "slips")
    return read_slips(db, office.settings, office.labels, columns.kinds, lines_of(path, columns), source, local_day(now()))


def lines_of(path: Path, columns: Any) -> Iterator[Line]:
    """The lines of a sent file; Refused for what is no list."""
    found = sniff(path, lambda _text: False)
    if found.format not in ("csv", "xlsx"):
        raise Refused("请选择 XLSX 或 CSV 文件。")
    return read_lines(found, columns)


def import_page(errors: dict[str, str], source: str = "", key: str = "", rows: list[SlipRow] | None = None) -> str:
    """The page of the list: the choice of a file, and below it what was read."""
    office = the_office()
    columns = load_columns(office.settings.config_dir, "slips")
    return render_template(
        "desk/slips_import.html", here="slips", heading="批量登记转办单", errors=errors, source=source, key=key, rows=rows,
        sources=office.settings.section("referrals")["sources"], headings={field: names[0] for field, names in columns.accepted.items()},
        new=sum(row.new for row in rows or []), known=sum(bool(row.known) for row in rows or []), wrong=sum(bool(row.wrong) for row in rows or []),
    )  # fmt: skip
