"""Why a message is held for a person: sensitive words in it. It is never refused, shortened or deleted for them (DOMAIN 6)."""

from collections.abc import Iterable

from responder.disguised import find_sensitive

HELD_MOST = 200


def held_for(words: Iterable[str], *texts: str) -> str:
    """Why a message is held for a person: the sensitive words in it; "" for none. It is never refused or shortened for them."""
    found = dict.fromkeys(word for text in texts for _, _, word in find_sensitive(text, words))
    return f"含敏感词：{'、'.join(found)}"[:HELD_MOST] if found else ""


def both(*reasons: str) -> str:
    """Several reasons for holding as one, within the column's length."""
    return "；".join(filter(None, reasons))[:HELD_MOST]
