"""The public version of question and reply: masked, signed, and pinned by one hash."""

import hashlib
import json
from dataclasses import dataclass

from board.models import Inquiry, Reply
from board.settings import Settings
from responder.privacy import mask


@dataclass(frozen=True, slots=True)
class Preview:
    """What will stand for the public (``public``) or for the citizen alone; ``content_hash`` is SHA-256 over all of it."""

    title: str
    question: str
    reply: str
    public: bool
    content_hash: str


def public_version(inquiry: Inquiry, reply: Reply, settings: Settings) -> Preview:
    """Masks mobile, identity and bank card numbers and the rest of RELIABILITY 7 in title, question and reply.

    The office's own numbers (config privacy.office_numbers, the unit's phone) stay readable in the reply.
    """
    title, question = mask(inquiry.title), mask(inquiry.text)
    text = mask(reply.text, own_numbers(inquiry, settings))
    public = bool(inquiry.publish)
    content = json.dumps([title, question, text, public], ensure_ascii=False)
    return Preview(title, question, text, public, hashlib.sha256(content.encode()).hexdigest())


def own_numbers(inquiry: Inquiry, settings: Settings) -> frozenset[str]:
    """The office's own telephone numbers, which stay readable in a reply."""
    return frozenset([*settings.section("privacy")["office_numbers"], *([inquiry.unit.phone] if inquiry.unit.phone else [])])
