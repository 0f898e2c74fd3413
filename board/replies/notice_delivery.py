"""Delivering notices to citizens: claimed, handed over by the worker, confirmed; one that may have gone out is never sent again by itself."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from board.inquiries.citizen_notices import TASK
from board.models import CitizenNotice, Inquiry, MailState
from board.replies.mails import GONE, PAUSES, Claimed
from board.settings import Settings
from board.storage import outbox
from board.wording.labels import Labels

UNCLEAR = "不能确定是否已经发出"


def claim(session: Session, row_id: int, notice_id: int, at: datetime) -> tuple[Claimed, CitizenNotice | None]:
    """Takes a notice; one whose inquiry has no address any more (it was erased) is settled without being sent."""
    notice = session.get(CitizenNotice, notice_id, with_for_update=True)
    wanted = notice is not None and session.get_one(Inquiry, notice.inquiry_id).notice_to != ""
    if notice is None or notice.state == MailState.sent or not wanted:
        outbox.finish(session, TASK, notice_id, at)
        return Claimed.settled, notice
    if notice.state == MailState.sending:
        if notice.claimed_at is not None and notice.claimed_at > at - GONE:
            return Claimed.busy, notice
        doubt(session, row_id, notice_id)
        return Claimed.doubtful, notice
    notice.state, notice.claimed_at, notice.tries = MailState.sending, at, notice.tries + 1
    return Claimed.ready, notice


def confirm(session: Session, notice_id: int, at: datetime) -> None:
    """It was taken."""
    session.execute(update(CitizenNotice).where(CitizenNotice.id == notice_id).values(state=MailState.sent, sent_at=at, error=""))
    outbox.finish(session, TASK, notice_id, at)


def put_off(session: Session, row_id: int, notice_id: int, error: str, at: datetime, *, final: bool) -> str:
    """Certainly not taken: tried again later, or given up and shown to staff."""
    notice = session.get_one(CitizenNotice, notice_id, with_for_update=True)
    notice.error = error[:200]
    if final or notice.tries > len(PAUSES):
        notice.state = MailState.refused
        outbox.give_up(session, row_id, notice.error)
        return "refused"
    notice.state = MailState.waiting
    outbox.put_off(session, row_id, at + timedelta(minutes=PAUSES[notice.tries - 1]), notice.error)
    return "put off"


def doubt(session: Session, row_id: int, notice_id: int) -> None:
    """Nobody knows whether it went out: staff decide whether it is sent again."""
    values = {"state": MailState.doubtful, "error": UNCLEAR}
    session.execute(update(CitizenNotice).where(CitizenNotice.id == notice_id, CitizenNotice.state != MailState.sent).values(**values))
    outbox.give_up(session, row_id, f"{UNCLEAR}；重新执行会再发一次")


def words(session: Session, settings: Settings, labels: Labels, notice: CitizenNotice) -> tuple[str, str]:
    """(address, text): number, what happened and where to look; no name, title or word of the citizen."""
    inquiry, site = session.get_one(Inquiry, notice.inquiry_id), str(settings.section("notices")["site"]).rstrip("/")
    where = f"：{site}/follow" if site else ""
    return inquiry.notice_to, f"您的留言{inquiry.number}{labels('notice_action', notice.action)}。请凭编号和查询码查询{where}【{settings.office_name}】"
