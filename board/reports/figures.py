"""One definition per figure: each is a select of the items that it counts (DOMAIN 5.5), so that the value, the list behind it,
the page, the command and the export cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from board.errors import NotFound
from board.inquiries.lifecycle import OPEN
from board.models import (
    Application,
    Disclosure,
    DisclosureChannel,
    Inquiry,
    InquiryState,
    Origin,
    Publication,
    PublicationState,
    Reply,
    Review,
    SignStep,
    StepState,
)
from board.reports.days import late, shanghai_day
from board.reports.dimensions import DIMENSIONS
from board.reports.listed_items import Item, item_of
from board.reports.registered import (
    applied,
    applied_before,
    applied_cumulative,
    applied_done,
    applied_left,
    of_units,
    review_counted,
    review_ended,
    review_pending,
    reviewed,
)
from board.reports.scope import Scope, counted_day

Counted = type[Disclosure] | type[Inquiry] | type[Application] | type[Review]
Where = Callable[[Scope], ColumnElement[bool]]
S = InquiryState
#: the day that the first answer is measured by: a later 追问 or 重新办理 has a term of its own and makes no late answer timely
MEASURED = func.coalesce(Inquiry.answer_due_on, Inquiry.due_on)


@dataclass(frozen=True, slots=True)
class Figure:
    """``where`` chooses rows of ``table``; ``by`` names the dimension when the figure is split (see board.reports.dimensions)."""

    key: str
    label: str
    table: Counted
    where: Where
    by: str = ""


def own_published(scope: Scope) -> ColumnElement[bool]:
    """主动公开: made by the office itself, published in the span and not withdrawn."""
    return and_(
        Disclosure.origin == Origin.own,
        Disclosure.state == PublicationState.published,
        Disclosure.published_at >= scope.start,
        Disclosure.published_at < scope.end,
        of_units(Disclosure, scope),
    )


def own_cumulative(scope: Scope) -> ColumnElement[bool]:
    """主动公开 from the first year to the end of the span."""
    return own_published(scope.since_first)


def own_key_area(scope: Scope) -> ColumnElement[bool]:
    """主动公开 that carries the mark of a key area."""
    return and_(own_published(scope), Disclosure.key_area != "")


def own_channel(scope: Scope) -> ColumnElement[bool]:
    """主动公开 with at least one channel; over several channels it counts once in each."""
    return and_(own_published(scope), Disclosure.id.in_(select(DisclosureChannel.disclosure_id)))


def received(scope: Scope) -> ColumnElement[bool]:
    """All that came in the span, imported ones as well."""
    return and_(Inquiry.received_at >= scope.start, Inquiry.received_at < scope.end, of_units(Inquiry, scope))


def in_state(*states: InquiryState) -> Where:
    """Received in the span and now in one of the states."""
    return lambda scope: and_(received(scope), Inquiry.state.in_(states))


def imported(scope: Scope) -> ColumnElement[bool]:
    """Received ones that were brought in as history."""
    return and_(received(scope), Inquiry.imported)


def valid(scope: Scope) -> ColumnElement[bool]:
    """Received - invalid - repeated."""
    return and_(received(scope), Inquiry.state.not_in((S.invalid, S.merged)))


def not_invalid(scope: Scope) -> ColumnElement[bool]:
    """收到留言数量 of the website work form: received - invalid (国办函〔2018〕12号)."""
    return and_(received(scope), Inquiry.state != S.invalid)


def accepted(scope: Scope) -> ColumnElement[bool]:
    """Valid ones that were accepted (受理)."""
    return and_(valid(scope), Inquiry.accepted_at.is_not(None))


def answered(scope: Scope) -> ColumnElement[bool]:
    """Valid ones of the span that were answered up to the time of counting (one cohort, never mixed with closed)."""
    return and_(valid(scope), Inquiry.answered_at <= scope.at)


def answered_in_time(scope: Scope) -> ColumnElement[bool]:
    """Answered ones with a due day that was kept."""
    return and_(answered(scope), MEASURED.is_not(None), shanghai_day(Inquiry.answered_at) <= MEASURED)


def overdue(scope: Scope) -> ColumnElement[bool]:
    """Valid ones answered after their due day, or open behind it at the time of counting (one that was answered later was open then)."""
    waiting = and_(or_(Inquiry.state.in_(OPEN), Inquiry.answered_at > scope.at), Inquiry.due_on < counted_day(scope))
    return and_(valid(scope), or_(and_(answered(scope), late(Inquiry.answered_at, MEASURED)), waiting))


def closed(scope: Scope) -> ColumnElement[bool]:
    """Closed in the span, whatever year it came in."""
    return and_(Inquiry.closed_at >= scope.start, Inquiry.closed_at < scope.end, of_units(Inquiry, scope))


def given_out(public: bool) -> Where:
    """Replies given out in the span and not withdrawn: to the public, or to the citizen alone."""

    def where(scope: Scope) -> ColumnElement[bool]:
        published = and_(
            Publication.public.is_(public),
            Publication.withdrawn_at.is_(None),
            Publication.published_at >= scope.start,
            Publication.published_at < scope.end,
        )
        given = select(Publication.inquiry_id).where(published)
        if not public:  # history that waits for its release was not given out by anybody
            given = given.join(Reply, Reply.id == Publication.reply_id).where(Reply.approved_at.is_not(None))
        return and_(Inquiry.id.in_(given), of_units(Inquiry, scope))

    return where


def bypassed(scope: Scope) -> ColumnElement[bool]:
    """Those in whose signing a step was skipped in the span (with a reason; the second person never is)."""
    skipped = select(Reply.inquiry_id).join(SignStep, SignStep.reply_id == Reply.id)
    skipped = skipped.where(SignStep.state == StepState.skipped, SignStep.at >= scope.start, SignStep.at < scope.end)
    return and_(Inquiry.id.in_(skipped), of_units(Inquiry, scope))


def carried_over(scope: Scope) -> ColumnElement[bool]:
    """Valid ones that had come by the end of the span and were not closed by then (结转)."""
    came = and_(Inquiry.received_at < scope.end, Inquiry.received_at <= scope.at, of_units(Inquiry, scope))
    without_end = Inquiry.state.not_in((S.invalid, S.merged, S.declined, S.withdrawn, S.transferred))
    return and_(came, without_end, or_(Inquiry.closed_at.is_(None), Inquiry.closed_at >= scope.end))


ALL = (
    Figure("proactive_disclosures.total", "主动公开政府信息", Disclosure, own_published),
    Figure("proactive_disclosures.cumulative", "累计主动公开政府信息", Disclosure, own_cumulative),
    Figure("proactive_disclosures.by_unit", "按单位", Disclosure, own_published, "disclosure_body"),
    Figure("proactive_disclosures.by_category", "按类别", Disclosure, own_published, "category"),
    Figure("proactive_disclosures.by_channel", "按渠道", Disclosure, own_channel, "disclosure_channel"),
    Figure("proactive_disclosures.key_areas", "重点领域", Disclosure, own_key_area, "key_area"),
    Figure("proactive_disclosures.by_month", "各月主动公开", Disclosure, own_published, "published_month"),
    Figure("applications.received", "收到依申请公开", Application, applied),
    Figure("applications.cumulative", "历年累计依申请公开", Application, applied_cumulative),
    Figure("applications.by_way", "收到依申请公开按方式", Application, applied, "application_way"),
    Figure("applications.by_applicant", "收到依申请公开按申请人", Application, applied, "applicant_kind"),
    Figure("applications.carried_in", "上年结转依申请公开", Application, applied_before),
    Figure("applications.carried_in_by_applicant", "上年结转依申请公开按申请人", Application, applied_before, "applicant_kind"),
    Figure("applications.done", "办结依申请公开", Application, applied_done),
    Figure("applications.done_by_applicant", "办结依申请公开按申请人", Application, applied_done, "applicant_kind"),
    Figure("applications.done_by_outcome", "办结依申请公开按结果", Application, applied_done, "application_outcome"),
    Figure("applications.done_by_cell", "办结依申请公开按结果和申请人", Application, applied_done, "application_cell"),
    Figure("applications.done_by_term", "办结依申请公开按期限", Application, applied_done, "application_term"),
    Figure("applications.carried_out", "结转下年度依申请公开", Application, applied_left),
    Figure("applications.carried_out_by_applicant", "结转下年度依申请公开按申请人", Application, applied_left, "applicant_kind"),
    Figure("reviews", "复议、诉讼、申诉", Review, reviewed, "review_kind"),
    Figure("reviews_ended", "审结的复议、诉讼按结果", Review, review_ended, "review_cell"),
    Figure("reviews_pending", "尚未审结的复议、诉讼", Review, review_pending, "review_group"),
    Figure("reviews_counted", "审结和尚未审结的复议、诉讼", Review, review_counted, "review_group"),
    Figure("reviews_by_result", "复议、诉讼、申诉按结果", Review, reviewed, "review_cell"),
    Figure("website.messages", "收到留言（不含无效）", Inquiry, not_invalid),
    Figure("inquiries.received", "收到留言", Inquiry, received),
    Figure("inquiries.imported", "其中导入", Inquiry, imported),
    Figure("inquiries.invalid", "无效", Inquiry, in_state(S.invalid)),
    Figure("inquiries.repeated", "重复", Inquiry, in_state(S.merged)),
    Figure("inquiries.valid", "有效", Inquiry, valid),
    Figure("inquiries.accepted", "受理", Inquiry, accepted),
    Figure("inquiries.declined", "不予受理", Inquiry, in_state(S.declined)),
    Figure("inquiries.withdrawn", "网民撤回", Inquiry, in_state(S.withdrawn)),
    Figure("inquiries.answered", "答复", Inquiry, answered),
    Figure("inquiries.answered_in_time", "按期答复", Inquiry, answered_in_time),
    Figure("inquiries.overdue", "逾期", Inquiry, overdue),
    Figure("inquiries.closed", "办结", Inquiry, closed),
    Figure("inquiries.published", "公开答复", Inquiry, given_out(public=True)),
    Figure("inquiries.private", "不公开答复", Inquiry, given_out(public=False)),
    Figure("inquiries.bypassed", "跳过审签环节", Inquiry, bypassed),
    Figure("inquiries.carried_over", "结转下年", Inquiry, carried_over),
    Figure("inquiries.by_kind", "按类型", Inquiry, received, "kind"),
    Figure("inquiries.by_unit", "按单位", Inquiry, received, "inquiry_unit"),
    Figure("inquiries.by_channel", "按渠道", Inquiry, received, "inquiry_channel"),
    Figure("inquiries.by_month", "各月收到留言", Inquiry, received, "received_month"),
    Figure("inquiries.closed_by_month", "各月办结留言", Inquiry, closed, "closed_month"),
    Figure("inquiries.closed_by_days", "办结留言按办理时间", Inquiry, closed, "days_taken"),
    Figure("inquiries.closed_by_unit", "各单位办结", Inquiry, closed, "inquiry_unit"),
)

#: Every figure of the office, by key.
FIGURES: Mapping[str, Figure] = {figure.key: figure for figure in ALL}


def figure_of(key: str) -> Figure:
    """The figure of this key; NotFound when there is none."""
    if key not in FIGURES:
        raise NotFound(f"没有名为“{key[:60]}”的统计项。")
    return FIGURES[key]


def chosen(figure: Figure, scope: Scope, *columns: Any) -> Select[Any]:
    """The select of a figure's rows, with the join that its dimension needs."""
    query = select(*columns).select_from(figure.table).where(figure.where(scope))
    joined = DIMENSIONS[figure.by].joined if figure.by else None
    return query.join(*joined) if joined else query


