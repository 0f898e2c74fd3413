"""Asking: a question in the address, quoted evidence in the answer."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from board.errors import InvalidInput
from board.inquiries.asking import ask, search
from board.web.current import the_office

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
            return render_template("ask.html", here="ask", heading="提问", question=question, answer=found, related=related, error="")
    except InvalidInput as error:
        page = render_template("ask.html", here="ask", heading="提问", question=question, answer=None, error=error.message)
        return Response(page, 422, mimetype="text/html")
