"""The library of published information: the list, one document, and the document as a file."""

import re
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from board.publications.disclosures import Wanted, categories, interpretations_of, policies_of, public_disclosure, public_disclosures, successor_of, years
from board.publications.downloads import FORMS
from board.publications.facets import five_open_in_use, units_in_use, validities_in_use
from board.publications.quoted_by import quoting
from board.web.current import the_office
from board.web.forms import page_number
from board.web.site import the_site

blueprint = Blueprint("library", __name__)
FIELDS = ("q", "category", "year", "unit", "kind", "validity", "five_open")
KINDS = {"disclosure": "公开信息", "interpretation": "政策解读"}
FILE_NAME_MOST = 60


@blueprint.get("/documents")
def index() -> str:
    """Documents by words, kind, category, year, unit, 五公开 and validity."""
    chosen = {name: request.args.get(name, "").strip()[:200] for name in FIELDS}
    year = int(chosen["year"]) if re.fullmatch(r"[0-9]{4}", chosen["year"]) else None
    wanted = Wanted(chosen["category"], year, chosen["unit"], chosen["q"], chosen["kind"], chosen["validity"], chosen["five_open"])
    with the_office().work.reading() as db:
        return render_template(
            "library.html", here="library", heading="信息公开", column_type="信息公开", page=public_disclosures(db, wanted, page_number()), chosen=chosen,
            categories=categories(db), years=years(db), units=units_in_use(db), kinds=KINDS, five_open=five_open_in_use(db), validities=validities_in_use(db),
        )  # fmt: skip


@blueprint.get("/documents/<int:key>")
def document(key: int) -> str:
    """One document: head fields, text, validity, what explains it, what follows it, which answers quote it."""
    with the_office().work.reading() as db:
        row = public_disclosure(db, key)
        return render_template(
            "document.html", here="library", heading=row.title, column=row.category or "信息公开", column_type="信息公开", row=row,
            paragraphs=[part.strip() for part in row.text.splitlines() if part.strip()], successor=successor_of(db, row),
            interpretations=interpretations_of(db, key), policies=policies_of(db, key), quoting=quoting(db, key),
        )  # fmt: skip


@blueprint.get("/documents/<int:key>/download.<any(txt, docx):form>")
def download(key: int, form: str) -> Response:
    """The document as a file under its own title."""
    office = the_office()
    make, media_type = FORMS[form]
    with office.work.reading() as db:
        row = public_disclosure(db, key)
        body, title = make(row, office.labels, sample=the_site().sample), row.title
    name = re.sub(r"[^\w（）()〔〕\[\]\-]+", "", title)[:FILE_NAME_MOST] or str(key)
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename=\"document-{key}.{form}\"; filename*=UTF-8''{quote(name)}.{form}"
    return response
