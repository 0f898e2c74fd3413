"""The public version of question and reply: masked, signed, and pinned by one hash."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.inquiries.public_text import accused_names, content_hash, redacted, whole_question
from board.models import Disclosure, Inquiry, PublicationState, Reply, Unit
from board.replies.moderating import masked_words, without_words
from board.settings import Settings
from responder.composing import parse_reply
from responder.privacy import mask, published_contacts

DOCUMENT_LINK = re.compile(r"/documents/\d{1,9}")


@dataclass(frozen=True, slots=True)
class Preview:
    """What will stand for the public (``public``) or for the citizen alone; ``content_hash`` is SHA-256 over all of it."""

    title: str
    question: str
    reply: str
    public: bool
    content_hash: str


def public_version(session: Session, inquiry: Inquiry, reply: Reply, settings: Settings, covered: Iterable[str] = ()) -> Preview:
    """Masks mobile, identity and bank card numbers and the rest of RELIABILITY 7 in title, question and reply, and what a person masked by hand.

    In the reply the office's own numbers stay readable: config privacy.office_numbers, phones and addresses of its units, and what the
    quoted documents themselves publish. ``covered`` are further words to be covered (a look ahead).
    """
    names, by_hand = accused_names(inquiry), [*masked_words(session, inquiry), *covered]
    title, question = (redacted(mask(without_words(text, by_hand)), names) for text in (inquiry.title, whole_question(inquiry)))
    text = redacted(mask(without_words(reply.text, by_hand), readable_numbers(session, reply.text, settings)), names)
    public = bool(inquiry.publish)
    return Preview(title, question, text, public, content_hash(title, question, text, public=public))


def readable_numbers(session: Session, text: str, settings: Settings) -> frozenset[str]:
    """Numbers that are public already."""
    links = [block.source.link for block in parse_reply(text) if block.source]
    keys = [int(link.rpartition("/")[2]) for link in links if DOCUMENT_LINK.fullmatch(link)]
    published = select(Disclosure.text).where(Disclosure.id.in_(keys), Disclosure.state == PublicationState.published)
    found = frozenset().union(*(published_contacts(document) for document in session.scalars(published)))
    own = [value for row in session.execute(select(Unit.phone, Unit.address)) for value in row if value]
    return found | frozenset(settings.section("privacy")["office_numbers"]) | frozenset(own)
