"""公开意愿: consent to publication is withdrawn at any time and at once (个人信息保护法 Art. 15), and given as long as nothing was answered."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict
from board.inquiries import answer_hooks
from board.inquiries.lifecycle import OPEN, move
from board.inquiries.public_text import content_hash
from board.models import Disclosure, HookKind, Inquiry, InquiryKind, Publication, PublicationState, ReplyState
from board.publications.indexing import note_change
from board.replies.review import current_reply
from board.staff.roles import CITIZEN
from board.storage import outbox


def change_consent(session: Session, inquiry: Inquiry, publish: bool, at: datetime) -> None:
    """Conflict while a signed answer is on its way out (the signature binds to whom it is given), and for what can no longer become public."""
    if publish == inquiry.publish:
        return
    reply = current_reply(session, inquiry)
    if inquiry.state in OPEN and reply is not None and reply.state == ReplyState.approved:
        raise Conflict("答复已经审签，正在发布；请在收到答复后再改。")
    if publish and inquiry.kind == InquiryKind.report:
        raise Conflict("举报一律不公开。")
    if publish and inquiry.state not in OPEN:
        raise Conflict("答复发出以后不能再改为公开；需要公开的，请致电我们。")
    move(session, inquiry, "consent", CITIZEN, at, data={"publish": publish}, publish=publish)
    if not publish:
        take_back(session, inquiry, at)


def take_back(session: Session, inquiry: Inquiry, at: datetime) -> None:
    """The public answer goes on for its citizen alone; an entry that was made of it in the register is withdrawn."""
    if answer_hooks.public_answer(session, inquiry.id):
        answer_hooks.note(session, inquiry.id, HookKind.withdrawn, at)
    public = session.scalars(select(Publication).where(Publication.inquiry_id == inquiry.id, Publication.public).with_for_update()).all()
    for row in public:
        row.public = False
        row.content_hash = content_hash(row.title, row.question, row.reply, public=False)
        entry = session.get(Disclosure, row.disclosure_id) if row.disclosure_id else None
        if entry is not None:
            entry.state = PublicationState.withdrawn
            note_change(session, entry.id)
    for day in {local_day(at), local_day(inquiry.received_at), *(local_day(row.published_at) for row in public)}:
        outbox.write(session, "recount_day", day.isoformat(), at)
