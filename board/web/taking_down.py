"""Taking down (代录) what came by telephone, window, letter or referral slip; the list of slips (board.web.slip_lists brings them in from a file)."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from board.clock import local_day, now
from board.errors import HuiyingError, InvalidInput
from board.inquiries.channels import BY_STAFF
from board.inquiries.posting import Post, Posted, new_nonce
from board.inquiries.taking_down import Slip, as_date, take_down
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
