"""Working on an application: taking it, passing it on, correction, third party, fee, extension; each step writes the letter that the law asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from board.applications.answer_term import limit_of, timed_move
from board.applications.handbook import Handbook
from board.applications.letters import write
from board.applications.life import LIFE, TRANSITIONS, move
from board.applications.register import correction_text
from board.clock import local_day
from board.errors import Conflict, InvalidInput
from board.inquiries.deadlines import due_after, working_days_between
from board.inquiries.moving import check_mover, check_start
from board.inquiries.term_clock import Rules, words
from board.models import Application, LetterKind, Unit
from board.staff.roles import Actor
from board.wording.filling import filled

REASON_MOST = 500
PARTY_MOST = 100
FEE_MOST = 100_000


def claim(session: Session, actor: Actor, application: Application, at: datetime) -> None:
    """由我办理."""
    move(session, application, "claim", actor, at, claimed_by_id=actor.account_id)


def pass_on(session: Session, actor: Actor, application: Application, unit: Unit | None, at: datetime) -> None:
    """To the unit that holds the information; nobody there has taken it yet."""
    if unit is None:
        raise InvalidInput("请选择承办单位。", "unit")
    move(session, application, "pass_on", actor, at, "", {"unit": unit.id}, unit_id=unit.id, claimed_by_id=None)
    session.expire(application, ["unit"])


def reason_of(reason: str, field: str = "reason") -> str:
    """A reason of 1 to 500 letters."""
    clean = " ".join(reason.replace("\0", "").split())
    if not 1 <= len(clean) <= REASON_MOST:
        raise InvalidInput(f"请写明理由，最多 {REASON_MOST} 个字。", field)
    return clean


def ready(actor: Actor, application: Application, action: str) -> None:
    """NotAllowed or Conflict before anything is counted for the move."""
    check_mover(TRANSITIONS[action], actor, application)
    check_start(LIFE, TRANSITIONS[action], application)


def call_for_correction(session: Session, rules: Rules, book: Handbook, actor: Actor, application: Application, reason: str, at: datetime) -> None:
    """告知补正, once, within 7 working days of receipt (条例 Art. 30); the clock stands until the correction comes, then begins anew."""
    ready(actor, application, "call_for_correction")
    asked, today = reason_of(reason), local_day(at)
    received = application.received_on or today
    within = book.law(received).correction_within
    if within and working_days_between(rules.calendar, received, today) > within:
        raise Conflict(f"补正应在收到申请之日起 {within} 个工作日内告知（{book.law(received).name}第三十条），已超过。")
    until = due_after(rules.calendar, today, int(rules.settings.section("applications")["correction_days"])).day
    timed_move(session, rules, application, "call_for_correction", actor, at, asked, {"until": until.isoformat()}, correction_asked=True, waiting_until=until)
    write(session, book, application, LetterKind.correction, {"reason": asked, "until": words(until)}, actor.account_id, at)


def take_correction(session: Session, rules: Rules, actor: Actor, application: Application, text: str, at: datetime) -> None:
    """A correction that came on paper or by word of mouth today."""
    ready(actor, application, "take_correction")
    timed_move(session, rules, application, "take_correction", actor, at, correction=correction_text(text), waiting_until=None)


def hear(session: Session, rules: Rules, book: Handbook, actor: Actor, application: Application, party: str, content: str, at: datetime) -> None:
    """征求第三方意见 (Art. 32): the third party has 15 working days, the time does not count (Art. 33). Its name stands in the letter alone."""
    ready(actor, application, "hear")
    name, asked, today = " ".join(party.replace("\0", "").split()), reason_of(content), local_day(at)
    if not 1 <= len(name) <= PARTY_MOST:
        raise InvalidInput(f"请写明第三方的姓名或名称，最多 {PARTY_MOST} 个字。", "party")
    days, table = book.law(application.received_on or today).third_party_days, book.letters["third_party"]
    until = due_after(rules.calendar, today, days).day if days else None
    timed_move(session, rules, application, "hear", actor, at, "征求第三方意见", {"until": until.isoformat()} if until else {}, waiting_until=until)
    limit = filled(table["until"], {"days": str(days), "until": words(until)}) if until else table["open_until"]
    write(session, book, application, LetterKind.third_party, {"reason": asked, "until": limit}, actor.account_id, at, addressee=name)


def heard(session: Session, rules: Rules, actor: Actor, application: Application, opinion: str, at: datetime) -> None:
    """The third party agreed, refused, or did not answer in time: the clock runs on from the day after."""
    ready(actor, application, "heard")
    timed_move(session, rules, application, "heard", actor, at, reason_of(opinion), waiting_until=None)


def ask_fee(session: Session, rules: Rules, book: Handbook, actor: Actor, application: Application, scale: str, number: int, at: datetime) -> int:
    """收费通知 (Art. 42): the amount by the tiers in config; the clock stands until it is paid. Returns yuan; InvalidInput when nothing is due."""
    ready(actor, application, "ask_fee")
    if not 1 <= number <= FEE_MOST:
        raise InvalidInput(f"数量应为 1 至 {FEE_MOST}。", "number")
    amount, today = book.fee(scale, number), local_day(at)
    if not amount:
        raise InvalidInput("这一数量在不收费的档次内，不发收费通知。", "number")
    days = int(rules.settings.section("applications")["fee_days"])
    until = due_after(rules.calendar, today, days).day
    data: Mapping[str, Any] = {"until": until.isoformat(), "scale": scale, "number": number, "amount": amount}
    timed_move(session, rules, application, "ask_fee", actor, at, "", dict(data), waiting_until=until)
    table = book.fees[scale]
    values = {"amount": f"{amount:,}", "basis": f"{table['label']}，{number}{table['unit']}。", "days": str(days), "until": words(until)}
    write(session, book, application, LetterKind.fee, values, actor.account_id, at)
    return amount


def fee_paid(session: Session, rules: Rules, actor: Actor, application: Application, at: datetime) -> None:
    """已缴费: the clock runs on from the day after."""
    ready(actor, application, "fee_paid")
    timed_move(session, rules, application, "fee_paid", actor, at, waiting_until=None)


def extend(session: Session, rules: Rules, book: Handbook, actor: Actor, application: Application, days: int, reason: str, at: datetime) -> None:
    """延期, once, with the consent of the head of the disclosure office and a notice to the applicant (Art. 33), before the term is over."""
    ready(actor, application, "extend")
    most = limit_of(rules, application.received_on or local_day(at)).extension
    if not 1 <= days <= most:
        raise InvalidInput(f"延期应为 1 到 {most} 个工作日。", "days")
    if application.due_on is not None and local_day(at) > application.due_on:
        raise Conflict("已超过答复期限，不能再延期；请尽快答复。")
    why = reason_of(reason)
    timed_move(session, rules, application, "extend", actor, at, why, {"days": days}, extended=True)
    write(session, book, application, LetterKind.extension, {"reason": why.rstrip("。"), "days": str(days)}, actor.account_id, at)


def record_withdrawal(session: Session, actor: Actor, application: Application, reason: str, at: datetime) -> None:
    """The applicant took the application back on paper or by word of mouth; it counts as 其他处理."""
    move(session, application, "record_withdrawal", actor, at, reason_of(reason), outcome="other", concluded_at=at, due_on=None, paused_at=None)


def reveal(session: Session, actor: Actor, application: Application, reason: str, at: datetime) -> None:
    """Records why somebody looks at identity, contact and address."""
    move(session, application, "reveal", actor, at, reason_of(reason))
