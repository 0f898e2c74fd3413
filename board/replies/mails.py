"""Mails to staff: bundled into digests, handed over at most once by themselves, without personal data of citizens."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum
from itertools import groupby

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from board.errors import InvalidInput
from board.inquiries.deadlines import Calendar
from board.inquiries.delicate import not_against
from board.models import Account, Inquiry, InquiryKind, Mail, MailItem, MailState
from board.replies.telling import working
from board.settings import Settings
from board.staff.accounts import actor_of
from board.staff.roles import Actor
from board.storage import outbox
from board.wording.labels import Labels
from responder.privacy import mask

TASK = "send_mail"
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}")
SHOWN_MOST = 100
#: longer than any task may run: who claimed a mail before that is gone
GONE = timedelta(minutes=3)
PAUSES = (1, 2, 5, 10, 20, 40, 60)  # minutes between tries


class Claimed(StrEnum):
    """What came of claiming a mail."""

    ready = "ready"
    busy = "busy"
    settled = "settled"
    doubtful = "doubtful"


def set_address(account: Account, address: str) -> None:
    """Where an account gets mail; "" for nowhere. InvalidInput (field "email") for what is no plain address."""
    clean = address.strip()
    if clean and (len(clean) > 200 or not ADDRESS.fullmatch(clean)):
        raise InvalidInput("邮箱地址格式不正确，例如 wangmin@example.gov.cn。", "email")
    account.email = clean


def bundle(session: Session, settings: Settings, calendar: Calendar, at: datetime) -> int:
    """Makes the mails that are due: urgent ones at once, a digest for each person in working hours and not too often; returns how many."""
    accounts = session.scalars(select(MailItem.account_id).where(MailItem.mail_id.is_(None)).distinct().limit(1000)).all()
    made = sum(packed(session, settings, account, at, urgent=True) for account in accounts)
    if working(settings, calendar, at):
        pause = timedelta(minutes=int(settings.section("mail")["digest_minutes"]))
        recent = set(session.scalars(select(Mail.account_id).where(Mail.created_at > at - pause, Mail.urgent.is_(False))))
        made += sum(packed(session, settings, account, at, urgent=False) for account in accounts if account not in recent)
    return made


def packed(session: Session, settings: Settings, account_id: int, at: datetime, *, urgent: bool) -> bool:
    """Puts everything that waits for one person into one mail; False when nothing waits (any more)."""
    sender = str(settings.section("mail")["from"])
    mail = Mail(account_id=account_id, message_id=f"<huiying-{uuid.uuid4().hex}@{sender.rpartition('@')[2] or 'localhost'}>", urgent=urgent, created_at=at)
    session.add(mail)
    session.flush()
    waiting = update(MailItem).where(MailItem.account_id == account_id, MailItem.mail_id.is_(None), MailItem.urgent.is_(urgent)).values(mail_id=mail.id)
    if not session.scalars(waiting.returning(MailItem.id).execution_options(synchronize_session=False)).all():
        session.delete(mail)
        session.flush()
        return False
    outbox.write(session, TASK, mail.id, at)
    return True


def claim(session: Session, mail_id: int, at: datetime) -> tuple[Claimed, Mail | None]:
    """Takes a mail to hand it over. One whose taker died may have gone out: it becomes doubtful and is not sent again by itself."""
    mail = session.get(Mail, mail_id, with_for_update=True)
    if mail is None or mail.state == MailState.sent:
        return Claimed.settled, mail
    if mail.state == MailState.sending:
        if mail.claimed_at is not None and mail.claimed_at > at - GONE:
            return Claimed.busy, mail
        mail.state, mail.error = MailState.doubtful, "交给邮件服务器时中断，可能已经发出"
        return Claimed.doubtful, mail
    mail.state, mail.claimed_at, mail.tries = MailState.sending, at, mail.tries + 1
    return Claimed.ready, mail


def confirm(session: Session, mail_id: int, at: datetime) -> None:
    """The mail server took it."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(state=MailState.sent, sent_at=at, error=""))
    outbox.finish(session, TASK, mail_id, at)


