"""经过与版本 of a reply: every text that ever was, and two of them side by side with the changed words marked."""

from flask import Blueprint, render_template, request

from board.replies import review, text_history
from board.replies.differences import side_by_side
from board.web.current import the_office
from board.web.handling import ITEM
from board.web.staff_pages import acting

blueprint = Blueprint("texts", __name__)


@blueprint.get(f"{ITEM}/versions")
def compare(number: str) -> str:
    """All texts, and the two that were chosen."""
    office = the_office()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        texts = text_history.every_text(db, inquiry, office.settings)
    left, right = text_history.chosen(texts, request.args.get("left", "")[:20], request.args.get("right", "")[:20])
    return render_template(
        "desk/versions.html", here="desk", heading=f"{inquiry.number} 经过与版本", inquiry=inquiry, texts=texts, left=left, right=right,
        rows=side_by_side(left.text, right.text), same=left.text == right.text,
    )  # fmt: skip
