"""A list of referral slips (from Excel or CSV): read and shown first, then taken down one by one; a row that is here already stays as it is."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import InvalidInput
from board.inquiries.posting import Post, Posted
from board.inquiries.taking_down import Slip, checked_slip
from board.intake.cells import long, read_moment, short, text_of
from board.intake.reading import BadRow, Line
from board.models import Channel, Inquiry, Referral
from board.settings import Settings
from board.wording.labels import Labels

ROWS_MOST = 500
YES = frozenset({"是", "公开", "同意", "同意公开", "y", "yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One row of the list: what it would become (``post`` and ``slip``), the inquiry that it is already (``known``), or what is ``wrong`` with it."""

    line: int
    slip: Slip | None = None
    post: Post | None = None
    known: str = ""
    wrong: str = ""

    @property
    def new(self) -> bool:
        """Whether taking the list would store this row."""
        return not self.known and not self.wrong


def read_slips(session: Session, settings: Settings, labels: Labels, kinds: Mapping[str, str], lines: Iterable[Line], source: str, today: date) -> list[SlipRow]:
    """The rows of a list; ``source`` stands for rows that name none. InvalidInput when there are more than 500."""
    rows = [one_row(settings, labels, kinds, line, source, today) for line in islice(lines, ROWS_MOST + 1)]
    if len(rows) > ROWS_MOST:
        raise InvalidInput(f"一次最多 {ROWS_MOST} 行，请分成几个文件。", "file")
    stored = select(Referral.source, Referral.slip_number, Inquiry.number).join(Inquiry, Inquiry.id == Referral.inquiry_id)
    numbers = {row.slip.number for row in rows if row.slip}
    known = {(found[0], found[1]): found[2] for found in session.execute(stored.where(Referral.slip_number.in_(numbers)))}
    seen: set[tuple[str, str]] = set()
    return [marked(row, known, seen) for row in rows]


def marked(row: SlipRow, known: Mapping[tuple[str, str], str], seen: set[tuple[str, str]]) -> SlipRow:
    """The row with what is here already, or twice in the list, said of it."""
    if row.slip is None or row.wrong:
        return row
    key = (row.slip.source, row.slip.number)
    if key in seen:
        return replace(row, wrong="表中重复出现的转办单编号")
    seen.add(key)
    return replace(row, known=known.get(key, ""))


def one_row(settings: Settings, labels: Labels, kinds: Mapping[str, str], line: Line, source: str, today: date) -> SlipRow:
    """One row, with the reason when it cannot be taken."""
    if line.error:
        return SlipRow(line.number, wrong=line.error)
    try:
        slip = checked_slip(settings, slip_of(line.values, source), today)
        return SlipRow(line.number, slip, post_of(settings, labels, kinds, line.values))
    except InvalidInput as error:
        return SlipRow(line.number, wrong=error.message)
    except BadRow as error:
        return SlipRow(line.number, wrong=f"{error}。")


def slip_of(values: Mapping[str, Any], source: str) -> Slip:
    """Source, number and deadline of a row."""
    return Slip(short(values.get("source"), "来源", 40) or source, short(values.get("slip_number"), "转办单编号", 80), deadline(values.get("due_on")))


def deadline(value: object) -> date | None:
    """The day of a deadline; BadRow for what is no day."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = read_moment(value)
    if found is None:
        raise BadRow(f"期限无法识别：{text_of(value, '期限')[:40]}")
    return local_day(found.at)


def post_of(settings: Settings, labels: Labels, kinds: Mapping[str, str], values: Mapping[str, Any]) -> Post:
    """The inquiry of a row; BadRow without text or with an unknown kind."""
    text = long(values.get("text"), "诉求内容", settings.limit("text")).text
    if not text:
        raise BadRow("没有诉求内容")
    kind = short(values.get("kind"), "类型", 40)
    name = kinds.get(kind) or labels.named("kind", kind.removesuffix("类")) if kind else ""
    if kind and not name:
        raise BadRow(f"类型不认识：{kind}")
    return Post(
        text=text, publish=text_of(values.get("publish"), "是否公开").strip().lower() in YES, title=short(values.get("title"), "标题", settings.limit("title")),
        kind=name or "", nickname=short(values.get("nickname"), "称呼", settings.limit("nickname")),
        contact=short(values.get("contact"), "联系方式", settings.limit("contact")), channel=Channel.referral,
    )  # fmt: skip


def take_slips(rows: Iterable[SlipRow], key: bytes, take: Callable[[Post, Slip], Posted]) -> list[Posted]:
    """Takes the new rows down, in the order of the list; the nonce of a row is its slip, so that a list sent twice is stored once."""
    return [take(replace(row.post, nonce=nonce_of(key, row.slip)), row.slip) for row in rows if row.new and row.post is not None and row.slip is not None]


def nonce_of(key: bytes, slip: Slip) -> str:
    """The same for the same slip, and nothing that an outsider could work out."""
    return "slip-" + hmac.new(key, f"referral slip\0{slip.source}\0{slip.number}".encode(), hashlib.sha256).hexdigest()


