"""换发查询码: who lost the tracking code gets another one from staff after a check of identity; the old one is dead at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput
from board.inquiries.lifecycle import move
from board.inquiries.posting import new_nonce
from board.inquiries.tracking import code_hash, tracking_code
from board.models import Inquiry
from board.staff.roles import Actor
from board.wording.labels import Labels


def renew_code(session: Session, labels: Labels, key: bytes, actor: Actor, inquiry: Inquiry, asked_by: str, checked: str, at: datetime) -> str:
    """Returns the new code, which is shown once and not stored; who asked and how identity was checked stand in the event as names of choices."""
    if asked_by not in labels.tables["asked_by"]:
        raise InvalidInput("请选择由谁申请。", "asked_by")
    if checked not in labels.tables["identity_check"]:
        raise InvalidInput("请选择怎样核对的身份。", "checked")
    if inquiry.imported:
        raise Conflict("历史留言没有查询码。")
    if checked == "call_back" and not inquiry.contact:
        raise InvalidInput("这条留言没有留联系方式，不能用回拨的方式核对。", "checked")
    code = tracking_code(key, new_nonce())
    reason = f"{labels('asked_by', asked_by)}，{labels('identity_check', checked)}"
    move(session, inquiry, "renew_code", actor, at, reason, {"asked_by": asked_by, "checked": checked}, tracking_hash=code_hash(key, code))
    return code
