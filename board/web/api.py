"""The interface (version 1): the same rooms as the pages, without cookies; described at /api/openapi.json."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from apiflask import APIBlueprint
from flask import abort, request

from board.clock import now
from board.errors import NotFound
from board.inquiries import channels
from board.inquiries.asking import Answer, Quoted, ask, search
from board.inquiries.holding import held_for
from board.inquiries.posting import Post, find_by_code, post_inquiry
from board.inquiries.queries import answer_of, timeline
from board.web import key_holders, limits
from board.web.api_models import (
    AnswerOut,
    CodeIn,
    EndedOut,
    EventOut,
    FoundInquiryOut,
    InquiryIn,
    PartOut,
    QuestionIn,
    QuoteOut,
    ReceiptOut,
    SearchIn,
    SearchOut,
    SentOnOut,
    StateOut,
)
from board.web.course import citizen_course
from board.web.current import the_office
from board.web.follow import sent_on
from board.wording.ended import Ended

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="留言")
ERRORS = [400, 413, 415, 422, 429, 503]


@blueprint.before_request
def json_only() -> None:
    """A body is plain JSON: another content type is refused with 415."""
    if request.method == "POST" and not request.is_json:
        abort(415)


@blueprint.post("/inquiries")
@blueprint.input(InquiryIn, location="json")
@blueprint.output(ReceiptOut, status_code=201)
@blueprint.doc(summary="留言", operation_id="post_inquiry", responses=ERRORS)
def post(json_data: InquiryIn) -> ReceiptOut:
    """Stores an inquiry; the same nonce gives the same number and code again."""
    office = the_office()
    given = Post(
        text=without_nul(json_data.text), publish=json_data.publish, title=without_nul(json_data.title), kind=json_data.kind or "",
        nickname=without_nul(json_data.nickname), contact=without_nul(json_data.contact), nonce=json_data.nonce or "", channel=channels.API,
        held_reason=held_for(office.words, json_data.title or "", json_data.text, json_data.nickname or ""),
    )  # fmt: skip
    limits.posting_allowed(key_holders.holder())
    with office.work.transaction() as db:
        posted = post_inquiry(db, office.settings, office.labels, office.key, office.calendar, given, now())
    return ReceiptOut(number=posted.number, tracking_code=posted.tracking_code, due=posted.due)


def without_nul(text: str | None) -> str:
    """A text without NUL signs, which no database takes; "" for None."""
    return (text or "").replace("\0", "")


@blueprint.get("/inquiries/<number>")
@blueprint.input(CodeIn, location="headers")
@blueprint.output(StateOut)
@blueprint.doc(summary="查询进度", operation_id="show_inquiry", responses=[404, 422, 429, 503])
def show(number: str, headers_data: CodeIn) -> StateOut:
    """State, course and reply, for whoever sends the tracking code in the header Tracking-Code."""
    office = the_office()
    limits.code_tries_left(key_holders.holder())
    try:
        with office.work.reading() as db:
            inquiry = find_by_code(db, office.key, number, headers_data.tracking_code)
            course = citizen_course(timeline(db, inquiry), inquiry.unit.short_name)
            answer = answer_of(db, inquiry)
            return StateOut(
                number=inquiry.number, state=inquiry.state.value, state_text=office.labels("citizen_state", inquiry.state.value),
                received=inquiry.received_at, due=inquiry.due_on, reply=answer.reply if answer else None, sent_on=sent_on_out(sent_on(db, inquiry)),
                events=[EventOut(action=step.action, text=step.words, at=step.at, reason=step.reason or None) for step in course],
            )  # fmt: skip
    except NotFound:
        limits.note_wrong_code(key_holders.holder())
        raise


def sent_on_out(found: dict[str, Any] | None) -> SentOnOut | None:
    """The authority to which an inquiry was sent on, as the page names it to the citizen."""
    if found is None:
        return None
    to = found["to"]
    reached = {"phone": to.phone, "address": to.address, "website": to.website} if to else {}
    return SentOnOut(authority=found["name"], reason=found["reason"], **reached)


@blueprint.get("/search")
@blueprint.input(SearchIn, location="query")
@blueprint.output(SearchOut)
@blueprint.doc(summary="检索", operation_id="search", responses=[422, 503])
def find(query_data: SearchIn) -> SearchOut:
    """Documents and public inquiries for a search text, best first."""
    office = the_office()
    with office.work.reading() as db:
        found = search(db, office.catalogue, office.settings, query_data.q)
        return SearchOut(query=found.question, documents=quotes(found.evidence), inquiries=inquiries_of(found))


@blueprint.post("/ask")
@blueprint.input(QuestionIn, location="json")
@blueprint.output(AnswerOut)
@blueprint.doc(summary="提问", operation_id="ask", responses=ERRORS)
def question(json_data: QuestionIn) -> AnswerOut:
    """Evidence for a question; nothing is stored."""
    office = the_office()
    with office.work.reading() as db:
        found = ask(db, office.catalogue, office.settings, json_data.question)
        parts = [PartOut(question=part.question, found=bool(part.evidence), evidence=quotes(part.evidence)) for part in found.parts]
        return AnswerOut(
            question=found.question, found=found.found, evidence=quotes(found.evidence), inquiries=inquiries_of(found), questions=parts,
            out_of_force=[ended_out(one) for one in found.ended],
        )  # fmt: skip


def ended_out(one: Ended) -> EndedOut:
    """A document out of force and the one in its place; links are paths of this site."""
    return EndedOut(
        title=one.title, document_number=one.document_number, state=the_office().labels("ended", one.state), link=document_path(one.disclosure_id),
        successor_title=one.successor_title, successor_number=one.successor_number,
        successor_link=document_path(one.successor_id) if one.successor_id is not None else "",
    )  # fmt: skip


def quotes(evidence: Iterable[Quoted]) -> list[QuoteOut]:
    """Quotations with their sources; links are paths of this site."""
    return [
        QuoteOut(
            quote=one.quote, title=one.title, document_number=one.document_number, published=one.published_on,
            validity=the_office().labels("validity", one.validity), link=document_path(one.disclosure_id),
        )
        for one in evidence
    ]  # fmt: skip


def inquiries_of(found: Answer) -> list[FoundInquiryOut]:
    """Public answered inquiries of a result."""
    return [
        FoundInquiryOut(number=one.inquiry.number, title=one.title, published=one.published_at, link=f"/inquiries/{quote(one.inquiry.number)}")
        for one in found.inquiries
    ]


def document_path(key: int) -> str:
    """The page of a document."""
    return f"/documents/{key}"
