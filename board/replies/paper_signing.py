"""纸质签批: a signature given on the printed case slip, recorded with its scan by somebody who neither wrote nor signed the reply."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import Conflict, InvalidInput, NotAllowed
from board.inquiries.delicate import speaks_against
from board.inquiries.lifecycle import move
from board.models import Account, CaseFile, FileKind, Inquiry, InquiryState, Reply, ReplyState
from board.replies import review, signing
from board.settings import Settings
from board.staff.accounts import actor_of
from board.staff.roles import ALLOWED, Actor, Right, may, require

#: so many signs of the slip's 核对码 bind the paper to the text
CODE_LEAST = 8


def sign_on_paper(session: Session, actor: Actor, inquiry: Inquiry, signatory: str, file: int, code: str, settings: Settings, at: datetime) -> None:
    """Records that the signatory (a login) signed what the slip with this code shows; the scan must lie in the case file already.

    The signature counts as the signatory's, with the signatory's rights and turn; the event names whoever recorded it. InvalidInput names the
    field, NotAllowed for author and signatory themselves, Conflict when the text is no longer the one that was printed.
    """
    require(actor, Right.keep_case_file, inquiry)
    reply = review.current_reply(session, inquiry)
    if inquiry.state != InquiryState.awaiting_approval or reply is None or reply.state != ReplyState.submitted:
        raise Conflict("这份答复不在待审签状态。", reply.text if reply else "")
    if actor.account_id is None or actor.account_id == reply.author_id:
        raise NotAllowed("拟稿人不能登记自己答复的纸质签批，请由另一人登记。")
    account = session.scalar(select(Account).where(Account.login == signatory.strip()[:60], Account.active))
    if account is None:
        raise InvalidInput("请选择签批人。", "signatory")
    if account.id == actor.account_id:
        raise NotAllowed("签批人请直接在系统中审签。")
    if not can_sign(session, account, inquiry, reply, settings, at):
        raise NotAllowed("现在的环节不由这位签批人审签，请另选签批人。")
    scan = session.scalar(select(CaseFile).where(CaseFile.id == file, CaseFile.inquiry_id == inquiry.id, CaseFile.kind == FileKind.signed_slip))
    if scan is None:
        raise InvalidInput("请先把签批后的办理单扫描件（种类：纸质签批件）加入案卷，再选择它。", "signed_file")
    shown = review.preview(session, inquiry, settings).content_hash
    require_code(code, shown, reply.text)
    move(session, inquiry, "paper", actor, at, data={"reply": reply.id, "file": scan.id, "digest": scan.digest, "signatory": account.id})
    signer = actor_of(session, account)
    review.approve(session, replace(signer, name=actor.name), inquiry, shown, settings, at)


def require_code(code: str, shown: str, text: str) -> None:
    """InvalidInput for what is no code, Conflict when it belongs to another text."""
    given = code.strip().lower()
    if not re.fullmatch(rf"[0-9a-f]{{{CODE_LEAST},64}}", given):
        raise InvalidInput(f"请照办理单填写核对码，至少前 {CODE_LEAST} 位。", "code")
    if not shown.startswith(given):
        raise Conflict("核对码与现在的答复不符：办理单打印后文字有改动，请重新打印送签。", text)


def signatories(session: Session, actor: Actor, inquiry: Inquiry, reply: Reply | None, settings: Settings, at: datetime) -> Sequence[Account]:
    """Whose signature on paper the actor could record now: nobody's for the author, before a reply is submitted, and without the right."""
    if inquiry.state != InquiryState.awaiting_approval or reply is None or reply.author_id == actor.account_id or not may(actor, Right.keep_case_file, inquiry):
        return []
    step = signing.waiting_step(signing.steps_of(session, reply))
    stage = signing.stages(settings).get(step.stage) if step else None
    roles = [role for role in ALLOWED[Right.endorse] if stage is None or role.value in stage.roles]
    known = select(Account).where(Account.active, Account.role.in_(roles), Account.id.not_in({reply.author_id, actor.account_id}))
    people = session.scalars(known.order_by(Account.display_name)).all()
    return [person for person in people if can_sign(session, person, inquiry, reply, settings, at)]


def can_sign(session: Session, person: Account, inquiry: Inquiry, reply: Reply, settings: Settings, at: datetime) -> bool:
    """Whether the waiting step is this person's to sign: by role, unit, and not having signed before; and the account still holds."""
    if person.expires_at is not None and person.expires_at <= at:
        return False
    if speaks_against(session, inquiry, person):
        return False
    try:
        signing.require_turn(session, actor_of(session, person), inquiry, reply, settings)
    except NotAllowed:
        return False
    return True
