"""What was typed and not saved: kept by the machine every few seconds, offered again after a crash, shown to whoever takes over.

No text is ever deleted: a stored text is replaced only by one that contains it (somebody went on typing), else a new row begins.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from board.errors import InvalidInput, NotFound
from board.models import Inquiry, Reply, WorkingText
from board.settings import Settings
from board.staff.roles import Actor, Right, require
from responder.repair import clean_input

SHEET_MOST = 40


def new_sheet() -> str:
    """A name for a page on which somebody types."""
    return secrets.token_urlsafe(12)


def keep(
    session: Session, actor: Actor, inquiry: Inquiry, text: str, based_on: int, sheet: str, settings: Settings, at: datetime, turn: int | None = None
) -> WorkingText | None:
    """Keeps what stands in the text field; None when there is nothing to keep: an empty text, or one older than what the page sent before.

    ``turn`` counts what the page sent (None: behind all that came). InvalidInput for an over-long text or an odd ``sheet``.
    """
    require(actor, Right.edit_draft, inquiry)
    if actor.account_id is None or not sheet or len(sheet) > SHEET_MOST:
        raise InvalidInput("页面标识有误，请刷新页面。", "sheet")
    clean = bounded_text(settings, text)
    if not clean:
        return None
    last = newest_of_sheet(session, actor.account_id, inquiry, sheet)
    if last is not None and turn is not None and turn <= last.turn:
        return None
    counted = turn if turn is not None else (last.turn + 1 if last else 1)
    if last is not None and last.settled_at is not None and last.text == clean:
        return None
    if last is None or last.settled_at is not None or not contains(clean, last.text):
        last = WorkingText(inquiry_id=inquiry.id, account_id=actor.account_id, sheet=sheet, began_at=at)
        session.add(last)
    last.text, last.turn, last.based_on, last.saved_at = clean, counted, based_on, at
    session.flush()
    return last


def bounded_text(settings: Settings, text: str) -> str:
    """The cleaned text; InvalidInput when it is far beyond what a reply may have (what is a little over is kept all the same)."""
    most = 2 * settings.limit("reply")
    if len(text) > most:
        raise InvalidInput(f"答复最多 {settings.limit('reply')} 个字。", "text")
    return clean_input(text)


def contains(new: str, old: str) -> bool:
    """Whether the new text is the old one with something put in at one place: then nothing of the old one gets lost."""
    if len(new) < len(old):
        return False
    start = 0
    while start < len(old) and new[start] == old[start]:
        start += 1
    rest = len(old) - start
    return rest == 0 or new.endswith(old[start:])


def newest_of_sheet(session: Session, account_id: int, inquiry: Inquiry, sheet: str) -> WorkingText | None:
    """The newest text of one page."""
    rows = select(WorkingText).where(WorkingText.inquiry_id == inquiry.id, WorkingText.account_id == account_id, WorkingText.sheet == sheet)
    return session.scalar(rows.order_by(WorkingText.id.desc()).limit(1).with_for_update())


def settle(session: Session, actor: Actor, inquiry: Inquiry, text: str, sheet: str, reply: Reply, at: datetime) -> None:
    """The text was saved as a version: what its page kept is no longer offered, nor the same words from elsewhere."""
    for row in unsettled(session, inquiry):
        if row.account_id == actor.account_id and (row.text == text or (sheet and row.sheet == sheet)):
            row.settled_at, row.revision = at, reply.revision


def put_aside(session: Session, actor: Actor, inquiry: Inquiry, key: int, at: datetime) -> None:
    """不再提示: the text is no longer offered; it stays among the texts of the item. NotFound for somebody else's."""
    row = text_of(session, inquiry, key)
    if row.account_id != actor.account_id:
        raise NotFound("没有这份文字。")
    for same in unsettled(session, inquiry):
        if same.sheet == row.sheet and same.account_id == row.account_id:
            same.settled_at = at


def text_of(session: Session, inquiry: Inquiry, key: int) -> WorkingText:
    """One kept text of the inquiry; NotFound for another inquiry's."""
    row = session.get(WorkingText, key) if 0 < key < 2**31 else None
    if row is None or row.inquiry_id != inquiry.id:
        raise NotFound("没有这份文字。")
    return row


def unsettled(session: Session, inquiry: Inquiry) -> Sequence[WorkingText]:
    """All texts of the inquiry that were neither saved nor put aside, newest first."""
    rows = select(WorkingText).where(WorkingText.inquiry_id == inquiry.id, WorkingText.settled_at.is_(None)).options(joinedload(WorkingText.account))
    return session.scalars(rows.order_by(WorkingText.saved_at.desc(), WorkingText.id.desc())).all()


def offered(session: Session, inquiry: Inquiry, standing: str) -> list[WorkingText]:
    """The newest unsaved text of each page on which somebody typed, newest first; what already stands is left out."""
    newest: dict[tuple[int, str], WorkingText] = {}
    for row in unsettled(session, inquiry):
        known = newest.get((row.account_id, row.sheet))
        if known is None or row.id > known.id:
            newest[row.account_id, row.sheet] = row
    return [row for row in newest.values() if row.text != standing]


def kept_texts(session: Session, inquiry: Inquiry, limit: int = 200) -> Sequence[WorkingText]:
    """Everything that was kept for the inquiry, saved or not, newest first."""
    rows = select(WorkingText).where(WorkingText.inquiry_id == inquiry.id).options(joinedload(WorkingText.account))
    return session.scalars(rows.order_by(WorkingText.saved_at.desc(), WorkingText.id.desc()).limit(limit)).all()
