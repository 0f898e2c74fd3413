"""Putting a phrase into a reply: found by typing, filled with the item's values, nothing saved yet."""

from flask import Blueprint, request

from board.clock import local_day, now
from board.errors import NotFound
from board.replies import phrasebook, review
from board.staff.roles import Right, require
from board.web.current import the_office
from board.web.handling import ITEM, what_was_typed
from board.web.item_page import item_page
from board.web.staff_pages import acting

blueprint = Blueprint("phrasing", __name__)


@blueprint.post(f"{ITEM}/phrase/find")
def find(number: str) -> str:
    """The same page with the phrases that the typed words find."""
    typed = what_was_typed()
    typed.query = request.form.get("phrase_query", "").strip()[:60]
    return item_page(number, typed)


@blueprint.post(f"{ITEM}/phrase")
def insert(number: str) -> str:
    """Puts the chosen phrase behind what was typed."""
    typed, key = what_was_typed(), request.form.get("phrase", "")[:40]
    with the_office().work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        require(acting(), Right.edit_draft, inquiry)
        if not key:
            raise NotFound("请先选择一条常用语。")
        words = phrasebook.filled_for(db, inquiry, key, the_office().labels, local_day(now()))
    typed.text = f"{(typed.text or '').rstrip()}\n\n{words}\n".lstrip("\n")
    typed.inserted = "phrase"
    return item_page(number, typed)
