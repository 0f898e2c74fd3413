"""What of an inquiry may stand in public, and the hash that binds what was seen, approved and given out."""

import hashlib
import json
from collections.abc import Iterable

from board.clock import local_day
from board.models import Inquiry, SupplementKind

NAMES = {SupplementKind.supplement: "补充", SupplementKind.correction: "补正", SupplementKind.follow_up: "追问"}
REDACTED = "某某"


def content_hash(title: str, question: str, reply: str, *, public: bool) -> str:
    """SHA-256 over question and reply as they stand, and over whom they are given to."""
    return hashlib.sha256(json.dumps([title, question, reply, public], ensure_ascii=False).encode()).hexdigest()


def whole_question(inquiry: Inquiry) -> str:
    """Everything that the citizen wrote, each addition under its day."""
    later = (f"〔{local_day(each.at).isoformat()} {NAMES[each.kind]}〕\n{each.text}" for each in inquiry.supplements)
    return "\n\n".join((inquiry.text, *later))


def redacted(text: str, names: Iterable[str]) -> str:
    """The text without the names of accused persons and firms (DOMAIN 4); longer names go first."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, REDACTED)
    return text


def accused_names(inquiry: Inquiry) -> list[str]:
    """Persons and firms that are never named in public."""
    return [party.name for party in inquiry.accused if party.name]
