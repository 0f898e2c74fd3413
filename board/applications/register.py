"""The registers of 依申请公开 and of 复议、诉讼、申诉: entering a case; the counts are in board.reports.figures."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import InvalidInput
from board.models import Application, Review, Unit
from board.staff.roles import Actor, Right, require

CHANNELS = ("当面", "传真", "网络", "信函")
KINDS = ("行政复议", "行政诉讼", "申诉")


def register_application(session: Session, actor: Actor, unit: Unit, applicant: str, channel: str, subject: str, at: datetime) -> Application:
    """Enters an application; its number is drawn by year and its time is the system's."""
    require(actor, Right.register_case)
    if channel not in CHANNELS:
        raise InvalidInput(f"申请方式应为{'、'.join(CHANNELS)}之一。", "channel")
    year = local_day(at).year
    running = (session.scalar(select(func.count()).select_from(Application).where(Application.number.like(f"SQ{year}%"))) or 0) + 1
    row = Application(
        number=f"SQ{year}{running:04d}", unit_id=unit.id, applicant=filled(applicant, "applicant", "申请人", 100), channel=channel,
        subject=filled(subject, "subject", "申请内容", 2000), received_at=at, registered_by=actor.name,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def register_review(session: Session, actor: Actor, unit: Unit, kind: str, subject: str, received_on: date) -> Review:
    """Enters a case of reconsideration, litigation or complaint."""
    require(actor, Right.register_case)
    if kind not in KINDS:
        raise InvalidInput(f"类型应为{'、'.join(KINDS)}之一。", "kind")
    row = Review(kind=kind, unit_id=unit.id, subject=filled(subject, "subject", "案由", 2000), received_on=received_on, registered_by=actor.name)
    session.add(row)
    session.flush()
    return row


def filled(value: str, field: str, name: str, most: int) -> str:
    """The trimmed value; InvalidInput when it is empty or over-long."""
    value = value.strip()
    if not value or len(value) > most:
        raise InvalidInput(f"{name}应为 1 至 {most} 个字。", field)
    return value
