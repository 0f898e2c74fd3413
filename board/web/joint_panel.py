"""The panel of an item's page for 会办 and 督办, and the list of other offices."""

from typing import Any

from board.inquiries.queries import timeline
from board.replies import other_offices, possible, together
from board.web.current import the_office


def context(db: Any, actor: Any, inquiry: Any) -> dict[str, Any]:
    """What the panel of the item's page shows."""
    parts = together.parts_of(db, inquiry)
    authorities = the_authorities()
    return {
        "parts": parts,
        "open": len(together.open_parts(parts)),
        "mine": {part.id for part in parts if together.may_answer(actor, part)},
        "steps": {name for name in ("co_handle",) if possible.open_to(actor, name, inquiry)},
        "authorities": authorities,
        "sent_to": other_offices.where_to(authorities, inquiry) if inquiry.transferred_to else None,
        "supervision": other_offices.last_reason(timeline(db, inquiry), "supervise") if inquiry.supervised_until else "",
    }


def the_authorities() -> Any:
    """The table of authorities."""
    settings = the_office().settings
    return other_offices.load_authorities(settings.config_dir, settings.home)
