"""Asking as a conversation: a question in the address, quoted evidence in the answer, the questions of this visit one under the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import InvalidInput, Unavailable
from board.inquiries.asking import Answer, Recalled, ask, recall, search
from board.inquiries.open_questions import note_open, open_parts
from board.web import visit
from board.web.current import the_office
from board.web.guards import local_path

log = structlog.get_logger("ask")
blueprint = Blueprint("ask", __name__)
RELATED = 3
HEADING = "智能问答"
KEY_MOST = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the page shows it: its name in the visit, related documents when there is none, and the signed questions up to it."""

    answer: Answer
    key: str
    related: Sequence[Any]
    thread: str


@blueprint.get("/ask")
def answer() -> str | Response:
    """The conversation with evidence for ``q`` at its end; an empty or over-long question is shown again with what is wrong."""
    question, given = request.args.get("q", ""), request.args.get("c", "")
    turns = visit.read_thread(given)
    if "q" not in request.args:
        return conversation(turns, visit.write_thread(turns))
    try:
        shown = answered(question, turns)
    except InvalidInput as error:
        if fragment():
            return Response(render_template("ask_wrong.html", error=error.message), 422, mimetype="text/html")
        return Response(conversation(turns, visit.write_thread(turns), question, error=error.message), 422, mimetype="text/html")
    keep_open(shown.answer)
    visit.count_answer(shown.key, found=shown.answer.found)
    if fragment():
        return render_template("ask_turn.html", shown=shown, verdict=visit.noted(shown.key))
    return conversation(turns, shown.thread, shown=shown)


def answered(question: str, turns: list[visit.Turn]) -> Shown:
    """Asks the room."""
    office, about = the_office(), number(request.args.get("about", ""))
    with office.work.reading() as db:
        found = ask(db, office.catalogue, office.settings, question, [turn.understood for turn in turns], about)
        related = [] if found.found or found.choices else search(db, office.catalogue, office.settings, question, RELATED).evidence
        for item in found.inquiries:
            _ = item.inquiry.kind  # read while the session is open
    return Shown(found, visit.answer_key(found, about), related, visit.write_thread([*turns, visit.turn_of(found)]))


def conversation(turns: list[visit.Turn], thread: str, question: str = "", shown: Shown | None = None, error: str = "") -> str:
    """The whole page: what was asked before in this visit, the newest answer, and the form to ask on."""
    office = the_office()
    with office.work.reading() as db:
        earlier: list[tuple[visit.Turn, list[Recalled]]] = [(turn, recall(db, turn.quotes)) for turn in turns]
    verdict = visit.noted(shown.key) if shown else ""
    subjects = [subject["name"] for subject in office.taxonomy.get("subjects", ())]
    return render_template(
        "ask.html", here="ask", heading=HEADING, question=question, error=error, earlier=earlier, shown=shown, thread=thread, verdict=verdict, subjects=subjects
    )


@blueprint.get("/ask/documents/<int:key>")
def document(key: int) -> Response:
    """Counts that a source was opened, and leads to it."""
    visit.count_step(request.args.get("a", "")[:KEY_MOST], "opened")
    return redirect(url_for("library.document", key=key), 303)


@blueprint.get("/ask/inquiries/<number>")
def inquiry(number: str) -> Response:
    """Counts that an answered inquiry was opened, and leads to it."""
    visit.count_step(request.args.get("a", "")[:KEY_MOST], "opened")
    return redirect(url_for("public.card", number=number), 303)


@blueprint.post("/ask/verdict")
def verdict() -> str | Response:
    """这回答了我的问题, or not: counted once for an answer and visit, then back to the conversation."""
    key, solved = request.form.get("a", "")[:KEY_MOST], request.form.get("solved") == "yes"
    visit.count_step(key, "solved" if solved else "unsolved")
    if fragment():
        return render_template("ask_verdict.html", verdict=visit.noted(key), key=key, asked=request.form.get("asked", "")[:500], thread="")
    return redirect(local_path(request.form.get("back")), 303)


def fragment() -> bool:
    """Whether a script asks for the part that is new."""
    return bool(request.headers.get("X-Fragment"))


def number(given: str) -> int:
    """A document's number in the address; 0 for anything odd."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def keep_open(found: Answer) -> None:
    """Keeps what was not answered for the list of gaps; a database that is away takes no answer from anybody."""
    office, parts = the_office(), open_parts(found)
    if parts:
        try:
            with office.work.transaction() as db:
                note_open(db, office.settings, parts, local_day(now()))
        except Unavailable:
            log.warning("a question without an answer was not kept")
