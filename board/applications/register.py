"""Entering an application: by its applicant on the page, or by staff for one that came on paper, by fax or by word of mouth (代填)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.applications.answer_term import first_due, timed_move
from board.applications.handbook import Handbook, Law
from board.applications.letters import write_registration
from board.applications.life import append, move
from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotFound
from board.inquiries.posting import new_nonce, storable
from board.inquiries.term_clock import Rules
from board.inquiries.tracking import code_hash, nonce_hash, tracking_code
from board.models import ApplicantKind, Application, ApplicationChannel, ApplicationState, Inquiry
from board.settings import Settings
from board.staff.roles import CITIZEN, Actor, Right, require
from board.staff.units import root_unit
from board.storage.numbers import draw
from responder.repair import clean_input

#: field -> (label, greatest length, whether the law asks for it: 条例 Art. 29)
FIELDS = {
    "applicant": ("申请人姓名或名称", 100, True), "identity": ("证件号码或统一社会信用代码", 60, True), "agent": ("联系人或代理人", 60, False),
    "contact": ("联系电话或邮箱", 100, True), "address": ("通信地址", 200, False), "subject": ("申请公开的政府信息", 2000, True),
}  # fmt: skip
BY_STAFF = tuple(channel for channel in ApplicationChannel if channel is not ApplicationChannel.web)
WEB = ApplicationChannel.web


@dataclass(frozen=True, slots=True)
class Given:
    """What a form says; ``arrived_on`` is the day on the paper (staff alone), None for today. No field can set a time stamp."""

    kind: str
    applicant: str
    identity: str
    contact: str
    subject: str
    medium: str
    delivery: str
    agent: str = ""
    address: str = ""
    channel: str = WEB.value
    arrived_on: date | None = None
    nonce: str = ""
    held_reason: str = ""
    inquiry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the applicant is told: number, code, and whether this very form had come before."""

    application: Application
    code: str
    repeated: bool


def submit(session: Session, rules: Rules, book: Handbook, key: bytes, given: Given, at: datetime) -> Receipt:
    """The applicant's own application on the page; its day of receipt follows from the law in force. InvalidInput names the field."""
    return store(session, rules, book, key, replace(given, channel=WEB.value, arrived_on=None), at, CITIZEN)


def register(session: Session, rules: Rules, book: Handbook, key: bytes, actor: Actor, given: Given, at: datetime) -> Receipt:
    """Staff enter what came otherwise; the day of receipt is the day on the paper, or is still to be confirmed with the applicant (Art. 31)."""
    require(actor, Right.register_case)
    if given.channel not in set(BY_STAFF):
        raise InvalidInput("请选择申请方式。", "channel")
    today, most = local_day(at), int(rules.settings.section("applications")["arrived_days"])
    if given.arrived_on is not None and not today - timedelta(days=most) <= given.arrived_on <= today:
        raise InvalidInput(f"收件日期应在今天以前、{most} 天以内。", "arrived_on")
    return store(session, rules, book, key, given, at, actor)


def store(session: Session, rules: Rules, book: Handbook, key: bytes, given: Given, at: datetime, actor: Actor) -> Receipt:
    """Row, first event and registration letter in one transaction; the same nonce gives the same receipt again."""
    nonce = storable(given.nonce or new_nonce())[:200]
    code, digest = tracking_code(key, nonce), nonce_hash(key, nonce)
    earlier = select(Application).where(Application.nonce_hash == digest)
    found = session.scalar(earlier)
    if found is not None:
        return again(found, code, given)
    row = checked(rules.settings, given)
    day = local_day(at)
    settle(rules, book.law(day), row, given.arrived_on or day)
    row.number, row.unit_id = f"SQ{day:%Y%m%d}{draw(session, f'application:{day:%Y%m%d}'):04d}", root_unit(session).id
    row.nonce_hash, row.tracking_hash, row.received_at, row.registered_by, row.version = digest, code_hash(key, code), at, actor.name, 1
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return again(session.scalars(earlier).one(), code, given)
    append(session, row, first_action(row, actor), actor.name, at, "", data=facts(row))
    write_registration(session, book, row, at)
    return Receipt(row, code, repeated=False)


def settle(rules: Rules, law: Law, row: Application, arrived: date) -> None:
    """The day of receipt by channel: of some channels it is the day of confirmation, which is still to come; else the term begins."""
    if row.channel.value in law.confirm:
        row.state = ApplicationState.submitted
        return
    days, due = first_due(rules, arrived)
    row.state, row.received_on, row.term_days, row.due_on, row.due_provisional = ApplicationState.in_hand, arrived, days, due.day, due.provisional


def first_action(row: Application, actor: Actor) -> str:
    """The name of the first event."""
    if row.state == ApplicationState.in_hand:
        return "register"
    return "submit" if actor == CITIZEN else "take_down"


