"""The traces of inquiries, kept in the transaction that writes the inquiry, and the inquiries that share many of them."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import delete, insert, literal, select, union_all
from sqlalchemy.orm import Session

from board.models import Inquiry, InquiryTrace
from responder.duplicates import CANDIDATES_MOST, traces

WATCHED = ("title", "text")
BATCH = 500
#: of each trace so many inquiries are looked at, the newest first: a piece that every message has cannot grow without bound
EACH_MOST = 60


def write(session: Session, inquiries: Sequence[Inquiry]) -> None:
    """Replaces the traces of these inquiries."""
    if not inquiries:
        return
    connection = session.connection()
    connection.execute(delete(InquiryTrace).where(InquiryTrace.inquiry_id.in_([one.id for one in inquiries])))
    rows = [{"trace": trace, "inquiry_id": one.id} for one in inquiries for trace in traces(f"{one.title}\n{one.text}")]
    if rows:
        connection.execute(insert(InquiryTrace), rows)


def sharing(session: Session, inquiry_id: int, text: str, most: int = CANDIDATES_MOST) -> list[int]:
    """Ids of at most 50 other inquiries that share traces with this one, most shared first; one query, at most 16 x 60 rows."""
    own = traces(text)
    if not own:
        return []
    parts = [
        select(InquiryTrace.inquiry_id)
        .where(InquiryTrace.trace == literal(trace, InquiryTrace.trace.type), InquiryTrace.inquiry_id != inquiry_id)
        .order_by(InquiryTrace.inquiry_id.desc())
        .limit(EACH_MOST)
        .subquery()
        for trace in own
    ]
    shared = Counter(session.scalars(union_all(*(select(part.c.inquiry_id) for part in parts))))
    return [key for key, _ in sorted(shared.items(), key=lambda pair: (-pair[1], -pair[0]))[:most]]
