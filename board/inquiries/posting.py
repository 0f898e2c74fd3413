"""Posting: a citizen's words become an inquiry with its first event and its outbox row, in one commit."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import InvalidInput, NotFound
from board.inquiries.attachments import Prepared, attach
from board.inquiries.deadlines import Calendar, due_after
from board.inquiries.lifecycle import append, move
from board.inquiries.limits import limit_for
from board.inquiries.merging import let_go
from board.inquiries.term_clock import Rules
from board.inquiries.tracking import code_hash, nonce_hash, tracking_code
from board.inquiries.urgent import propose_urgent
from board.models import Channel, Inquiry, InquiryKind
from board.settings import Settings
from board.staff.roles import CITIZEN, Actor
from board.staff.units import find_unit, root_unit
from board.storage import outbox
from board.storage.numbers import draw
from board.wording.labels import Labels
from responder.corpus import Document, fingerprint
from responder.repair import clean_input

NONCE_MOST = 200


@dataclass(frozen=True, slots=True)
class Post:
    """What a citizen typed; ``publish`` None means that no choice was made; ``kind`` is a name or a label.

    ``latest`` is the deadline that came with a referral slip: the earlier of the two deadlines rules.
    """

    text: str
    publish: bool | None
    title: str = ""
    kind: str = ""
    nickname: str = ""
    contact: str = ""
    nonce: str = ""
    channel: Channel = Channel.web
    held_reason: str = ""
    latest: date | None = None
    place: str = ""
    unit: str = ""
    attachments: tuple[Prepared, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """The receipt: ``repeated`` when this very form had been received before."""

    number: str
    tracking_code: str
    due: date
    due_provisional: bool
    repeated: bool
    inquiry_id: int


def new_nonce() -> str:
    """A fresh nonce for a form."""
    return secrets.token_urlsafe(24)


def post_inquiry(session: Session, settings: Settings, labels: Labels, key: bytes, calendar: Calendar, post: Post, at: datetime, actor: Actor = CITIZEN) -> Posted:
    """Stores the inquiry, its event "post" and its outbox row "draft_reply"; the same nonce gives the same receipt again.

    InvalidInput names the field. Times are the system's: nothing in ``post`` can set them.
    """
    nonce = post.nonce or new_nonce()
    if len(nonce) > NONCE_MOST:
        raise InvalidInput(f"重试标识最多 {NONCE_MOST} 个字符。", "nonce")
    nonce = storable(nonce)
    code, digest = tracking_code(key, nonce), nonce_hash(key, nonce)
    earlier = session.scalar(select(Inquiry).where(Inquiry.nonce_hash == digest))
    if earlier is not None:
        return again(earlier, code, post)
    inquiry = checked(settings, labels, post)
    inquiry.asked_unit = unit_asked_for(session, post.unit)
    limit = limit_for(settings, inquiry.kind.value, local_day(at))
    due = due_after(calendar, local_day(at), limit.days)
    inquiry.number, inquiry.unit_id = next_number(session, local_day(at)), root_unit(session).id
    inquiry.nonce_hash, inquiry.tracking_hash = digest, code_hash(key, code)
    sooner = post.latest is not None and post.latest < due.day
    inquiry.due_on, inquiry.due_provisional = (post.latest, False) if sooner else (due.day, due.provisional)
    inquiry.received_at, inquiry.version, inquiry.term_days = at, 1, limit.days
    try:
        with session.begin_nested():
            session.add(inquiry)
    except IntegrityError:
        earlier = session.scalars(select(Inquiry).where(Inquiry.nonce_hash == digest)).one()
        return again(earlier, code, post)
    append(session, inquiry, "post", actor.name, at, "", data=posted_data(inquiry, post))
    propose_urgent(session, Rules(settings, calendar), inquiry, at)
    attach(session, settings.home, inquiry, post.attachments, at)
    outbox.write(session, "draft_reply", inquiry.id, at)
    return receipt(inquiry, code, repeated=False)


def again(earlier: Inquiry, code: str, post: Post) -> Posted:
    """The receipt of a form that was received before; InvalidInput when it now carries another text, which must not get lost."""
    if clean_input(post.text) != earlier.text:
        raise InvalidInput("这份表单已经收到过一条内容不同的留言；如要另发一条，请再发送一次。", "nonce")
    return receipt(earlier, code, repeated=True)


def checked(settings: Settings, labels: Labels, post: Post) -> Inquiry:
    """The inquiry with cleaned texts; InvalidInput for an empty or over-long field, an unknown kind, or no choice of publication."""
    text = bounded(settings, post.text, "text", "留言内容")
    if not text:
        raise InvalidInput("请写下您想问的事情。", "text")
    kind = InquiryKind(labels.named("kind", post.kind.strip()) or "") if known_kind(labels, post.kind) else InquiryKind.consultation
    if post.publish is None:
        raise InvalidInput("请选择是否同意公开。", "publish")
    title = bounded(settings, post.title, "title", "标题").replace("\n", " ")
    return Inquiry(
        kind=kind, title=title or headline(text), text=text,
        original_text=storable(post.text) if post.text.strip() != text else "",
        nickname=bounded(settings, post.nickname, "nickname", "称呼").replace("\n", " "),
        contact=bounded(settings, post.contact, "contact", "联系方式").replace("\n", " "),
        place=bounded(settings, post.place, "place", "地点").replace("\n", " "),
        publish=post.publish and kind != InquiryKind.report,
        channel=post.channel, held_reason=post.held_reason, fingerprint=fingerprint(Document("", "", text)),
    )  # fmt: skip


def unit_asked_for(session: Session, given: str) -> str:
    """The name of the unit that the citizen would like to answer ("" for none); who answers is decided by whoever distributes."""
    unit = find_unit(session, given.strip()[:100]) if given.strip() else None
    if given.strip() and unit is None:
        raise InvalidInput("没有这个单位，请重新选择或不选。", "unit")
    return unit.short_name if unit else ""


def known_kind(labels: Labels, given: str) -> bool:
    """Whether a kind was given; InvalidInput when it is none of ours."""
    if not given.strip():
        return False
    if labels.named("kind", given.strip()) is None:
        raise InvalidInput("留言类型应为咨询、求助、建议、投诉、举报、感谢之一。", "kind")
    return True


def bounded(settings: Settings, value: str, field: str, name: str) -> str:
    """The cleaned value; InvalidInput when it is longer than the field's limit."""
    most = settings.limit(field)
    if len(value) > 10 * most:
        raise InvalidInput(f"{name}过长，最多 {most} 个字。", field)
    clean = clean_input(value)
    if len(clean) > most:
        raise InvalidInput(f"{name}最多 {most} 个字，现有 {len(clean)} 个字。", field)
    return clean


