"""What the office's own approvals teach: which document a published reply quotes to which question."""

import re
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.models import Inquiry, Publication, Reply
from responder.composing import parse_reply

_LINK = re.compile(r"/documents/(\d+)")


def approved_replies(session: Session) -> int:
    """How many replies of this system were published (history that was brought in has no drafts)."""
    return session.scalar(select(func.count()).select_from(Publication).join(Publication.inquiry).where(Inquiry.imported.is_(False))) or 0


def approved_pairs(session: Session) -> list[dict[str, Any]]:
    """Questions as {"id", "question", "document" or None, "answer"}: a quotation that the published reply holds is the
    answer, its source the document; a reply that quotes nothing says that no document answered.
    """
    query = (
        select(Inquiry.number, Inquiry.title, Inquiry.text, Reply.text)
        .join(Publication, Publication.inquiry_id == Inquiry.id)
        .join(Reply, Reply.id == Publication.reply_id)
        .where(Inquiry.imported.is_(False))
        .order_by(Publication.id)
    )
    return [{"id": number, "question": f"{title}\n{text}", **quoted(reply)} for number, title, text, reply in session.execute(query)]


def quoted(reply: str) -> dict[str, str | None]:
    """The first quotation of a reply that names a document of the register, and that document."""
    for block in parse_reply(reply):
        found = _LINK.fullmatch(block.source.link) if block.source else None
        if found:
            return {"document": found[1], "answer": block.text}
    return {"document": None, "answer": ""}
