"""Hands one notice to the citizen: by short message or by mail, with no transaction open meanwhile."""

from email.message import EmailMessage

from board.clock import now
from board.office import Office
from board.replies import notice_delivery
from board.replies.mails import Claimed
from worker import sms_gateway
from worker.post_office import DoubtfulError, NotTakenError, hand_over


def deliver(office: Office, row_id: int, notice_id: int) -> str:
    """Claims, hands over, records; returns settled, busy, sent, put off, refused or doubtful."""
    with office.work.transaction() as session:
        claimed, notice = notice_delivery.claim(session, row_id, notice_id, now())
        if claimed is not Claimed.ready or notice is None:
            return claimed.value
        to, text = notice_delivery.words(session, office.settings, office.labels, notice)
    try:
        send(office, to, text, f"huiying-notice-{notice_id}")
    except NotTakenError as error:
        with office.work.transaction() as session:
            return notice_delivery.put_off(session, row_id, notice_id, error.words, now(), final=error.final)
    except DoubtfulError:
        with office.work.transaction() as session:
            notice_delivery.doubt(session, row_id, notice_id)
        return "doubtful"
    with office.work.transaction() as session:
        notice_delivery.confirm(session, notice_id, now())
    return "sent"


def send(office: Office, to: str, text: str, reference: str) -> None:
    """By mail to an address, else by short message."""
    if "@" not in to:
        sms_gateway.send(office.settings.section("notices"), to, text, reference)
        return
    chosen = office.settings.section("mail")
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "留言办理提醒", str(chosen["from"]), to
    mail["Message-ID"], mail["Auto-Submitted"] = f"<{reference}@{str(chosen['from']).rpartition('@')[2] or 'localhost'}>", "auto-generated"
    mail["Date"] = now()
    mail.set_content(f"{text}\n\n本邮件由系统自动发送，请勿回复。不想再收到的，可在查询页面取消提醒。\n")
    hand_over(chosen, mail)
