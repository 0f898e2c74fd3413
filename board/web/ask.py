"""Asking: a question in the address, quoted evidence in the answer."""

import structlog
from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import InvalidInput, Unavailable
from board.inquiries.asking import Answer, ask, search
from board.inquiries.open_questions import note_open, open_parts
from board.web.current import the_office

log = structlog.get_logger("ask")
blueprint = Blueprint("ask", __name__)
RELATED = 3


@blueprint.get("/ask")
def answer() -> str | Response:
    """Evidence for ``q``; an empty or over-long question is shown again with what is wrong."""
    question, office = request.args.get("q", ""), the_office()
    try:
        with office.work.reading() as db:
            found = ask(db, office.catalogue, office.settings, question)
            related = [] if found.found else search(db, office.catalogue, office.settings, question, RELATED).evidence
            page = render_template("ask.html", here="ask", heading="提问", question=question, answer=found, related=related, error="")
    except InvalidInput as error:
        page = render_template("ask.html", here="ask", heading="提问", question=question, answer=None, error=error.message)
        return Response(page, 422, mimetype="text/html")
    keep_open(found)
    return page


def keep_open(found: Answer) -> None:
    """Keeps what was not answered for the list of gaps; a database that is away takes no answer from anybody."""
    office, parts = the_office(), open_parts(found)
    if parts:
        try:
            with office.work.transaction() as db:
                note_open(db, office.settings, parts, local_day(now()))
        except Unavailable:
            log.warning("a question without an answer was not kept")
