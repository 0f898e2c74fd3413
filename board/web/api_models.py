"""The bodies of the interface; strict types, unknown fields are ignored, so that nobody can set what is not listed."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """Strict and forgiving of fields that it does not know."""

    model_config = ConfigDict(strict=True, extra="ignore")


Kind = Literal["咨询", "求助", "建议", "投诉", "举报", "感谢"]


class InquiryIn(Body):
    """A new inquiry. ``publish`` has no default: the citizen chooses. The same ``nonce`` gives the same receipt again."""

    text: Annotated[str, Field(min_length=1, max_length=10_000, description="留言内容")]
    publish: Annotated[bool, Field(description="是否同意公开（举报一律不公开）")]
    title: Annotated[str | None, Field(max_length=100)] = None
    kind: Annotated[Kind | None, Field(description="类型，默认咨询")] = None
    nickname: Annotated[str | None, Field(max_length=30)] = None
    contact: Annotated[str | None, Field(max_length=100, description="联系方式，不公开")] = None
    nonce: Annotated[str | None, Field(max_length=200, description="重试标识：同一标识、同一内容只收一次")] = None


class ReceiptOut(Body):
    """Number, tracking code (shown here only) and the day by which an answer is due."""

    number: str
    tracking_code: str
    due: date


class CodeIn(Body):
    """The header Tracking-Code."""

    model_config = ConfigDict(strict=True, extra="ignore", validate_by_name=True, validate_by_alias=True)
    tracking_code: Annotated[str, Field(alias="Tracking-Code", max_length=100, description="查询码")]


class EventOut(Body):
    """One step of the course."""

    action: str
    text: str
    at: datetime
    reason: str | None = None


class QuoteOut(Body):
    """A verbatim quotation with its source."""

    quote: str
    title: str
    document_number: str
    published: date | None
    validity: str
    link: str


class SentOnOut(Body):
    """The authority to which an inquiry was sent on, why, and how it is reached ("" where that is not known)."""

    authority: str
    reason: str
    phone: str = ""
    address: str = ""
    website: str = ""


class StateOut(Body):
    """Where an inquiry stands; ``reply`` is there once it is answered, ``sent_on`` once it went to another authority."""

    number: str
    state: str
    state_text: str
    received: datetime
    due: date | None
    reply: str | None = None
    sent_on: SentOnOut | None = None
    events: list[EventOut]


class SearchIn(Body):
    """``q``: what is searched for."""

    q: Annotated[str, Field(max_length=10_000)] = ""


class FoundInquiryOut(Body):
    """A public answered inquiry."""

    number: str
    title: str
    published: datetime
    link: str


class SearchOut(Body):
    """What was found, best first."""

    query: str
    documents: list[QuoteOut]
    inquiries: list[FoundInquiryOut]


class QuestionIn(Body):
    """A question in a citizen's words."""

    question: Annotated[str, Field(max_length=100_000)]


class EndedOut(Body):
    """A document out of force that was asked for (``state``: 已废止, 已失效, 尚未施行), and the one in force in its place, if any."""

    title: str
    document_number: str
    state: str
    link: str
    successor_title: str
    successor_number: str
    successor_link: str


class PartOut(Body):
    """One of several questions and the evidence for it."""

    question: str
    found: bool
    evidence: list[QuoteOut]


class AnswerOut(Body):
    """Evidence for a question; ``found`` false: post it, and the office will answer. ``questions`` tells several apart."""

    question: str
    found: bool
    evidence: list[QuoteOut]
    inquiries: list[FoundInquiryOut]
    questions: list[PartOut]
    out_of_force: list[EndedOut]
