"""A row of an old message board becomes a message: repaired, checked and bounded."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from board.inquiries.deadlines import Calendar
from board.inquiries.posting import headline
from board.intake.cells import Moment, long, moment, short, storable, text_of
from board.intake.reading import BadRow
from board.models import InquiryKind
from board.wording.labels import Labels
from responder.corpus import Document, fingerprint

TEXT_MOST = 50_000
OWN_SOURCE = "import"


@dataclass(frozen=True, slots=True)
class HistoryRules:
    """How rows are read: source, unit, whether the history is released, labels and further names of kinds, terms, the office's numbers."""

    source: str
    unit_id: int
    released: bool
    labels: Labels
    kinds: Mapping[str, str]
    calendar: Calendar
    deadlines: Mapping[str, int]
    own_numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came; ``answered_at`` and ``reply`` are None and "" together."""

    ref: str
    number: str
    kind: InquiryKind
    title: str
    text: str
    original_text: str
    nickname: str
    contact: str
    subject: str
    received_at: datetime
    reply: str
    answered_at: datetime | None
    fingerprint: str


def message_of(values: Mapping[str, Any], rules: HistoryRules) -> Message:
    """The message of a row; BadRow without text or time, with a reply before the message, or with half a reply."""
    text = long(values.get("text"), "留言内容", TEXT_MOST)
    if not text.text:
        raise BadRow("没有留言内容")
    received = moment(values.get("received_at"), "留言时间")
    if received is None:
        raise BadRow("没有留言时间")
    reply = long(values.get("reply"), "答复内容", TEXT_MOST).text
    nickname, title = short(values.get("nickname"), "留言用户", 60), short(values.get("title"), "标题", 200)
    given = text_of(values.get("text"), "留言内容")
    ref = short(values.get("ref"), "编号", 120) or made_ref(received, nickname, title, text.text)
    return Message(
        ref=ref, number=number_of(rules.source, ref), kind=kind_of(values.get("kind"), rules), title=title or headline(text.text),
        text=text.text, original_text=storable(given) if given.strip() != text.text else "", nickname=nickname,
        contact=short(values.get("contact"), "联系方式", 200), subject=short(values.get("subject"), "分类", 60), received_at=received.at,
        reply=reply, answered_at=answer_time(received, moment(values.get("answered_at"), "答复时间"), reply),
        fingerprint=fingerprint(Document("", "", text.text)),
    )  # fmt: skip


def answer_time(received: Moment, answered: Moment | None, reply: str) -> datetime | None:
    """When the reply was given; a reply dated with the day of the message alone was given at the earliest with the message."""
    if (answered is None) == bool(reply):
        raise BadRow("有答复，没有答复时间" if reply else "有答复时间，没有答复内容")
    if answered is None:
        return None
    if answered.at >= received.at:
        return answered.at
    if answered.whole_day and (received.at - answered.at).total_seconds() < 86_400:
        return received.at
    raise BadRow("答复时间早于留言时间")


def kind_of(value: object, rules: HistoryRules) -> InquiryKind:
    """The kind behind a label; 咨询 when none is given, BadRow for an unknown one."""
    label = short(value, "留言类型", 40)
    if not label:
        return InquiryKind.consultation
    name = rules.kinds.get(label) or rules.labels.named("kind", label) or rules.labels.named("kind", label.removesuffix("类"))
    if name is None:
        raise BadRow(f"留言类型不认识：{label}（可在 config/import_headings.toml 的 [kinds] 中对应）")
    return InquiryKind(name)


def number_of(source: str, ref: str) -> str:
    """The public number: IM-2549, or the source's name before the dash; odd characters are replaced and told apart by a hash."""
    plain = re.sub(r"[^\w.-]", "_", ref)[:60]
    if plain != ref:
        plain += "-" + hashlib.sha256(ref.encode()).hexdigest()[:8]
    return f"{'IM' if source == OWN_SOURCE else source}-{plain}"


def made_ref(received: Moment, nickname: str, title: str, text: str) -> str:
    """A number for a row of a board without numbers: a hash of when, who and what."""
    content = f"{received.at.isoformat()}\n{nickname}\n{title}\n{text}"
    return "h" + hashlib.sha256(content.encode()).hexdigest()[:16]
