"""Posting: the form, sending it once, and the receipt that is shown once."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from board.clock import now
from board.errors import HuiyingError, InvalidInput, NotFound, TooMany
from board.inquiries.attachments import attachments_of, prepare
from board.inquiries.found_phone import phone_in
from board.inquiries.posting import find_by_code, post_inquiry
from board.inquiries.suggesting import Suggestions
from board.inquiries.tracking import tracking_code
from board.replies.desk_view import all_units
from board.web import attached, forms, limits, visit
from board.web.current import the_office
from board.web.due_dates import term_of
from board.web.error_pages import status_of

blueprint = Blueprint("posting", __name__)
RECEIPT = "receipt"


@blueprint.get("/post")
def form() -> str:
    """The empty form; a question that was asked before is taken along."""
    most = the_office().settings.limit("text")
    return page(forms.fresh(request.args.get("q", "")[:most], request.args.get("kind", "")[:20], request.args.get("a", "")[:20]))


@blueprint.post("/post")
def send() -> Response:
    """Stores the post and leads to its receipt; what is wrong is said beside the field and everything typed is kept."""
    filled = forms.filled()
    forms.check(filled)
    if filled.errors:
        return again(filled, 422)
    office = the_office()
    try:
        files = prepare(office.settings, attached.sent_files())
        limits.posting_allowed()
        with office.work.transaction() as db:
            posted = post_inquiry(db, office.settings, office.labels, office.key, office.calendar, forms.post_of(filled, files), now())
    except HuiyingError as error:
        filled.errors[error.field if isinstance(error, InvalidInput) and error.field != "nonce" else ""] = error.message
        if isinstance(error, InvalidInput) and error.field == "nonce":
            filled = forms.renewed(filled)
        response = again(filled, status_of(error))
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    if not posted.repeated:
        visit.count_posted(filled.value("a")[:20])
    session[RECEIPT] = {"number": posted.number, "nonce": filled.nonce}
    return redirect(url_for("posting.receipt"), 303)


def expired() -> Response:
    """The form's token is out of date: everything typed is shown again, with a new token."""
    filled = forms.filled()
    filled.errors[""] = "页面停留时间过长，或浏览器没有启用 Cookie，留言还没有发送。您填写的内容都还在，请再点一次“发送留言”。"
    return again(filled, 400)


def page(filled: forms.Filled, found: Suggestions | None = None) -> str:
    """The form's page; ``found`` is what was answered already."""
    office = the_office()
    with office.work.reading() as db:
        units = [(unit.code, unit.short_name) for unit in all_units(db)]
    return render_template(
        "post.html", here="board", heading="我要留言", form=filled, kinds=office.labels.tables["kind"], units=units, trap=forms.TRAP, found=found,
        application_url=office.settings.section("suggestions")["application_url"] or url_for("applying.form"), bounds=office.settings.section("attachments"), years=office.settings.section("privacy")["contact_years"], phone=phone_in(filled.value("text")),
    )  # fmt: skip


def again(filled: forms.Filled, status: int) -> Response:
    """The form once more, with what was typed."""
    return Response(page(filled), status, mimetype="text/html")


@blueprint.get("/post/receipt")
def receipt() -> str:
    """Number, code and due date, once; the code is derived again from the form's nonce and never stood in an address."""
    kept = session.pop(RECEIPT, None)
    if kept is None:
        return render_template("receipt_gone.html", here="board", heading="回执")
    office = the_office()
    code = tracking_code(office.key, kept["nonce"])
    with office.work.reading() as db:
        inquiry = find_by_code(db, office.key, kept["number"], code)
        phone = "" if inquiry.contact else phone_in(inquiry.text)
        return render_template(
            "receipt.html", here="board", heading="留言回执", inquiry=inquiry, code=code, term=term_of(db, inquiry), phone=phone, files=attachments_of(db, inquiry)
        )


@blueprint.post("/post/receipt.txt")
def receipt_file() -> Response:
    """The receipt as a text file, for whoever shows number and code."""
    office = the_office()
    limits.code_tries_left()
    try:
        with office.work.reading() as db:
            inquiry = find_by_code(db, office.key, forms.typed("number"), forms.typed("code"))
            text = render_template("receipt.txt", inquiry=inquiry, code=forms.typed("code"), address=url_for("follow.form", _external=True))
    except NotFound:
        limits.note_wrong_code()
        raise
    response = Response("\ufeff" + text.replace("\n", "\r\n"), mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{inquiry.number}.txt"'
    return response
