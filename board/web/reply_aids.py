"""What stands beside the text field of a reply: entries of the phrase book, filled, and what was found in the text."""

from typing import Any

from pypinyin import Style, lazy_pinyin

from board.clock import local_day, now
from board.replies.phrasebook import filled_for, fitting
from board.replies.reply_checks import check_reply
from board.web.current import the_office


def beside_the_reply(db: Any, inquiry: Any, text: str, *, writing: bool) -> dict[str, Any]:
    """The entries that fit, each filled and with what typing finds it by; and the findings. Nothing for whoever does not write."""
    if not writing:
        return {"phrases": [], "findings": []}
    office, today = the_office(), local_day(now())
    phrases = [(one, filled_for(db, inquiry, one.key, office.labels, today), found_by(one.title)) for one in fitting(db, inquiry, today)]
    found = check_reply(db, inquiry, text, office.settings, office.words, today) if text.strip() else []
    return {"phrases": phrases, "findings": found}


def found_by(title: str) -> str:
    """A title with the initials of its pinyin."""
    return f"{title} {''.join(lazy_pinyin(title, style=Style.FIRST_LETTER))}".lower()
