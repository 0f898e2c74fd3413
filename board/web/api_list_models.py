"""The bodies of the interface's lists: documents, published answers, figures; every list has pages and links."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from board.web.api_models import Body

Word = Annotated[str, Field(max_length=200)]
Year = Annotated[int | None, Field(strict=False, ge=1900, le=2200)]


class PageIn(Body):
    """Which page of a list; a page behind the last is empty."""

    page: Annotated[int, Field(strict=False, ge=1, le=10_000, description="第几页，从 1 起")] = 1
    per_page: Annotated[int, Field(strict=False, ge=1, le=100, description="每页条数，最多 100")] = 20


class DocumentsIn(PageIn):
    """Documents by words and by what stands in their head fields."""

    q: Annotated[str, Field(max_length=200, description="标题、正文、文号、索引号中的词")] = ""
    category: Annotated[Word, Field(description="类别")] = ""
    year: Annotated[Year, Field(description="发布年份")] = None
    unit: Annotated[Word, Field(description="单位代码")] = ""
    kind: Annotated[Literal["", "disclosure", "interpretation"], Field(description="信息 disclosure，解读 interpretation")] = ""
    validity: Annotated[Literal["", "unstated", "in_force", "amended", "repealed", "expired"], Field(description="有效性")] = ""
    five_open: Annotated[Word, Field(description="五公开：决策、执行、管理、服务、结果")] = ""


class AnswersIn(PageIn):
    """Published answers by words, kind, unit, subject, year and state."""

    q: Annotated[str, Field(max_length=200, description="标题、留言、答复中的词，或留言编号")] = ""
    kind: Annotated[Literal["", "consultation", "help", "suggestion", "complaint", "thanks"], Field(description="类型")] = ""
    unit: Annotated[Word, Field(description="单位代码")] = ""
    subject: Annotated[Word, Field(description="主题")] = ""
    year: Annotated[Year, Field(description="答复年份")] = None
    state: Annotated[Literal["", "answered", "closed", "archived"], Field(description="状态")] = ""


class FiguresIn(Body):
    """A year; the present one when it is left out."""

    year: Annotated[Year, Field(description="年份，默认本年")] = None


class LinksOut(Body):
    """Addresses of pages of the same list, as paths of this site; null where there is none."""

    self: str
    first: str
    last: str
    prev: str | None
    next: str | None


class DocumentItemOut(Body):
    """A document in a list."""

    id: int
    kind: str
    title: str
    document_number: str
    index_number: str
    category: str
    five_open: str
    unit: str
    published: date | None
    validity: str
    link: str


class DocumentsOut(Body):
    """A page of documents, newest first; with words, those that have them in the title first."""

    items: list[DocumentItemOut]
    page: int
    per_page: int
    pages: int
    total: int
    links: LinksOut


class RelatedOut(Body):
    """Another document or a published answer that belongs to it."""

    title: str
    link: str


class DocumentOut(DocumentItemOut):
    """A document with its text, what explains it, what it explains, what holds in its place, and the published answers that quote it."""

    text: str
    keywords: str
    issuer: str
    publisher: str
    made: date | None
    valid_from: date | None
    valid_until: date | None
    successor: RelatedOut | None
    interpretations: list[RelatedOut]
    policies: list[RelatedOut]
    cited_by: list[RelatedOut]


class AnswerItemOut(Body):
    """A published answer in a list."""

    number: str
    title: str
    kind: str
    subject: str
    unit: str
    state: str
    received: datetime
    published: datetime
    link: str


class AnswersOut(Body):
    """A page of published answers, newest first; ``near``: nothing had the words, and these come near; ``more``: there are more than are counted."""

    items: list[AnswerItemOut]
    page: int
    per_page: int
    pages: int
    total: int
    near: bool
    more: bool
    links: LinksOut


class PublishedOut(AnswerItemOut):
    """A published answer: question and reply as they stand on the board, personal data covered."""

    question: str
    reply: str


class FiguresOut(Body):
    """Figures of a year, each with its one definition; the counts of messages that came, were valid, repeated, answered in time."""

    year: int
    counted_at: datetime
    figures: dict[str, int]
