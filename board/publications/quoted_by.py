"""The published answers that quote a document."""

import re
from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session, contains_eager

from board.models import Evidence, Publication, Reply
from board.models.replies import STANDING

MOST, LOOKED_AT = 20, 200


def quoting(session: Session, document_id: int) -> Sequence[Publication]:
    """At most 20 answers on the board that name the document as a source, newest first, with their inquiries."""
    inquiries = select(Reply.inquiry_id).join(Evidence, Evidence.reply_id == Reply.id).where(Evidence.disclosure_id == document_id)
    rows = select(Publication).join(Publication.inquiry).options(contains_eager(Publication.inquiry)).where(text(STANDING), Publication.inquiry_id.in_(inquiries))
    named = re.compile(rf"/documents/{document_id}(?![0-9])")
    found = session.scalars(rows.order_by(Publication.published_at.desc(), Publication.id.desc()).limit(LOOKED_AT))
    return [row for row in found if named.search(row.reply)][:MOST]
