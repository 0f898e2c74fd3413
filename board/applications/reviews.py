"""The register of 行政复议, 行政诉讼 and 申诉 about government information (table 四)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotFound
from board.models import Application, Review, ReviewResult
from board.staff.roles import Actor, Right, require
from board.staff.units import root_unit
from board.storage.chains import note
from board.storage.paging import Page, paged

CHAIN = "review"
KINDS = ("行政复议", "行政诉讼", "申诉")
SUBJECT_MOST, NAME_MOST = 2000, 100


@dataclass(frozen=True, slots=True)
class Case:
    """What stands on the notice: kind, about what, when it came, the case's number and who decides; ``application`` is a number of ours or ""."""

    kind: str
    subject: str
    received_on: date | None
    case_number: str = ""
    authority: str = ""
    after_review: bool = False
    application: str = ""


def register_review(session: Session, actor: Actor, case: Case, at: datetime) -> Review:
    """Enters a case; InvalidInput names the field."""
    require(actor, Right.register_case)
    if case.kind not in KINDS:
        raise InvalidInput(f"类型应为{'、'.join(KINDS)}之一。", "kind")
    subject = bounded(case.subject, "subject", "案由", SUBJECT_MOST)
    if not subject:
        raise InvalidInput("请填写案由。", "subject")
    if case.received_on is None or case.received_on > local_day(at):
        raise InvalidInput("请填写收到日期，不能晚于今天。", "received_on")
    if case.after_review and case.kind != "行政诉讼":
        raise InvalidInput("只有行政诉讼才有“复议后起诉”。", "after_review")
    row = Review(
        kind=case.kind, unit_id=root_unit(session).id, subject=subject, received_on=case.received_on, registered_by=actor.name,
        case_number=bounded(case.case_number, "case_number", "案号", NAME_MOST), authority=bounded(case.authority, "authority", "复议机关或法院", NAME_MOST),
        after_review=case.after_review, application_id=application_id(session, case.application), result=ReviewResult.pending,
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, "review_register", actor.name, at, data={"review": row.id, "received_on": row.received_on.isoformat()}, chain=CHAIN)
    return row


def conclude_review(session: Session, actor: Actor, review: Review, result: str, concluded_on: date | None, at: datetime) -> None:
    """Enters the result, once; Conflict when somebody was faster."""
    require(actor, Right.register_case)
    if result not in {"upheld", "corrected", "other"}:
        raise InvalidInput("请选择结果。", "result")
    if concluded_on is None or not review.received_on <= concluded_on <= local_day(at):
        raise InvalidInput("结案日期应在收到日期以后、今天以前。", "concluded_on")
    pending = update(Review).where(Review.id == review.id, Review.result == ReviewResult.pending)
    changed = session.execute(pending.values(result=ReviewResult(result), concluded_on=concluded_on).execution_options(synchronize_session=False))
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Conflict("这件案件的结果已经登记。")
    session.refresh(review)
    note(session, "review_conclude", actor.name, at, data={"review": review.id, "result": result, "on": concluded_on.isoformat()}, chain=CHAIN)


def bounded(value: str, field: str, name: str, most: int) -> str:
    """The value on one line; InvalidInput when it is too long."""
    clean = " ".join(value.replace("\0", "").split())
    if len(clean) > most:
        raise InvalidInput(f"{name}最多 {most} 个字。", field)
    return clean


def application_id(session: Session, number: str) -> int | None:
    """The id of the application of this number; None for none given, InvalidInput for an unknown one."""
    if not number.strip():
        return None
    found = session.scalar(select(Application.id).where(Application.number == number.strip().upper()[:60]))
    if found is None:
        raise InvalidInput("没有这个编号的申请。", "application")
    return found


def review_of(session: Session, actor: Actor, key: int) -> Review:
    """The case of this id; NotFound when there is none."""
    require(actor, Right.read_application)
    found = session.get(Review, key)
    if found is None:
        raise NotFound("没有这件案件。")
    return found


def reviews(session: Session, actor: Actor, kind: str = "", *, pending: bool = False, page: int = 1) -> Page[Review]:
    """One page of cases, the newest first, of one kind or those without a result."""
    require(actor, Right.read_application)
    statement = select(Review).options(joinedload(Review.application)).order_by(Review.received_on.desc(), Review.id.desc())
    if kind in KINDS:
        statement = statement.where(Review.kind == kind)
    if pending:
        statement = statement.where(Review.result == ReviewResult.pending)
    return paged(session, statement, page)