def storable(text: str) -> str:
    """A text with the signs that no database takes (NUL, lone surrogates) replaced."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def headline(text: str, most: int = 30) -> str:
    """A title made of the first sentence of a message that has none."""
    first = re.split(r"[\n。！？!?；;]", text.strip(), maxsplit=1)[0].strip() or text.strip()
    return first if len(first) <= most else first[: most - 1] + "…"


def posted_data(inquiry: Inquiry, post: Post) -> dict[str, object]:
    """The facts from which the term can be counted again: the limit in force, and a deadline set from outside."""
    latest = {"latest": post.latest.isoformat()} if post.latest else {}
    files = {"attachments": len(post.attachments)} if post.attachments else {}
    return {**files, "channel": inquiry.channel, "kind": inquiry.kind, "days": inquiry.term_days, **latest}


def next_number(session: Session, day: date) -> str:
    """The next inquiry number of the day, e.g. LY202611240001; gaps are possible, repetitions are not."""
    return f"LY{day:%Y%m%d}{draw(session, f'inquiry:{day:%Y%m%d}'):04d}"


def receipt(inquiry: Inquiry, code: str, *, repeated: bool) -> Posted:
    """What the citizen is shown."""
    return Posted(inquiry.number, code, inquiry.due_on or local_day(inquiry.received_at), inquiry.due_provisional, repeated, inquiry.id)


def find_by_code(session: Session, key: bytes, number: str, code: str) -> Inquiry:
    """The inquiry of this number and code; NotFound in the same words whichever of them is wrong."""
    digest = code_hash(key, code)
    inquiry = session.scalar(select(Inquiry).where(Inquiry.number == number.strip().upper()[:120], Inquiry.tracking_hash == digest))
    if inquiry is None:
        raise NotFound("没有找到这条留言，请核对编号和查询码。")
    return inquiry


def withdraw(session: Session, rules: Rules, inquiry: Inquiry, at: datetime) -> None:
    """The citizen takes the inquiry back before it is answered; what was merged into it goes on without it."""
    move(session, inquiry, "withdraw", CITIZEN, at)
    let_go(session, rules, inquiry, at)