def count(session: Session, scope: Scope, key: str) -> int:
    """The value of a figure that is not split."""
    return session.scalar(chosen(figure_of(key), scope, func.count())) or 0


def grouped(session: Session, scope: Scope, key: str) -> dict[str, int]:
    """The values of a split figure, by label, without empty ones, in the order of the stored values."""
    figure = figure_of(key)
    dimension = DIMENSIONS[figure.by]
    label = dimension.named(session)
    result: dict[str, int] = {}
    rows = session.execute(chosen(figure, scope, dimension.column, func.count()).group_by(dimension.column).order_by(dimension.column))
    for value, number in rows:
        result[label(value)] = result.get(label(value), 0) + number
    return result


def items(session: Session, scope: Scope, key: str, value: str = "") -> list[Item]:
    """What a figure counts, oldest first; ``value`` picks one part of a split figure, or several parted by bars."""
    figure = figure_of(key)
    if not figure.by or not value:
        return [item_of(row) for row in session.scalars(ordered(figure, select(figure.table).where(figure.where(scope))))]
    dimension = DIMENSIONS[figure.by]
    label = dimension.named(session)
    rows = session.execute(ordered(figure, chosen(figure, scope, figure.table, dimension.column)))
    return [item_of(row) for row, stored in rows if label(stored) in value.split("|")]


def ordered(figure: Figure, query: Select[Any]) -> Select[Any]:
    """By date, then by id."""
    dates = {Disclosure: Disclosure.published_at, Inquiry: Inquiry.received_at, Application: Application.received_on, Review: Review.received_on}
    return query.order_by(dates[figure.table], figure.table.id)
