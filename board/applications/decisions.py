"""The reply letter (答复书): written by one person, signed by another, with a number given once, then delivered."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from board.applications.handbook import Handbook, Outcome
from board.applications.letters import decision_body
from board.applications.life import move
from board.clock import local, local_day
from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries.term_clock import Rules
from board.models import Application, ApplicationLetter, ApplicationState, LetterKind
from board.settings import Settings
from board.staff.roles import Actor, require
from board.staff.roles import Right as Rights
from board.storage.numbers import draw
from responder.repair import clean_input

GROUNDS_MOST = 4000
NOTE_MOST = 200
LAPSED = {
    "correction": (ApplicationState.awaiting_correction, "“逾期不补正”须在补正期限过后、申请人仍未补正时使用。"),
    "fee": (ApplicationState.awaiting_fee, "“逾期未缴费”须在缴费期限过后、申请人仍未缴费时使用。"),
}


def propose(session: Session, rules: Rules, book: Handbook, actor: Actor, application: Application, code: str, grounds: str, at: datetime) -> ApplicationLetter:
    """Writes the reply letter of an outcome and hands it in for signature; an earlier one that was sent back is kept, no longer in force."""
    require(actor, Rights.handle_application, application)
    if actor.account_id is None:
        raise NotAllowed("答复由工作人员拟写。")
    outcome, text, today = book.outcome(code), clean_input(grounds[: 10 * GROUNDS_MOST]), local_day(at)
    if len(text) > GROUNDS_MOST:
        raise InvalidInput(f"理由和内容最多 {GROUNDS_MOST} 个字。", "grounds")
    refuse_too_early(application, outcome, today)
    move(session, application, "propose", actor, at, "", {"outcome": code}, claimed_by_id=application.claimed_by_id or actor.account_id)
    session.execute(update(ApplicationLetter).where(standing(application)).values(in_force=False))
    body = decision_body(book, application, outcome, text, offices(rules.settings), today)
    letter = ApplicationLetter(
        application_id=application.id, kind=LetterKind.decision, outcome=code, body=body, author_id=actor.account_id, made_at=at,
    )  # fmt: skip
    session.add(letter)
    session.flush()
    session.expire(application, ["letters"])
    return letter


def offices(settings: Settings) -> dict[str, str]:
    """Who reviews and which court judges, for the remedy notice."""
    table = settings.section("applications")
    return {"review_body": str(table["review_body"]), "court": str(table["court"])}


def refuse_too_early(application: Application, outcome: Outcome, today: date) -> None:
    """Conflict when an application that waits is to end otherwise than by lapse, or a lapse has not happened."""
    needed, refusal = LAPSED.get(outcome.needs, (None, ""))
    waits = application.state in (ApplicationState.awaiting_correction, ApplicationState.awaiting_fee)
    over = application.waiting_until is not None and application.waiting_until < today
    if needed is not None and (application.state != needed or not over):
        raise InvalidInput(refusal, "outcome")
    if needed is None and waits:
        raise Conflict("正在等待申请人补正或缴费；期限过后才能按逾期处理。")


def standing(application: Application) -> ColumnElement[bool]:
    """Which letter is the decision in force."""
    return and_(ApplicationLetter.application_id == application.id, ApplicationLetter.kind == LetterKind.decision, ApplicationLetter.in_force)


def decision_of(session: Session, application: Application) -> ApplicationLetter | None:
    """The reply letter in force, signed or not."""
    return session.scalar(select(ApplicationLetter).where(standing(application)))


def sign(session: Session, settings: Settings, actor: Actor, application: Application, letter_id: int, at: datetime) -> ApplicationLetter:
    """签发 of exactly the letter that was seen: a second person, and the number of the year, given once, in the one transaction."""
    require(actor, Rights.sign_application, application)
    letter = decision_of(session, application)
    if letter is None or letter.id != letter_id:
        raise Conflict("答复书刚刚被修改，您看到的不是现在的文字。请刷新页面后再签发。")
    if letter.author_id == actor.account_id:
        raise NotAllowed("拟稿人不能签发自己拟的答复，请由另一人签发。")
    changes = {"outcome": letter.outcome, "concluded_at": at, "due_on": None, "paused_at": None, "waiting_until": None}
    move(session, application, "sign", actor, at, "", {"letter": letter.id, "outcome": letter.outcome}, **changes)
    year = local(at).year
    letter.year, letter.running = year, draw(session, f"application letter:{year}")
    letter.number = letter_number(settings, year, letter.running)
    letter.signatory_id, letter.signed_at = actor.account_id, at
    session.flush()
    return letter


def letter_number(settings: Settings, year: int, running: int) -> str:
    """…公开〔2026〕3号."""
    table = settings.section("applications")
    return f"{table['prefix']}{table['word']}〔{year}〕{running}号"


def send_back(session: Session, actor: Actor, application: Application, reason: str, at: datetime) -> None:
    """退回修改: the application goes back to where the letter came from, the letter stays as it is until a new one is written."""
    move(session, application, "send_back", actor, at, reason)


def deliver(session: Session, settings: Settings, actor: Actor, application: Application, way: str, note: str, at: datetime) -> None:
    """送达登记, once: how the signed letter went out, and a postal number or who took it. The time is the system's."""
    letter = decision_of(session, application)
    if letter is None or letter.signed_at is None:
        raise Conflict("还没有签发的答复书。")
    if letter.delivered_at is not None:
        raise Conflict("送达已经登记过。")
    if way not in settings.section("applications")["deliveries"]:
        raise InvalidInput("请选择送达方式。", "way")
    clean = " ".join(note.replace("\0", "").split())
    if len(clean) > NOTE_MOST:
        raise InvalidInput(f"说明最多 {NOTE_MOST} 个字。", "note")
    move(session, application, "deliver", actor, at, "", {"letter": letter.id, "way": way})
    letter.delivered_at, letter.delivered_way, letter.delivered_note = at, way, clean
    session.flush()
