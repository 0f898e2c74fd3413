"""What stands beside the text field of a reply: entries of the phrase book, filled, and what was found in the text."""

from typing import Any

from board.clock import local_day, now
from board.replies.checks import Finding, check_reply
from board.staff.units import identity
from board.web.current import the_office
from board.wording import phrasebook
from board.wording.sensitive import load_words


def defaults() -> tuple[phrasebook.Entry, ...]:
    """The entries of config/."""
    return phrasebook.load_defaults(the_office().settings.config_dir)


def sensitive_words() -> tuple[str, ...]:
    """The words that hold a text for a person."""
    return load_words(the_office().settings.config_dir)


def beside_the_reply(db: Any, inquiry: Any, text: str, *, writing: bool) -> dict[str, Any]:
    """The entries that fit, filled, and what was found in the text; nothing for whoever does not write."""
    if not writing:
        return {"phrases": [], "findings": []}
    office, at = the_office(), now()
    name = identity(db).name
    fitting = phrasebook.fitting(db, defaults(), inquiry)
    found: list[Finding] = check_reply(db, inquiry, text, office.settings, sensitive_words(), local_day(at)) if text.strip() else []
    return {"phrases": [(entry, phrasebook.filled_for(entry, inquiry, office.labels, name, at)) for entry in fitting], "findings": found}
