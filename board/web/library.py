"""The library of published information: the list and one document."""

import re

from flask import Blueprint, render_template, request

from board.errors import NotFound
from board.publications.disclosures import Wanted, categories, interpretations_of, policies_of, public_disclosure, public_disclosures, years
from board.publications.facets import units_in_use
from board.web.current import the_office
from board.web.forms import page_number

blueprint = Blueprint("library", __name__)


@blueprint.get("/documents")
def index() -> str:
    """Documents by category, year, unit and words."""
    chosen = {name: request.args.get(name, "").strip() for name in ("q", "category", "year", "unit")}
    year = int(chosen["year"]) if re.fullmatch(r"[0-9]{4}", chosen["year"]) else None
    with the_office().work.reading() as db:
        page = public_disclosures(db, Wanted(chosen["category"], year, chosen["unit"], chosen["q"]), page_number())
        return render_template(
            "library.html", here="library", heading="信息公开", column_type="信息公开", page=page, chosen=chosen,
            categories=categories(db), years=years(db), units=units_in_use(db),
        )  # fmt: skip


@blueprint.get("/documents/<int:key>")
def document(key: int) -> str:
    """One document: head fields, text, validity, what explains it, what follows it."""
    with the_office().work.reading() as db:
        row = public_disclosure(db, key)
        successor = None
        if row.successor_id is not None:
            try:
                successor = public_disclosure(db, row.successor_id)
            except NotFound:
                successor = None
        return render_template(
            "document.html", here="library", heading=row.title, column=row.category or "信息公开", column_type="信息公开", row=row,
            paragraphs=[part.strip() for part in row.text.splitlines() if part.strip()], successor=successor,
            interpretations=interpretations_of(db, key), policies=policies_of(db, key),
        )  # fmt: skip
