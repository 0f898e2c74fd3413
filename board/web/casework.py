"""What the item's page shows of the case file and of what can be added to it."""

from typing import Any

from board.clock import now
from board.inquiries.case_file import case_of
from board.replies import correcting
from board.replies.paper_signing import signatories
from board.staff.roles import Actor
from board.web.current import the_office


def casework(db: Any, actor: Actor, inquiry: Any, reply: Any) -> dict[str, Any]:
    """Notes, files, slip and corrections by signatories, whose signature on paper could be recorded, and the names of the kinds."""
    labels, settings = the_office().labels.tables, the_office().settings
    return {
        "case": case_of(db, actor, inquiry), "signatories": signatories(db, actor, inquiry, reply, settings, now()),
        "corrections": correcting.corrections(db, inquiry, settings),
        "note_kinds": labels["note_kind"], "file_kinds": labels["file_kind"],
    }  # fmt: skip
