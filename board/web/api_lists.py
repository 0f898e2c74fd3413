"""The interface's lists and single pieces of what is public: documents, published answers; and the office's figures for a key that may see them."""

from typing import Any
from urllib.parse import quote, urlencode

from apiflask import APIBlueprint
from flask import Response, request

from board.clock import local_day, now
from board.inquiries.public_board import Choice, public_board
from board.inquiries.queries import public_inquiry
from board.publications.disclosures import Wanted, interpretations_of, policies_of, public_disclosure, public_disclosures, successor_of
from board.publications.quoted_by import quoting
from board.reports.annual import inquiry_figures
from board.reports.figures import count
from board.reports.scope import year_scope
from board.web import year_figures
from board.web.api_list_models import (
    AnswerItemOut,
    AnswersIn,
    AnswersOut,
    DocumentItemOut,
    DocumentOut,
    DocumentsIn,
    DocumentsOut,
    FiguresIn,
    FiguresOut,
    LinksOut,
    PublishedOut,
    RelatedOut,
)
from board.web.current import the_office

blueprint = APIBlueprint("api_lists", __name__, url_prefix="/api/v1", tag="公开信息")


@blueprint.after_request
def unless_known(response: Response) -> Response:
    """A mark of the content (ETag); a caller that has it already gets 304 and no body."""
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.get("/documents")
@blueprint.input(DocumentsIn, location="query")
@blueprint.output(DocumentsOut)
@blueprint.doc(summary="公开文件", operation_id="list_documents", responses=[422])
def documents(query_data: DocumentsIn) -> DocumentsOut:
    """Published documents, newest first."""
    given = query_data
    with the_office().work.reading() as db:
        wanted = Wanted(given.category, given.year, given.unit, given.q, given.kind, given.validity, given.five_open)
        page = public_disclosures(db, wanted, given.page, given.per_page)
        items = [DocumentItemOut(**document_item(row)) for row in page.items]
        return DocumentsOut(items=items, **page_fields(page, given.per_page))


@blueprint.get("/documents/<int(max=2147483647):key>")
@blueprint.output(DocumentOut)
@blueprint.doc(summary="一份文件", operation_id="show_document", responses=[404])
def document(key: int) -> DocumentOut:
    """One document with its text and what belongs to it."""
    with the_office().work.reading() as db:
        row = public_disclosure(db, key)
        successor = successor_of(db, row)
        return DocumentOut(
            **document_item(row), text=row.text, keywords=row.keywords, issuer=row.issuer, publisher=row.publisher, made=row.made_on,
            valid_from=row.valid_from, valid_until=row.valid_until, successor=related(successor) if successor else None,
            interpretations=[related(one) for one in interpretations_of(db, key)], policies=[related(one) for one in policies_of(db, key)],
            cited_by=[RelatedOut(title=one.title, link=f"/inquiries/{quote(one.inquiry.number)}") for one in quoting(db, key)],
        )  # fmt: skip


@blueprint.get("/answers")
@blueprint.input(AnswersIn, location="query")
@blueprint.output(AnswersOut)
@blueprint.doc(summary="已公开的留言和答复", operation_id="list_answers", responses=[422])
def answers(query_data: AnswersIn) -> AnswersOut:
    """Published answers, newest first."""
    given = query_data
    with the_office().work.reading() as db:
        found = public_board(db, Choice(given.q, given.kind, given.unit, given.subject, given.year, given.state), given.page, given.per_page)
        items = [AnswerItemOut(**answer_item(one)) for one in found.page.items]
        return AnswersOut(items=items, near=found.near, more=found.more, **page_fields(found.page, given.per_page))


@blueprint.get("/answers/<number>")
@blueprint.output(PublishedOut)
@blueprint.doc(summary="一件已公开的留言和答复", operation_id="show_answer", responses=[404])
def answer(number: str) -> PublishedOut:
    """Question and reply as they stand on the board."""
    with the_office().work.reading() as db:
        one = public_inquiry(db, number)
        return PublishedOut(**answer_item(one), question=one.question, reply=one.reply)


@blueprint.get("/figures")
@blueprint.input(FiguresIn, location="query")
@blueprint.output(FiguresOut)
@blueprint.doc(summary="办理统计（须有 figures 权限的密钥）", operation_id="figures", responses=[422])
def figures(query_data: FiguresIn) -> FiguresOut:
    """The year's figures of messages, each by the definition of the reports."""
    year, at = query_data.year or year_figures.this_year(), now()
    with the_office().work.reading() as db:
        scope = year_scope(db, year, None, at)
        return FiguresOut(year=year, counted_at=at, figures={one.key: count(db, scope, one.key) for one in inquiry_figures()})


def page_fields(page: Any, per_page: int) -> dict[str, Any]:
    """What every list says of itself."""
    last = min(page.pages, 10_000)

    def at(number: int) -> str:
        """The address of another page."""
        kept = [(name, value) for name, value in request.args.items() if name != "page" and value]
        return f"{request.path}?{urlencode([*kept, ('page', number)])}"

    links = LinksOut(
        self=at(page.page), first=at(1), last=at(last), prev=at(page.page - 1) if page.page > 1 else None, next=at(page.page + 1) if page.page < last else None
    )  # fmt: skip
    return {"page": page.page, "per_page": per_page, "pages": page.pages, "total": page.total, "links": links}


def document_item(row: Any) -> dict[str, Any]:
    """A document as lists show it."""
    return {
        "id": row.id, "kind": row.kind.value, "title": row.title, "document_number": row.document_number, "index_number": row.index_number,
        "category": row.category, "five_open": row.five_open, "unit": row.unit.name, "validity": row.validity.value, "link": f"/documents/{row.id}",
        "published": local_day(row.published_at) if row.published_at else row.made_on,
    }  # fmt: skip


def answer_item(one: Any) -> dict[str, Any]:
    """A published answer as lists show it."""
    inquiry = one.inquiry
    return {
        "number": inquiry.number, "title": one.title, "kind": inquiry.kind.value, "subject": inquiry.subject, "unit": inquiry.unit.name, "state": inquiry.state.value,
        "received": inquiry.received_at, "published": one.published_at, "link": f"/inquiries/{quote(inquiry.number)}",
    }  # fmt: skip


def related(row: Any) -> RelatedOut:
    """Another document."""
    return RelatedOut(title=row.title, link=f"/documents/{row.id}")

