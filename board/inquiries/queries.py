"""Reading inquiries: one public card, the timeline, history."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from board.clock import year_span
from board.errors import NotFound
from board.models import Event, Inquiry, Publication
from board.staff.roles import Actor, Right, require
from board.storage.paging import Page, escaped, paged
from responder.text import plain


def public_statement() -> Select[Publication]:
    """What stands on the public board, newest first."""
    shown = select(Publication).join(Publication.inquiry).options(contains_eager(Publication.inquiry))
    return shown.where(Publication.public, Publication.withdrawn_at.is_(None)).order_by(Publication.published_at.desc(), Publication.id.desc())


def words_of(query: str) -> list[str]:
    """At most eight words of a search text, simplified and without width differences."""
    return plain(query[:200]).split()[:8]


def public_inquiry(session: Session, number: str) -> Publication:
    """The public card of a number; NotFound for one that is not public, in the same words as for one that does not exist."""
    found = session.scalar(public_statement().where(Inquiry.number == number[:120]))
    if found is None:
        raise NotFound("没有找到这条公开留言。")
    return found


def timeline(session: Session, inquiry: Inquiry) -> Sequence[Event]:
    """All events of an inquiry, oldest first."""
    return session.scalars(select(Event).where(Event.inquiry_id == inquiry.id).order_by(Event.sequence)).all()


def answer_of(session: Session, inquiry: Inquiry) -> Publication | None:
    """What was given out as the reply; for a merged inquiry that of the main item."""
    key = inquiry.merged_into_id or inquiry.id
    return session.scalar(select(Publication).where(Publication.inquiry_id == key, Publication.withdrawn_at.is_(None)))


def imported_inquiries(session: Session, actor: Actor, query: str = "", year: int | None = None, released: bool | None = None, page: int = 1) -> Page[Inquiry]:
    """History that was brought in, newest first, by words, year of receipt (Shanghai) and whether it is public."""
    require(actor, Right.read_inquiry)
    statement = select(Inquiry).options(joinedload(Inquiry.unit)).where(Inquiry.imported)
    if released is not None:
        statement = statement.where(Inquiry.released.is_(released))
    if year is not None:
        start, end = year_span(min(max(year, 1900), 2200))
        statement = statement.where(Inquiry.received_at >= start, Inquiry.received_at < end)
    for word in words_of(query):
        like = f"%{escaped(word)}%"
        statement = statement.where(or_(*(column.like(like, escape="\\") for column in (Inquiry.number, Inquiry.title, Inquiry.text))))
    return paged(session, statement.order_by(Inquiry.received_at.desc(), Inquiry.id.desc()), page)
