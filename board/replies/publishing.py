"""Publishing: exactly what was approved, once; releasing imported history; entering a reply as a disclosure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, NotFound
from board.inquiries import answer_hooks
from board.inquiries.lifecycle import move
from board.inquiries.public_text import content_hash
from board.models import Disclosure, DisclosureChannel, HookKind, Inquiry, InquiryKind, InquiryState, Publication, PublicationState, ReplyState
from board.publications.indexing import note_change
from board.replies.public_version import public_version
from board.replies.review import current_reply, settle
from board.settings import Settings
from board.staff.roles import SYSTEM, Actor, Right, require
from board.storage import outbox
from responder.composing import Block, parse_reply
from responder.corpus import Document, fingerprint


def publish(session: Session, inquiry_id: int, settings: Settings, at: datetime) -> str:
    """Gives out an approved reply: "published", or "skipped" when there is none to give out (any more). May run twice.

    Conflict when the text is no longer the one whose hash was approved: nothing is published then.
    """
    inquiry = session.get(Inquiry, inquiry_id, with_for_update=True)
    reply = current_reply(session, inquiry) if inquiry is not None else None
    if inquiry is None or reply is None or reply.state != ReplyState.approved or inquiry.state != InquiryState.awaiting_approval:
        outbox.finish(session, "publish_reply", inquiry_id, at)
        return "skipped"
    shown = public_version(session, inquiry, reply, settings)
    if shown.content_hash != reply.approved_hash:
        raise Conflict("待发布的文字与审签的不一致，没有发布。", reply.text)
    settle(session, reply, ReplyState.published)
    before = answer_hooks.public_answer(session, inquiry.id)
    session.execute(update(Publication).where(Publication.inquiry_id == inquiry.id, Publication.withdrawn_at.is_(None)).values(withdrawn_at=at))
    session.add(Publication(
        reply_id=reply.id, inquiry_id=inquiry.id, public=shown.public, title=shown.title, question=shown.question, reply=shown.reply,
        content_hash=shown.content_hash, published_at=at,
    ))  # fmt: skip
    move(session, inquiry, "publish", SYSTEM, at, data={"reply": reply.id, "hash": shown.content_hash, "public": shown.public}, **first_answer(inquiry, at))
    if shown.public:
        answer_hooks.note(session, inquiry.id, HookKind.corrected if before else HookKind.published, at)
    elif before:
        answer_hooks.note(session, inquiry.id, HookKind.withdrawn, at)
    if settings.section("life")["close_on_answer"]:
        move(session, inquiry, "close", SYSTEM, at, closed_at=at)
    outbox.finish(session, "publish_reply", inquiry_id, at)
    for day in {local_day(inquiry.received_at), local_day(at)}:
        outbox.write(session, "recount_day", day.isoformat(), at)
    return "published"


def first_answer(inquiry: Inquiry, at: datetime) -> dict[str, Any]:
    """When the inquiry was answered and the day that this is measured by: the first answer counts, a later one replaces its text only."""
    return {} if inquiry.answered_at is not None else {"answered_at": at, "answer_due_on": inquiry.due_on}


def standing(inquiry: Inquiry) -> Select[Publication]:
    """What stands as the reply."""
    return select(Publication).where(Publication.inquiry_id == inquiry.id, Publication.withdrawn_at.is_(None))


def release(session: Session, actor: Actor, inquiry: Inquiry, at: datetime) -> None:
    """A manager makes a piece of imported history public, masked; its public time is now."""
    require(actor, Right.release_history)
    publication = session.scalar(standing(inquiry).with_for_update())
    if not inquiry.imported or publication is None:
        raise NotFound("没有可以公开的历史留言。")
    if inquiry.kind == InquiryKind.report:
        raise Conflict("举报不予公开。")
    if publication.public:
        raise Conflict("这条历史留言已经公开。")
    move(session, inquiry, "release", actor, at, released=True, publish=True)
    publication.public, publication.published_at = True, at
    publication.content_hash = content_hash(publication.title, publication.question, publication.reply, public=True)
    answer_hooks.note(session, inquiry.id, HookKind.published, at)
    outbox.write(session, "recount_day", local_day(at).isoformat(), at)


def disclose(session: Session, actor: Actor, inquiry: Inquiry, taxonomy: Mapping[str, Any], at: datetime) -> Disclosure:
    """列为主动公开: the public reply enters the register as a disclosure of category 网民留言 (DOMAIN 2)."""
    require(actor, Right.publish_disclosures)
    publication = session.scalar(standing(inquiry).where(Publication.public).with_for_update())
    if publication is None:
        raise NotFound("只有已公开的答复可以列为主动公开。")
    if publication.disclosure_id is not None:
        raise Conflict("这条答复已经列为主动公开。")
    row = disclosure_of(publication, inquiry, taxonomy, at)
    session.add(row)
    session.flush()
    publication.disclosure_id = row.id
    note_change(session, row.id)
    move(session, inquiry, "disclose", actor, at, data={"disclosure": row.id})
    return row


def disclosure_of(publication: Publication, inquiry: Inquiry, taxonomy: Mapping[str, Any], at: datetime) -> Disclosure:
    """The register's entry of a public reply."""
    text = f"问：{publication.question}\n\n答：{readable(publication.reply)}"
    row = Disclosure(
        title=publication.title or inquiry.number, text=text, unit_id=inquiry.unit_id, category="网民留言", five_open="服务",
        published_at=at, made_on=local_day(publication.published_at), created_at=at, state=PublicationState.published, url=f"/inquiries/{inquiry.number}",
    )  # fmt: skip
    row.channels = [DisclosureChannel(channel=next(name for name in taxonomy["channels"] if "网站" in name))]
    row.fingerprint = fingerprint(Document("", row.title, row.text))
    return row


def readable(reply: str) -> str:
    """A reply without the signs of its format."""
    return "\n".join(line_of(block) for block in parse_reply(reply))


def line_of(block: Block) -> str:
    """A block as plain text."""
    return f"{block.text}（《{block.source.title}》）" if block.source else block.text
