"""提交审签 with the checks before it: what must be mended is refused, what may stand needs a reason that is kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import InvalidInput
from board.inquiries.lifecycle import move
from board.models import Inquiry, Reply
from board.replies import review
from board.replies.reply_checks import Finding, check_reply
from board.settings import Settings
from board.staff.roles import Actor, Right, require

SHOWN = 3


def hand_in(
    session: Session, actor: Actor, inquiry: Inquiry, based_on: int, at: datetime, settings: Settings, words: Iterable[str], overrule: str = ""
) -> Reply:  # fmt: skip
    """Checks the version in force and submits it.

    InvalidInput on "text" while something must be mended, on "overrule" while something else was found and no reason is given.
    """
    require(actor, Right.submit_draft, inquiry)
    standing = review.in_force_as_seen(session, inquiry, based_on)
    asking = refuse_faults(session, inquiry, standing.text, settings, words, at, overrule) if standing else []
    reply = review.submit(session, actor, inquiry, based_on, at, settings)
    note_overruled(session, actor, inquiry, reply, asking, overrule, at)
    return reply


def refuse_faults(
    session: Session, inquiry: Inquiry, text: str, settings: Settings, words: Iterable[str], at: datetime, overrule: str
) -> list[Finding]:  # fmt: skip
    """What the reason lets pass; InvalidInput ("text") for what must be mended, ("overrule") for what needs a reason and has none."""
    found = check_reply(session, inquiry, text, settings, words, local_day(at))
    if blocking := [finding for finding in found if finding.blocks]:
        raise InvalidInput(f"提交前须改正：{said(blocking)}", "text")
    asking = [finding for finding in found if finding.asks]
    if asking and not overrule.strip():
        raise InvalidInput(f"提交前请核对：{said(asking)}如确认无误，请写明理由后再提交。", "overrule")
    return asking


def note_overruled(session: Session, actor: Actor, inquiry: Inquiry, reply: Reply, asking: Sequence[Finding], reason: str, at: datetime) -> None:
    """Keeps why findings were let pass."""
    if asking:
        move(session, inquiry, "overrule", actor, at, reason, {"reply": reply.id, "rules": sorted({finding.rule for finding in asking})})


def said(found: list[Finding]) -> str:
    """The first findings in one line."""
    more = f"等 {len(found)} 处" if len(found) > SHOWN else ""
    return "；".join(finding.message for finding in found[:SHOWN]) + more + "。"