def facts(row: Application) -> dict[str, object]:
    """What the first event keeps: nothing personal."""
    received = {"received_on": row.received_on.isoformat(), "days": row.term_days} if row.received_on else {}
    return {"channel": row.channel.value, "kind": row.kind.value, **received}


def again(found: Application, code: str, given: Given) -> Receipt:
    """The receipt of a form that came before; InvalidInput when it now says something else, which must not get lost."""
    if clean_input(given.subject) != found.subject:
        raise InvalidInput("这份表单已经收到过一件内容不同的申请；如要另交一件，请再发送一次。", "nonce")
    return Receipt(found, code, repeated=True)


def checked(settings: Settings, given: Given) -> Application:
    """The row with cleaned values; InvalidInput for the first field that is wrong."""
    wrong = problems(settings, given)
    if wrong:
        field, message = next(iter(wrong.items()))
        raise InvalidInput(message, field)
    values = {name: cleaned(getattr(given, name), name) for name in FIELDS}
    return Application(
        **values, kind=ApplicantKind(given.kind), channel=ApplicationChannel(given.channel), medium=given.medium, delivery=given.delivery,
        held_reason=given.held_reason, inquiry_id=given.inquiry_id,
    )  # fmt: skip


def problems(settings: Settings, given: Given) -> dict[str, str]:
    """Every field that is wrong, with what is wrong about it."""
    table, found = settings.section("applications"), {}
    if given.kind not in set(ApplicantKind):
        found["kind"] = "请选择申请人类型。"
    for name, (words, most, needed) in FIELDS.items():
        value = cleaned(getattr(given, name)[: 10 * most + 1], name)
        if needed and not value:
            found[name] = f"请填写{words}。"
        elif len(value) > most:
            found[name] = f"{words}最多 {most} 个字。"
    if given.medium not in table["mediums"]:
        found["medium"] = "请选择政府信息的载体形式。"
    if given.delivery not in table["deliveries"]:
        found["delivery"] = "请选择获取方式。"
    if given.delivery == "邮寄" and not cleaned(given.address, "address"):
        found.setdefault("address", "选择邮寄的，请填写通信地址。")
    return found


def cleaned(value: str, name: str) -> str:
    """The value without odd signs; only the subject keeps its lines."""
    text = clean_input(storable(value))
    return text if name == "subject" else " ".join(text.split())


def confirm(session: Session, rules: Rules, book: Handbook, actor: Actor, application: Application, at: datetime) -> None:
    """与申请人确认: the day of this step is the day of receipt, and the term begins (条例 Art. 31)."""
    today = local_day(at)
    days, due = first_due(rules, today)
    changes = {"received_on": today, "term_days": days, "due_on": due.day, "due_provisional": due.provisional}
    move(session, application, "confirm", actor, at, "", {"received_on": today.isoformat(), "days": days}, **changes)
    write_registration(session, book, application, at)


def set_aside(session: Session, actor: Actor, application: Application, reason: str, at: datetime) -> None:
    """不作登记: what is no application (a test, advertising, an applicant who cannot be reached); before confirmation only."""
    move(session, application, "set_aside", actor, at, reason)


def find_by_code(session: Session, key: bytes, number: str, code: str) -> Application:
    """The application of this number and code; NotFound in the same words whichever of them is wrong."""
    digest = code_hash(key, code)
    found = session.scalar(select(Application).where(Application.number == number.strip().upper()[:60], Application.tracking_hash == digest))
    if found is None:
        raise NotFound("没有找到这件申请，请核对编号和查询码。")
    return found


def correct(session: Session, rules: Rules, application: Application, text: str, at: datetime) -> None:
    """The applicant completes the application: the term begins anew on this day (条例 Art. 30)."""
    timed_move(session, rules, application, "corrected", CITIZEN, at, correction=correction_text(text), waiting_until=None)


def correction_text(text: str) -> str:
    """The cleaned text; InvalidInput for none or too much."""
    clean, most = clean_input(storable(text[:20_001])), FIELDS["subject"][1]
    if not clean or len(clean) > most:
        raise InvalidInput(f"请写下补正的内容，最多 {most} 个字。", "text")
    return clean


def give_up(session: Session, application: Application, at: datetime) -> None:
    """The applicant takes the application back: before confirmation it was never received, afterwards it is concluded as 其他处理."""
    if application.state == ApplicationState.submitted:
        move(session, application, "retract", CITIZEN, at)
        return
    if application.state == ApplicationState.concluded:
        raise Conflict("申请已经答复，不能撤回。")
    move(session, application, "give_up", CITIZEN, at, outcome="other", concluded_at=at, due_on=None, paused_at=None)


def linked_inquiry(session: Session, number: str) -> Inquiry:
    """The inquiry out of which an application grew; NotFound when there is none."""
    found = session.scalar(select(Inquiry).where(Inquiry.number == number.strip().upper()[:120]))
    if found is None:
        raise NotFound("没有这条留言。")
    return found
