"""The case file on the desk: notes and telephone records, evidence, the case slip to print, the feedback slip that goes back."""

from urllib.parse import quote

from flask import Blueprint, Response, render_template, send_file
from werkzeug.wrappers import Response as AnyResponse

from board.clock import now
from board.inquiries.attachments import open_attachment
from board.inquiries.case_file import add_file, add_note, case_of, open_file
from board.intake.file_types import DOCX
from board.replies import correcting, desk_view, feedback_slip, review
from board.replies.marked_texts import covered_title
from board.replies.paper_signing import sign_on_paper
from board.web import attached, forms
from board.web.current import the_office
from board.web.handling import ITEM, step
from board.web.item_page import Typed
from board.web.site import the_site
from board.web.staff_pages import acting
from board.web.taking_down import attachment

blueprint = Blueprint("case_file", __name__)


@blueprint.post(f"{ITEM}/notes")
def note(number: str) -> AnyResponse:
    """Adds a note, a telephone record or an opinion."""
    given = {name: forms.typed(name) for name in ("note", "note_kind", "counterpart")}
    settings = the_office().settings
    return step(
        number, lambda db, actor, inquiry, at: add_note(db, settings, actor, inquiry, given["note_kind"], given["note"], given["counterpart"], at),
        "已记入案卷。", Typed(step="case_note", values=given),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/files")
def add(number: str) -> AnyResponse:
    """Adds a file; its type is told by its content."""
    (content, name), kind, settings = forms.sent_file("file"), forms.typed("file_kind"), the_office().settings
    return step(
        number, lambda db, actor, inquiry, at: add_file(db, settings, actor, inquiry, kind, name, content, at),
        "材料已加入案卷。", Typed(step="case_file", values={"file_kind": kind}),
    )  # fmt: skip


@blueprint.get(f"{ITEM}/files/<int:key>")
def file(number: str, key: int) -> AnyResponse:
    """The bytes of a file, always to be saved, never shown by the browser as part of this site."""
    office = the_office()
    with office.work.reading() as db:
        row, path = open_file(db, office.settings, acting(), review.inquiry_for_staff(db, acting(), number), key)
        return send_file(path, mimetype=row.media_type, as_attachment=True, download_name=row.name, etag=row.digest, conditional=False)


@blueprint.get(f"{ITEM}/attachments/<int:key>")
def attached_file(number: str, key: int) -> AnyResponse:
    """A file that the citizen sent with the post."""
    office = the_office()
    with office.work.reading() as db:
        return attached.saved(*open_attachment(db, office.settings.home, review.inquiry_for_staff(db, acting(), number), key))


@blueprint.get(f"{ITEM}/case-slip")
def case_slip(number: str) -> str:
    """办理单: the A4 page that travels through the office, with the opinions written so far and room for signatures."""
    office, actor = the_office(), acting()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, actor, number)
        reply = review.current_reply(db, inquiry)
        return render_template(
            "desk/case_slip.html", here="desk", heading=f"{inquiry.number} 办理单", inquiry=inquiry, case=case_of(db, actor, inquiry), reply=reply,
            blocks=desk_view.blocks(reply.text) if reply else [], title=covered_title(inquiry.title), text=covered_title(inquiry.text), hidden=not desk_view.may_see_contact(actor, inquiry),
            contact=desk_view.masked_contact(inquiry), preview=review.preview(db, inquiry, office.settings) if reply else None, printed=now(),
            corrections=correcting.corrections(db, inquiry, office.settings),
        )  # fmt: skip


@blueprint.get(f"{ITEM}/feedback.docx")
def feedback_file(number: str) -> Response:
    """办理反馈单 of a referral slip."""
    office = the_office()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        slip = feedback_slip.slip_of(db, inquiry)
        content = feedback_slip.feedback_docx(db, slip, office.labels, now(), sample=the_site().sample)
    response = attachment(content, DOCX, f"{number}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{number}.docx\"; filename*=UTF-8''{quote(f'办理反馈单-{slip.slip_number}.docx')}"
    return response


@blueprint.post(f"{ITEM}/feedback")
def feedback_sent(number: str) -> AnyResponse:
    """Records that the feedback went back."""
    return step(number, feedback_slip.note_sent, "已登记反馈。")


@blueprint.post(f"{ITEM}/paper")
def paper(number: str) -> AnyResponse:
    """Records a signature given on the printed slip."""
    given = {name: forms.typed(name)[:100] for name in ("signatory", "signed_file", "code")}
    key = int(given["signed_file"]) if given["signed_file"].isascii() and given["signed_file"].isdigit() and len(given["signed_file"]) < 10 else 0
    settings = the_office().settings
    return step(
        number, lambda db, actor, inquiry, at: sign_on_paper(db, actor, inquiry, given["signatory"], key, given["code"], settings, at),
        "已登记纸质签批。", Typed(step="paper", values=given),
    )  # fmt: skip
