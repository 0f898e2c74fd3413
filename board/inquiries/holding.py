"""Why a message is held for a person: sensitive words in it. It is never refused, shortened or deleted for them (DOMAIN 6)."""

from collections.abc import Iterable

from board.settings import Settings
from responder.disguised import find_sensitive

HELD_MOST = 200


def held_for(words: Iterable[str], *texts: str) -> str:
    """Why a message is held for a person: the sensitive words in it; "" for none. It is never refused or shortened for them."""
    found = dict.fromkeys(word for text in texts for _, _, word in find_sensitive(text, words))
    return f"含敏感词：{'、'.join(found)}"[:HELD_MOST] if found else ""


def both(*reasons: str) -> str:
    """Several reasons for holding as one, within the column's length."""
    return "；".join(filter(None, reasons))[:HELD_MOST]


def asks_for_document(settings: Settings, *texts: str) -> bool:
    """Whether a message speaks of an application for information (words in config [applications]): the channel is offered, nothing is turned over by itself."""
    return any(word in text for word in settings.section("applications")["asked_words"] for text in texts)
