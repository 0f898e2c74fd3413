"""What citizens decide about their own data with number and code: correct or erase name and contact (个人信息保护法 Art. 46 and 47)."""

from datetime import datetime

from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput
from board.inquiries.citizen_notices import address_of
from board.inquiries.lifecycle import move
from board.inquiries.posting import bounded
from board.models import Inquiry
from board.settings import Settings
from board.staff.roles import CITIZEN


def change_contact(session: Session, settings: Settings, inquiry: Inquiry, contact: str, at: datetime) -> None:
    """Another contact; the event does not hold it. InvalidInput for an empty or over-long one, nothing happens for the same one."""
    clean = bounded(settings, contact, "contact", "联系方式").replace("\n", " ")
    if not clean:
        raise InvalidInput("请填写联系方式；不想留的请用“删除”。", "contact")
    if clean == inquiry.contact:
        return
    move(session, inquiry, "change_contact", CITIZEN, at)
    inquiry.contact = clean
    session.flush()


def erase_contact(session: Session, inquiry: Inquiry, at: datetime) -> None:
    """Name and contact are gone, from the words for searching as well; Conflict when there are none."""
    if not (inquiry.contact or inquiry.nickname or inquiry.notice_to):
        raise Conflict("没有留下称呼和联系方式。")
    move(session, inquiry, "erase_contact", CITIZEN, at)
    inquiry.contact = inquiry.nickname = inquiry.notice_to = ""
    session.flush()


def set_notices(session: Session, settings: Settings, inquiry: Inquiry, to: str, at: datetime) -> None:
    """Where the citizen wants to be told of the course; "" for nowhere. The event says only whether it is wanted."""
    address = address_of(settings, to)
    if address == inquiry.notice_to:
        return
    move(session, inquiry, "set_notices", CITIZEN, at, data={"on": bool(address)})
    inquiry.notice_to = address
    session.flush()
