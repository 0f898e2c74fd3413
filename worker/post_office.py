"""Hands one mail to the mail server and tells apart: taken, certainly not taken, nobody knows."""

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from board.clock import now
from board.office import Office
from board.replies import mails, telling
from board.storage import outbox

SECONDS = 8


class NotTakenError(Exception):
    """The server certainly has not taken the mail; ``final`` when it never will (an unknown recipient)."""

    def __init__(self, words: str, *, final: bool) -> None:
        super().__init__(words)
        self.words = words
        self.final = final


class DoubtfulError(Exception):
    """The connection broke after the text was sent and before the server said whether it took it."""


def deliver(office: Office, row_id: int, mail_id: int) -> str:
    """Claims the mail, hands it over with no transaction open, writes down what came of it."""
    with office.work.transaction() as session:
        claimed, mail = mails.claim(session, mail_id, now())
        if claimed is mails.Claimed.settled:
            outbox.finish(session, mails.TASK, mail_id, now())
        if claimed is mails.Claimed.doubtful:
            mails.doubt(session, row_id, mail_id, "交给邮件服务器时中断")
        if claimed is not mails.Claimed.ready or mail is None:
            return claimed.value
        message = mails.message(session, office.settings, office.labels, mail)
    return settled(office, row_id, mail_id, message)


def mail_round(office: Office, at: datetime) -> int:
    """One round, each step in a transaction of its own; returns how many mails were made. Nothing happens while mail is off."""
    if not office.settings.section("mail")["enabled"]:
        return 0
    while True:
        with office.work.transaction() as session:
            if telling.note_events(session, office.settings, at) < telling.EVENTS_MOST:
                break
    if telling.working(office.settings, office.calendar, at):
        with office.work.transaction() as session:
            telling.note_terms(session, office.settings, office.calendar, at)
    with office.work.transaction() as session:
        return mails.bundle(session, office.settings, office.calendar, at)


def settled(office: Office, row_id: int, mail_id: int, message: EmailMessage) -> str:
    """Hands over and records; returns sent, put off, refused or doubtful."""
    try:
        hand_over(office.settings.section("mail"), message)
    except NotTakenError as error:
        with office.work.transaction() as session:
            return mails.put_off(session, row_id, mail_id, error.words, now(), final=error.final)
    except DoubtfulError:
        with office.work.transaction() as session:
            mails.doubt(session, row_id, mail_id, "邮件服务器没有回答是否收下")
        return "doubtful"
    with office.work.transaction() as session:
        mails.confirm(session, mail_id, now())
    return "sent"


def hand_over(chosen: Mapping[str, Any], message: EmailMessage) -> None:
    """One SMTP dialogue; NotTakenError or DoubtfulError when the server did not say that it took the mail."""
    try:
        server = greeted(chosen)
    except (smtplib.SMTPException, OSError) as error:
        raise NotTakenError(said(error), final=False) from error
    try:
        envelope(server, message)
        body(server, message)
    finally:
        server.close()


def greeted(chosen: Mapping[str, Any]) -> smtplib.SMTP:
    """A connection on which mails can be handed over: encrypted and signed in as [mail] says."""
    host, port, safety = str(chosen["host"]), int(chosen["port"]), str(chosen["tls"])
    context = ssl.create_default_context(cafile=str(chosen["ca_file"]) or None)
    server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context) if safety == "tls" else smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if safety == "starttls":
            server.starttls(context=context)
        if chosen["user"]:
            server.login(str(chosen["user"]), str(chosen["password"]))
    except BaseException:
        server.close()
        raise
    return server


def envelope(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Sender and recipient; an unknown recipient is final, a refused sender is a matter of settings (a server that wants encryption says so here) and is tried again."""
    try:
        server.ehlo_or_helo_if_needed()
        code, words = server.mail(str(message["From"]))
        known = code == 250
        if known:
            code, words = server.rcpt(str(message["To"]))
    except (smtplib.SMTPException, OSError) as error:
        raise NotTakenError(said(error), final=False) from error
    if code not in {250, 251}:
        raise NotTakenError(f"{code} {words.decode(errors='replace')[:120]}", final=known and code >= 500)


def body(server: smtplib.SMTP, message: EmailMessage) -> None:
    """The text itself."""
    try:
        code, words = server.data(message.as_bytes())
    except smtplib.SMTPDataError as error:
        raise NotTakenError(said(error), final=error.smtp_code >= 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DoubtfulError from error
    if code != 250:
        raise NotTakenError(f"{code} {words.decode(errors='replace')[:120]}", final=code >= 500)


def said(error: Exception) -> str:
    """An error in short, without what was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"邮件服务器的证书不受信任（{error.verify_message[:80]}），没有发送；请检查 [mail] 的 host，或在 ca_file 写明签发证书的根证书"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "邮件服务器不支持 [mail] 要求的加密或登录方式，没有发送"
    code = getattr(error, "smtp_code", "")
    return f"邮件服务器没有收下（{type(error).__name__}{f' {code}' if code else ''}）"
