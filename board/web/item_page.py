"""The item's page: everything to decide on one screen, and what was typed kept whatever happened."""

from dataclasses import dataclass, field
from typing import Any

from flask import render_template

from board.clock import local_day, now
from board.errors import Conflict, HuiyingError, InvalidInput
from board.inquiries import delicate, merging, rating
from board.inquiries.attachments import attachments_of
from board.inquiries.lifecycle import OPEN
from board.inquiries.side_moves import extension_most
from board.replies import desk_view, moderating, possible, questions_view, review, routing, same_matter
from board.replies.marked_texts import cover_up, covered_title, marked_text
from board.staff.roles import Right, may
from board.web import joint_panel
from board.web.casework import casework
from board.web.current import the_office
from board.web.due_dates import term_of
from board.web.item_work import steps_beside, work_on
from board.web.reply_aids import beside_the_reply
from board.web.staff_pages import acting


@dataclass(slots=True)
class Typed:
    """What a person typed on the page and what was wrong with it.

    ``step`` is the form it was typed in, ``current`` the text that stands instead (a conflict), ``contact`` is shown once. ``sheet`` names the
    page on which it was typed, ``inserted`` says where the text came from: "quoted", "restored", "merged" or "". ``revealed``: what is masked was asked for.
    """

    text: str | None = None
    based_on: int = -1
    step: str = ""
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    current: str | None = None
    contact: str = ""
    inserted: str = ""
    sheet: str = ""
    revealed: bool = False

    def refused(self, error: HuiyingError) -> None:
        """Keeps why the room refused; "" is the form as a whole."""
        self.errors[error.field if isinstance(error, InvalidInput) else ""] = error.message
        if isinstance(error, Conflict) and self.text is not None:
            self.current = error.current


def item_page(number: str, typed: Typed) -> str:
    """Reads the item and renders it."""
    office, actor = the_office(), acting()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, actor, number)
        reply, published = review.current_reply(db, inquiry), desk_view.given_out(db, inquiry)
        evidence, questions = desk_view.evidence_rows(db, inquiry), questions_view.question_rows(db, inquiry)
        text = typed.text if typed.text is not None else reply.text if reply else ""
        work = work_on(db, actor, inquiry, reply, typed)
        steps = steps_beside(possible.steps(actor, inquiry, reply, published), work, typed)
        return render_template(
            "desk/item.html", here="desk", heading=f"{inquiry.number} {covered_title(inquiry.title)}", inquiry=inquiry, reply=reply, published=published, typed=typed,
            text=text, gaps=desk_view.gap_count(text), blocks=desk_view.blocks(text), work=work,
            steps=steps, **asked(db, actor, inquiry, evidence, questions, typed),
            questions=questions_view.shown_questions(
                db, inquiry, questions, evidence, desk_view.shown_evidence(db, evidence, office.labels, local_day(now()))
            ), shown_in_full=questions_view.SHOWN_IN_FULL,
            course=desk_view.course(db, inquiry), term=term_of(db, inquiry), open_states=OPEN, extension_most=extension_most(office.settings, inquiry),
            units=desk_view.all_units(db), versions=review.revisions(db, inquiry), alike=same_matter.open_duplicates(db, office.settings, actor, inquiry),
            contact=contact_line(actor, inquiry, typed), named_units=delicate.proposed_units(db, inquiry),
            main=desk_view.merged_into(db, inquiry), members=merging.members(db, inquiry), route=routing.route_shown(db, inquiry.id), own=reply is not None and reply.author_id == actor.account_id, may_read_draft=may(actor, Right.view_draft),
            together=joint_panel.context(db, actor, inquiry),
            **casework(db, actor, inquiry, reply), **beside_the_reply(db, inquiry, text, writing="write" in steps),
        )  # fmt: skip


def asked(db: Any, actor: Any, inquiry: Any, evidence: Any, questions: Any, typed: Typed) -> dict[str, Any]:
    """The citizen's words with everything marked, personal data covered until somebody says why they need it."""
    words, by_hand = the_office().words, moderating.masked_words(db, inquiry)
    shown = tuple if typed.revealed else cover_up
    whole = marked_text(inquiry.text, words, by_hand, [span for row in evidence for span in row.question_marks])
    return {
        "question": shown(questions_view.numbered(whole, questions)),
        "later": [(each, shown(marked_text(each.text, words, by_hand))) for each in inquiry.supplements],
        "title_pieces": shown(marked_text(inquiry.title, words, by_hand)),
        "masks": moderating.masks(db, inquiry) if inquiry.state in OPEN else [],
        "may_reveal": moderating.may_reveal(actor, inquiry),
        "may_mask": may(actor, Right.mask, inquiry) and inquiry.state in OPEN,
        "place_pieces": shown(marked_text(inquiry.place, words, by_hand)),
        "attached": attachments_of(db, inquiry),
        "ratings": [(each, shown(marked_text(each.words, words, by_hand))) for each in rating.ratings_of(db, inquiry)],
        "may_renew_code": may(actor, Right.renew_code, inquiry) and not inquiry.imported,
        "may_let_through": may(actor, Right.hide, inquiry) and inquiry.state in OPEN and bool(inquiry.held_reason),
    }


def contact_line(actor: Any, inquiry: Any, typed: Typed) -> dict[str, Any]:
    """The contact: in full when it was just asked for, else masked, or not at all."""
    allowed = desk_view.may_see_contact(actor, inquiry)
    hidden = inquiry.kind == "report" and not allowed
    return {"allowed": allowed and bool(inquiry.contact), "shown": typed.contact, "masked": desk_view.masked_contact(inquiry), "hidden": hidden}