def put_off(session: Session, row_id: int, mail_id: int, error: str, at: datetime, *, final: bool) -> str:
    """The mail was certainly not taken: it is tried again later, or given up and shown to staff. Returns what came of it."""
    mail = session.get_one(Mail, mail_id, with_for_update=True)
    mail.error = error[:200]
    if final or mail.tries > len(PAUSES):
        mail.state = MailState.refused
        outbox.give_up(session, row_id, mail.error)
        return "refused"
    mail.state = MailState.waiting
    outbox.put_off(session, row_id, at + timedelta(minutes=PAUSES[mail.tries - 1]), mail.error)
    return "put off"


def doubt(session: Session, row_id: int, mail_id: int, error: str) -> None:
    """Nobody knows whether the mail was taken: staff decide whether it is sent again."""
    session.execute(update(Mail).where(Mail.id == mail_id, Mail.state != MailState.sent).values(state=MailState.doubtful, error=error[:200]))
    outbox.give_up(session, row_id, f"{error}；可能已经发出，重新执行会再发一次")


def message(session: Session, settings: Settings, labels: Labels, mail: Mail) -> EmailMessage:
    """The mail as it goes out: numbers, masked titles, days and links; nothing of the citizen's name, contact or words."""
    chosen, account = settings.section("mail"), session.get_one(Account, mail.account_id)
    seen = select(MailItem).join(Inquiry, Inquiry.id == MailItem.inquiry_id).where(MailItem.mail_id == mail.id, not_against(actor_of(session, account)))
    items = session.scalars(seen.options(joinedload(MailItem.inquiry)).order_by(MailItem.urgent.desc(), MailItem.action, MailItem.id)).all()
    sent = EmailMessage()
    sent["Subject"] = ("【急件】" if mail.urgent else "【回应】") + f"留言办理提醒 {len(items)} 件"
    sent["From"], sent["To"], sent["Message-ID"], sent["Date"] = str(chosen["from"]), account.email, mail.message_id, mail.created_at
    sent["Auto-Submitted"] = "auto-generated"
    sent.set_content(words(items, labels, str(chosen["site"]).rstrip("/")))
    return sent


def words(items: Sequence[MailItem], labels: Labels, site: str) -> str:
    """The text, by what happened."""
    lines = ["以下留言需要您办理或知悉：", ""]
    for action, group in groupby(items[:SHOWN_MOST], key=lambda item: item.action):
        lines.append(f"■ {labels('mail_action', action)}")
        lines += [line(item.inquiry, site) for item in group]
        lines.append("")
    if len(items) > SHOWN_MOST:
        lines += [f"另有 {len(items) - SHOWN_MOST} 件，请在工作平台查看。", ""]
    return "\n".join([*lines, "本邮件由系统自动发送，请勿回复。"]) + "\n"


def line(inquiry: Inquiry, site: str) -> str:
    """One inquiry: number, masked title (never of a report), due day, link."""
    title = "" if inquiry.kind == InquiryKind.report else f" 《{mask(inquiry.title)}》"
    due = f" 期限 {inquiry.due_on.isoformat()}" if inquiry.due_on else ""
    return f"{inquiry.number}{title}{due}" + (f"\n  {site}/desk/inquiries/{inquiry.number}" if site else "")


def troubled(session: Session) -> list[tuple[MailState, str, int]]:
    """(state, last error, how many) of mails that were not taken at the first try."""
    wrong = select(Mail.state, Mail.error, func.count()).where(Mail.state != MailState.sent, Mail.error != "").group_by(Mail.state, Mail.error)
    return [(state, error, number) for state, error, number in session.execute(wrong.order_by(func.count().desc()).limit(20))]


def recent(session: Session, account_id: int, limit: int = 20) -> Sequence[Mail]:
    """The newest mails to one person."""
    return session.scalars(select(Mail).where(Mail.account_id == account_id).order_by(Mail.id.desc()).limit(limit)).all()


def set_own_address(session: Session, actor: Actor, address: str) -> None:
    """Where the person gets mail."""
    set_address(session.get_one(Account, actor.account_id), address)


def own_mail(session: Session, actor: Actor) -> tuple[str, Sequence[Mail]]:
    """The person's address and newest mails."""
    return session.get_one(Account, actor.account_id).email, recent(session, actor.account_id or 0)
