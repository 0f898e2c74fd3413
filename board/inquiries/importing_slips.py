"""A list of referral slips (from Excel or CSV): read and shown first, then taken down one by one; a row that is here already stays as it is.

Nothing of a row is lost: cells that no field takes, and a deadline that cannot be used, go into the case file as a note.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import InvalidInput
from board.inquiries.case_file import add_note
from board.inquiries.posting import Post, Posted
from board.inquiries.taking_down import DEADLINE_DAYS, Slip, checked_slip
from board.intake.cells import long, read_moment, short, storable, text_of
from board.intake.columns import Columns
from board.intake.reading import BadRow, Line
from board.models import Channel, Inquiry, NoteKind, Referral
from board.settings import Settings
from board.staff.roles import Actor
from board.wording.labels import Labels

ROWS_MOST = 500
HEADING_MOST = 60
YES = frozenset({"是", "公开", "同意", "同意公开", "y", "yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One row of the list: what it would become (``post`` and ``slip``), the inquiry that it is already (``known``), or what is ``wrong`` with it.

    ``rest`` are the cells that no field takes, by heading; ``findings`` what a person should look at in a row that is taken all the same.
    """

    line: int
    slip: Slip | None = None
    post: Post | None = None
    known: str = ""
    wrong: str = ""
    rest: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[str] = ()

    @property
    def new(self) -> bool:
        """Whether taking the list would store this row."""
        return not self.known and not self.wrong


def read_slips(session: Session, settings: Settings, labels: Labels, columns: Columns, lines: Iterable[Line], source: str, today: date) -> list[SlipRow]:
    """The rows of a list; ``source`` stands for rows that name none. InvalidInput when there are more than 500."""
    rows = [one_row(settings, labels, columns, line, source, today) for line in islice(lines, ROWS_MOST + 1)]
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


def one_row(settings: Settings, labels: Labels, columns: Columns, line: Line, source: str, today: date) -> SlipRow:
    """One row, with the reason when it cannot be taken, and with findings when its deadline is past or cannot be used."""
    if line.error:
        return SlipRow(line.number, wrong=line.error)
    rest = {heading[:HEADING_MOST]: written(value) for heading, value in columns.left(line.raw).items()}
    due, finding, unused = usable_deadline(line.values.get("due_on"), today)
    if unused:
        rest["原表期限"] = unused
    try:
        slip = checked_slip(settings, replace(slip_of(line.values, source), due_on=due), today)
        post = post_of(settings, labels, columns.kinds, line.values)
        return SlipRow(line.number, slip, post, rest=rest, findings=[finding] if finding else [])
    except InvalidInput as error:
        return SlipRow(line.number, wrong=error.message)
    except BadRow as error:
        return SlipRow(line.number, wrong=f"{error}。")


def slip_of(values: Mapping[str, Any], source: str) -> Slip:
    """Source and number of a row."""
    return Slip(short(values.get("source"), "来源", 40) or source, short(values.get("slip_number"), "转办单编号", 80))


def usable_deadline(value: object, today: date) -> tuple[date | None, str, str]:
    """(the day, what is odd about it, the cell itself where it gives no day that can be used); an empty cell is not odd."""
    cell = written(value).strip()
    if not cell:
        return None, "", ""
    found = read_moment(value)
    day = local_day(found.at) if found else None
    if day is None:
        return None, f"期限无法识别：{cell[:40]}；将按本机关的期限办理", cell
    if abs((day - today).days) > DEADLINE_DAYS:
        return None, f"期限与今天相差一年以上：{cell[:40]}；将按本机关的期限办理", cell
    return day, "期限已过" if day < today else "", ""


def written(value: object) -> str:
    """A cell as a person would read it, without what no database takes."""
    return "" if value is None else storable(str(value) if isinstance(value, bool) else text_of(value, ""))


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


def take_slips(rows: Iterable[SlipRow], key: bytes, take: Callable[[Post, Slip, Sequence[str]], Posted], note_most: int) -> list[Posted]:
    """Takes the new rows down, in the order of the list; the nonce of a row is its slip, so that a list sent twice is stored once.

    ``take`` gets the post, the slip and the notes (each of at most ``note_most`` characters) that hold the rest of the row.
    """
    return [
        take(replace(row.post, nonce=nonce_of(key, row.slip)), row.slip, notes_of(row.rest, note_most))
        for row in rows if row.new and row.post is not None and row.slip is not None
    ]  # fmt: skip


def notes_of(rest: Mapping[str, str], most: int) -> list[str]:
    """The cells that no field took, as notes for the case file."""
    text = "\n".join(["转办单表格中的其他内容：", *(f"{heading}：{value}" for heading, value in rest.items())]) if rest else ""
    return [text[start : start + most] for start in range(0, len(text), most)]


def keep_notes(session: Session, settings: Settings, actor: Actor, posted: Posted, notes: Iterable[str], at: datetime) -> None:
    """Puts the notes of a row into the case file of its inquiry, once."""
    for text in [] if posted.repeated else notes:
        add_note(session, settings, actor, session.get_one(Inquiry, posted.inquiry_id), NoteKind.note, text, "", at)


def left_columns(rows: Iterable[SlipRow]) -> dict[str, str]:
    """Headings of cells that no field takes, each with the first of its values, in the order of the table."""
    found: dict[str, str] = {}
    for row in rows:
        for heading, value in row.rest.items():
            found.setdefault(heading, value)
    found.pop("原表期限", None)
    return found


def nonce_of(key: bytes, slip: Slip) -> str:
    """The same for the same slip, and nothing that an outsider could work out."""
    return "slip-" + hmac.new(key, f"referral slip\0{slip.source}\0{slip.number}".encode(), hashlib.sha256).hexdigest()


