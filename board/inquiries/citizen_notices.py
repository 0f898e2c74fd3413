"""短信或邮件提醒 for citizens who asked for it: noted in the transaction of the event, once an event; nothing personal in them."""

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput
from board.models import CitizenNotice, Event, Inquiry
from board.settings import Settings
from board.storage import outbox

TASK = "send_notice"
#: what a citizen is told of; marking as invalid is not among it, so that nobody can have messages sent to strangers by posting rubbish
NOTICED = frozenset({"accept", "decline", "merge", "transfer", "extend", "pause", "ask_correction", "publish", "reopen", "retract"})
#: what reaches those whose messages hang on the inquiry as well
SHARED = frozenset({"publish", "retract", "extend"})
MOBILE = re.compile(r"1[3-9][0-9]{9}")
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}")


def address_of(settings: Settings, given: str) -> str:
    """A mobile number or a mail address as it will be used, "" for none; InvalidInput for anything else, Conflict while the office sends none."""
    clean = unicodedata.normalize("NFKC", given[:300]).strip()
    number = re.sub(r"[\s-]", "", clean)
    if not clean:
        return ""
    if MOBILE.fullmatch(number):
        usable, address = bool(settings.section("notices")["sms_url"]), number
    elif MAIL.fullmatch(clean) and len(clean) <= 200:
        usable, address = bool(settings.section("mail")["enabled"]), clean
    else:
        raise InvalidInput("请填写 11 位手机号码或邮箱地址。", "notice_to")
    if not (usable and settings.section("notices")["enabled"]):
        raise Conflict("本站没有开通这种提醒，请凭编号和查询码查询。")
    return address


def note(session: Session, inquiry: Inquiry, event: Event) -> None:
    """Notes what this event tells the citizen, and those whose messages hang on the inquiry."""
    if event.action not in NOTICED:
        return
    told = [inquiry.id] if inquiry.notice_to else []
    if event.action in SHARED:
        told += session.scalars(select(Inquiry.id).where(Inquiry.merged_into_id == inquiry.id, Inquiry.notice_to != "")).all()
    for key in told:
        row = CitizenNotice(inquiry_id=key, event_id=event.id, action=event.action, created_at=event.at)
        session.add(row)
        session.flush()
        outbox.write(session, TASK, row.id, event.at)
