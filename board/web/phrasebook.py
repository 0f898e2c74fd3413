"""The phrase book: putting an entry into a reply, and the page where entries are written, switched off and looked up as they were."""


from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from board.clock import now
from board.errors import Conflict, HuiyingError, InvalidInput
from board.inquiries.events import note
from board.replies import review
from board.replies.desk_view import all_units
from board.staff.roles import Right, may
from board.staff.units import identity
from board.web import forms
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.handling import ITEM, what_was_typed
from board.web.item_page import item_page
from board.web.reply_aids import defaults
from board.web.staff_pages import acting
from board.wording import phrasebook

blueprint = Blueprint("phrasebook", __name__)
FIELDS = ("name", "text", "unit", "kind", "seen", "active")


@blueprint.post(f"{ITEM}/phrase")
def insert(number: str) -> str:
    """Puts an entry behind what was typed; nothing is saved yet."""
    office, typed = the_office(), what_was_typed()
    with office.work.reading() as db:
        inquiry = review.inquiry_for_staff(db, acting(), number)
        entry = phrasebook.entry_of(db, defaults(), forms.typed("phrase")[:60])
        filled = phrasebook.filled_for(entry, inquiry, office.labels, identity(db).name, now())
    typed.text = f"{(typed.text or '').rstrip()}\n\n{filled}\n" if (typed.text or "").strip() else f"{filled}\n"
    typed.inserted = "phrase"
    return item_page(number, typed)


@blueprint.get("/desk/phrases")
def index() -> str:
    """All entries, found by words or initials."""
    wanted = request.args.get("q", "").strip().lower()[:60]
    with the_office().work.reading() as db:
        found = [entry for entry in phrasebook.entries(db, defaults()) if wanted in entry.finding]
        units = {unit.id: unit.short_name for unit in all_units(db)}
    return render_template(
        "desk/phrases.html", here="phrases", heading="常用语", found=found, units=units, query=wanted, may_change=may(acting(), Right.manage_settings)
    )  # fmt: skip


@blueprint.get("/desk/phrases/new")
def new() -> str:
    """An empty entry."""
    return page("", forms.Filled({"active": "yes", "seen": "0"}))


@blueprint.get("/desk/phrases/<ref>")
def show(ref: str) -> str:
    """An entry with its earlier versions."""
    with the_office().work.reading() as db:
        entry = phrasebook.entry_of(db, defaults(), ref)
        unit = next((unit.code for unit in all_units(db) if unit.id == entry.unit_id), "")
    values = {"name": entry.name, "text": entry.text, "unit": unit, "kind": entry.kind, "seen": str(entry.version), "active": "yes" if entry.active else ""}
    return page(ref, forms.Filled(values))


@blueprint.post("/desk/phrases/new")
def create() -> AnyResponse:
    """Writes a new entry."""
    return written("")


@blueprint.post("/desk/phrases/<ref>")
def change(ref: str) -> AnyResponse:
    """Writes a new version of an entry."""
    return written(ref)


def written(ref: str) -> AnyResponse:
    """Saves; what is wrong is said beside the field and everything typed is kept."""
    given = forms.Filled({name: forms.typed(name) for name in FIELDS})
    seen = int(given.value("seen")) if given.value("seen").isascii() and given.value("seen").isdigit() and len(given.value("seen")) < 7 else 0
    try:
        with the_office().work.transaction() as db:
            row = phrasebook.save(
                db, acting(), ref, seen, given.value("name"), given.value("text"), given.value("unit"), given.value("kind"),
                active=given.value("active") == "yes", at=now(),
            )  # fmt: skip
            note(db, "change_phrase", acting().name, now(), data={"phrase": row.id, "version": row.version})
            name = row.name
    except HuiyingError as error:
        given.errors[error.field if isinstance(error, InvalidInput) else ""] = error.message
        return Response(page(ref, given, error.current if isinstance(error, Conflict) else ""), status_of(error), mimetype="text/html")
    flash(f"“{name}”已保存。", "good")
    return redirect(url_for("phrasebook.index"), 303)


def page(ref: str, filled: forms.Filled, standing: str = "") -> str:
    """The page of one entry."""
    with the_office().work.reading() as db:
        return render_template(
            "desk/phrase.html", here="phrases", heading="常用语", ref=ref, form=filled, standing=standing, units=all_units(db),
            kinds=the_office().labels.tables["kind"], variables=phrasebook.VARIABLES, versions=phrasebook.versions(db, int(ref)) if ref.isdigit() else [],
            may_change=may(acting(), Right.manage_settings), most=phrasebook.TEXT_MOST, name_most=phrasebook.NAME_MOST,
        )  # fmt: skip
