"""Reading inquiries: the public board, one public card, the timeline."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from board.errors import NotFound
from board.models import Event, Inquiry, InquiryKind, Publication
from board.storage.paging import Page, escaped, paged
from responder.text import plain


def public_statement() -> Select[Publication]:
    """What stands on the public board, newest first."""
    shown = select(Publication).join(Publication.inquiry).options(contains_eager(Publication.inquiry))
    return shown.where(Publication.public, Publication.withdrawn_at.is_(None)).order_by(Publication.published_at.desc(), Publication.id.desc())


def public_inquiries(session: Session, page: int = 1, kind: str = "", unit: str = "", query: str = "") -> Page[Publication]:
    """Answered inquiries that are public, by kind (name), unit (code) and words (each must occur; script and width do not matter)."""
    statement = public_statement()
    if kind in set(InquiryKind):
        statement = statement.where(Inquiry.kind == InquiryKind(kind))
    if unit:
        statement = statement.where(Inquiry.unit.has(code=unit))
    for word in words_of(query):
        like = f"%{escaped(word)}%"
        statement = statement.where(
            or_(*(column.like(like, escape="\\") for column in (Inquiry.number, Publication.title, Publication.question, Publication.reply)))
        )
    return paged(session, statement, page)


def words_of(query: str) -> list[str]:
    """At most eight words of a search text, simplified and without width differences."""
    return plain(query[:200]).split()[:8]


def public_inquiry(session: Session, number: str) -> Publication:
    """The public card of a number; NotFound for one that is not public, in the same words as for one that does not exist."""
    found = session.scalar(public_statement().where(Inquiry.number == number[:120]))
    if found is None:
        raise NotFound("没有找到这条公开留言。")
    return found


def search_inquiries(session: Session, query: str, limit: int = 5) -> Sequence[Publication]:
    """Public answered inquiries that contain the words of the query."""
    return public_inquiries(session, query=query).items[:limit] if words_of(query) else []


def timeline(session: Session, inquiry: Inquiry) -> Sequence[Event]:
    """All events of an inquiry, oldest first."""
    return session.scalars(select(Event).where(Event.inquiry_id == inquiry.id).order_by(Event.sequence)).all()


def answer_of(session: Session, inquiry: Inquiry) -> Publication | None:
    """What was given out as the reply; for a merged inquiry that of the main item."""
    key = inquiry.merged_into_id or inquiry.id
    return session.scalar(select(Publication).where(Publication.inquiry_id == key, Publication.withdrawn_at.is_(None)))
