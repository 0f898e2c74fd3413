"""The public board: the list with its filters, and the same list as a feed (Atom, RFC 4287)."""

import re
from collections.abc import Callable
from time import monotonic
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request

from board.clock import local, local_day, now
from board.inquiries.board_options import Options, board_options, board_stamp
from board.inquiries.hot_topics import published_topics
from board.inquiries.public_board import STATES, Choice, narrowed, newest, public_board, standing, with_inquiries
from board.web.course import working_days_taken
from board.web.current import the_office
from board.web.forms import page_number
from board.web.sitemaps import absolute
from board.wording.occurrences import excerpt, occurrences

blueprint = Blueprint("board", __name__)
KINDS = ("consultation", "help", "suggestion", "complaint", "thanks")
KEY = "huiying_board"
SECONDS = 60
FEED_MOST = 50
#: signs that XML 1.0 does not allow
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def chosen() -> Choice:
    """What the address asks for; odd values are passed over."""
    given = {name: request.args.get(name, "").strip()[:200] for name in ("q", "kind", "unit", "subject", "year", "state")}
    year = int(given["year"]) if re.fullmatch(r"[0-9]{4}", given["year"]) else None
    kind, state = (given["kind"] if given["kind"] in KINDS else ""), (given["state"] if given["state"] in STATES else "")
    return Choice(given["q"], kind, given["unit"], given["subject"], year, state)


@blueprint.get("/inquiries")
def index() -> str:
    """The board by words, kind, unit, subject, year and state."""
    choice = chosen()
    with the_office().work.reading() as db:
        found = public_board(db, choice, page_number())
        topics = lately() if choice == Choice() and found.page.page == 1 else []
        typed = [] if found.near else choice.query.split()
        return render_template(
            "board.html", here="board", heading="问政留言", found=found, page=found.page, choice=choice, options=options(), topics=topics,
            least=the_office().settings.section("topics")["public_least"], taken=working_days_taken,
            kinds=KINDS, states=[(state, the_office().labels("citizen_state", state)) for state in STATES], marks=lambda text: occurrences(text, typed), excerpt=lambda text: excerpt(text, typed),
        )  # fmt: skip


@blueprint.get("/inquiries.atom")
def feed() -> Response:
    """The newest 50 answers of a choice without words."""
    choice = chosen()
    with the_office().work.reading() as db:
        items = with_inquiries(db, newest(db, narrowed(standing(), choice), FEED_MOST))
        kept = {"kind": choice.kind or None, "unit": choice.unit or None, "subject": choice.subject or None, "year": choice.year}
        text = render_template("board.atom.xml", items=items, choice=choice, kept=kept, updated=local(items[0].published_at if items else now()), time=local, absolute=absolute)
    answer = make_response(NOT_XML.sub("", text))
    answer.content_type = "application/atom+xml; charset=utf-8"
    return answer


def options() -> Options:
    """What stands on the board now; counted once a minute."""
    found: Options = kept("options", board_options)
    return found


def lately() -> Any:
    """What many asked lately; looked through once a minute, and at once when something came to the board or left it."""
    with the_office().work.reading() as db:
        stands = board_stamp(db)
    return kept("topics", lambda db: published_topics(db, the_office().settings, local_day(now())), stands)


def kept(name: str, read: Callable[[Any], Any], stands: object = None) -> Any:
    """What was read less than a minute ago while the same stood, or now."""
    known: dict[str, tuple[float, object, Any]] = current_app.extensions.setdefault(KEY, {})
    until, stood, found = known.get(name, (0.0, None, None))
    if monotonic() >= until or stood != stands:
        with the_office().work.reading() as db:
            found = read(db)
        known[name] = (monotonic() + SECONDS, stands, found)
    return found
