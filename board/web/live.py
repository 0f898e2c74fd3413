"""What moves while a page stays open: counts of the navigation, notices, who is at an item; asked by the page every few seconds."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from board.clock import local
from board.errors import HuiyingError
from board.replies import claims, notices, review
from board.staff.roles import Actor
from board.web import sessions
from board.web.current import the_office
from board.web.staff_pages import acting, lane_counts, navigation

blueprint = Blueprint("live", __name__)
DOINGS = {"reading": "在看", "writing": "在写", "reviewing": "在审签"}


@blueprint.get("/desk/live")
def counts() -> Response:
    """The counts of the navigation, of the lanes and of notices. Asking for them is no use of the desk: the session grows idle all the same."""
    return jsonify({"counts": {**{entry.key: entry.count for entry in navigation()}, "notices": notice_count()}, "lanes": lane_counts()})


@blueprint.get("/desk/notices")
def noticed() -> str:
    """What concerns this person since the last look."""
    with the_office().work.reading() as db:
        found = notices.unread(db, acting())
    return render_template("desk/notices.html", here="notices", heading="提醒", found=found)


@blueprint.post("/desk/notices")
def read() -> AnyResponse:
    """全部已读, up to the newest one that the page showed."""
    given = request.form.get("up_to", "")
    if given.isascii() and given.isdigit() and len(given) < 10:
        with the_office().work.transaction() as db:
            notices.mark_read(db, acting(), int(given))
    return redirect(url_for("live.noticed"), 303)


@blueprint.get("/desk/shortcuts")
def shortcuts() -> str:
    """The list of keys, for those who have no scripts or no key for it."""
    return render_template("desk/shortcuts.html", here="shortcuts", heading="快捷键")


@blueprint.app_template_global("notice_count")
def notice_count() -> int:
    """How many notices wait, once a request; 0 while the database is away."""
    if "notice_count" not in g:
        g.notice_count = counted_notices()
    found: int = g.notice_count
    return found


def counted_notices() -> int:
    """The count itself."""
    actor = sessions.actor()
    if actor is None:
        return 0
    try:
        with the_office().work.reading() as db:
            return len(notices.unread(db, actor))
    except HuiyingError:
        return 0


def state_of(db: Any, actor: Actor, inquiry: Any, at: datetime) -> dict[str, Any]:
    """Who is at the item beside the actor, who has it in hand, and which version stands."""
    office = the_office()
    others = [person for person in claims.people_at(db, inquiry, at) if person.account_id != actor.account_id]
    found = claims.holder(db, inquiry, at, claims.hold_of(office.settings))
    reply = review.current_reply(db, inquiry)
    return {
        "people": [f"{person.account.display_name}{DOINGS.get(person.doing, '')}" for person in others],
        "held": claims.in_hand_of(found) if found and found.holds and found.account_id != actor.account_id else "",
        "revision": reply.revision if reply else 0,
        "state": office.labels("state", inquiry.state),
        "seen": f"{local(at):%H:%M}",
    }
