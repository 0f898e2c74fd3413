"""The public board: answered inquiries by filters and words, the best first, with what comes near when nothing matches."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Select, case, func, or_, select, text
from sqlalchemy.orm import Session, contains_eager

from board.clock import year_span
from board.models import Inquiry, InquiryKind, InquiryState, Publication, Unit
from board.models.replies import STANDING
from board.storage import words
from board.storage.paging import PAGE_MOST, PER_PAGE, Page
from responder.text import plain

#: states in which an answer stands on the board
STATES = (InquiryState.answered, InquiryState.closed, InquiryState.archived)
#: of a list that is longer only the newest are counted and paged; older ones are found by year, by words or by their number
LISTED_MOST = 2_000
SEARCHED_MOST = 100_000
NEAR_CANDIDATES = 200
NEAR_LEAST = 60.0
NEAR_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the board is asked for: words (each must occur), kind and state (names), unit (code), subject, year of the answer (Shanghai)."""

    query: str = ""
    kind: str = ""
    unit: str = ""
    subject: str = ""
    year: int | None = None
    state: str = ""

    @property
    def of_inquiry(self) -> bool:
        """Whether columns of the inquiry are asked for."""
        return bool(self.kind or self.unit or self.subject or self.state)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of answers; ``near`` when nothing had the words and these come near to them; ``more`` when there are more than are counted and listed."""

    page: Page[Publication]
    near: bool = False
    more: bool = False


def standing() -> Select[Publication]:
    """What stands on the public board, in no order."""
    return select(Publication).where(text(STANDING))


def public_board(session: Session, choice: Choice, page: int = 1, per_page: int = PER_PAGE) -> Found:
    """One page of what was asked for, newest first; with words, those that have them in the title before the others."""
    chosen = narrowed(standing(), choice)
    asked = words.search_words(choice.query)
    most = SEARCHED_MOST if choice.of_inquiry or choice.year else LISTED_MOST
    if not asked:
        return listed(session, chosen, page, per_page) if not choice.query.strip() else Found(Page([], 0, page, per_page))
    found = listed(session, chosen.where(by_number(choice.query)), page, per_page)
    if not found.page.total:
        in_title = words.PUBLICATIONS.newest(session, asked, f"t{words.INITIALS}", LISTED_MOST)
        anywhere = words.PUBLICATIONS.newest(session, asked, "w", most)
        found = listed(session, chosen.where(or_(in_title, anywhere)), page, per_page, case((in_title, 0), else_=1))
    if found.page.total:
        return found
    return Found(nearest(session, chosen, choice.query, most, page, per_page), near=True)


def narrowed(statement: Select[Publication], choice: Choice) -> Select[Publication]:
    """The statement with the filters; names that do not exist are passed over."""
    if choice.year is not None:
        start, end = year_span(min(max(choice.year, 1900), 2200))
        statement = statement.where(Publication.published_at >= start, Publication.published_at < end)
    if not choice.of_inquiry:
        return statement
    inquiries = select(Inquiry.id)
    if choice.kind in set(InquiryKind):
        inquiries = inquiries.where(Inquiry.kind == InquiryKind(choice.kind))
    if choice.state in STATES:
        inquiries = inquiries.where(Inquiry.state == InquiryState(choice.state))
    if choice.subject:
        inquiries = inquiries.where(Inquiry.subject == choice.subject)
    if choice.unit:
        inquiries = inquiries.where(Inquiry.unit_id == select(Unit.id).where(Unit.code == choice.unit).scalar_subquery())
    if choice.unit or choice.subject:  # few of all: they are looked up first, otherwise each row of the board is asked in its order
        return statement.where(Publication.inquiry_id.in_(inquiries))
    return statement.where(inquiries.where(Inquiry.id == Publication.inquiry_id).correlate(Publication).exists())


def by_number(query: str) -> ColumnElement[bool]:
    """The inquiry of exactly this number."""
    return Publication.inquiry_id.in_(select(Inquiry.id).where(Inquiry.number == query.strip().upper()[:120]))


def listed(session: Session, statement: Select[Publication], page: int, per_page: int, *first: ColumnElement[int]) -> Found:
    """One page with the inquiries of its rows, newest first behind what comes ``first``; at most 2,000 are counted."""
    total = session.scalar(select(func.count()).select_from(statement.with_only_columns(Publication.id).limit(LISTED_MOST).subquery())) or 0
    page = min(max(1, page), PAGE_MOST)
    within = gathered(statement) if total < LISTED_MOST and session.get_bind().dialect.name == "postgresql" else statement
    keys = newest(session, within, per_page, (page - 1) * per_page, *first) if page <= -(-LISTED_MOST // per_page) else []
    return Found(Page(with_inquiries(session, keys), total, page, per_page), more=total == LISTED_MOST)


def gathered(statement: Select[Publication]) -> Select[Publication]:
    """The same few rows, put together before they are sorted: PostgreSQL would rather go along all answers in their order and ask of each."""
    few = statement.with_only_columns(Publication.id).cte("few").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(Publication).where(Publication.id.in_(select(few.c.id)))


def newest(session: Session, statement: Select[Publication], most: int, after: int = 0, *first: ColumnElement[int]) -> Sequence[int]:
    """Ids of the newest rows of a statement, behind what comes ``first``."""
    ordered = statement.with_only_columns(Publication.id).order_by(*first, Publication.published_at.desc(), Publication.id.desc())
    return session.scalars(ordered.limit(most).offset(after)).all()


def latest(session: Session, most: int) -> list[Publication]:
    """The newest answers on the board."""
    return with_inquiries(session, newest(session, standing(), most))


def having_words(session: Session, query: str, most: int) -> list[Publication]:
    """The newest answers that have all words of a text; none for a text without words."""
    asked = words.search_words(query)
    return with_inquiries(session, newest(session, standing().where(words.PUBLICATIONS.matches(session, asked, "w")), most)) if asked else []


def with_inquiries(session: Session, keys: Sequence[int]) -> list[Publication]:
    """The answers of these ids with their inquiries, in the order of the ids."""
    rows = session.scalars(select(Publication).join(Publication.inquiry).options(contains_eager(Publication.inquiry)).where(Publication.id.in_(keys)))
    known = {row.id: row for row in rows}
    return [known[key] for key in keys if key in known]


def nearest(session: Session, statement: Select[Publication], query: str, most: int, page: int, per_page: int) -> Page[Publication]:
    """Of the 200 newest that have the words but for one sign of each, those most like them."""
    near = words.near_words(query)
    if not near:
        return Page([], 0, page, per_page)
    rows = session.scalars(
        statement.where(words.PUBLICATIONS.newest(session, near, "w", most)).order_by(Publication.published_at.desc(), Publication.id.desc()).limit(NEAR_CANDIDATES)
    ).all()
    asked = plain(query[: words.QUERY_MOST])
    scored = [(fuzz.partial_ratio(asked, plain(f"{row.title}\n{row.question}"[:NEAR_CHARACTERS])), row.id) for row in rows]
    ranked = [key for score, key in sorted(scored, reverse=True) if score >= NEAR_LEAST]
    return Page(with_inquiries(session, ranked[(page - 1) * per_page : page * per_page]), len(ranked), page, per_page)
