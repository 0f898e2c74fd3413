"""What moves while a page stays open: counts of the navigation, notices, who is at an item; asked by the page every few seconds."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify

from board.clock import local
from board.replies import claims, review
from board.staff.roles import Actor
from board.web.current import the_office
from board.web.staff_pages import navigation

blueprint = Blueprint("live", __name__)
DOINGS = {"reading": "在看", "writing": "在写", "reviewing": "在审签"}


@blueprint.get("/desk/live")
def counts() -> Response:
    """The counts of the navigation. Asking for them is no use of the desk: the session grows idle all the same."""
    return jsonify(counted())


def counted() -> dict[str, Any]:
    """Counts by entry of the navigation."""
    return {"counts": {entry.key: entry.count for entry in navigation()}}


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
