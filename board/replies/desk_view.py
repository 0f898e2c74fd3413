"""What the desk shows beside a reply: words with marks, blocks, evidence as it stands now, the course with names, the days of the term."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import NotFound
from board.inquiries.queries import timeline
from board.models import Account, Disclosure, Event, Evidence, Inquiry, InquiryKind, Publication, Reply, Role, Unit
from board.publications.validity import in_force
from board.replies.findings import validity_in_words
from board.staff.roles import Actor, Right, may
from board.wording.labels import Labels
from responder.composing import GAP, Source, gaps, parse_reply, quotation
from responder.privacy import mask


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``kind`` is "" (plain), "mark" (matched), "gap" (to be filled), "number", "masked", "by_hand" or "sensitive".

    ``cover`` is what stands for something personal until somebody asks for it.
    """

    text: str
    kind: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of a reply for the page: kind, pieces, source of a quotation."""

    kind: str
    pieces: tuple[Piece, ...]
    source: Source | None


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """One quotation: its pieces, its pinned source, and whether the document may be quoted today."""

    id: int
    disclosure_id: int
    title: str
    document_number: str
    published_on: date | None
    validity: str
    score: float
    used: bool
    quotable: bool
    pieces: tuple[Piece, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the course with the person's name; ``detail`` says what it moved to, where the event alone does not."""

    at: datetime
    action: str
    who: str
    reason: str
    detail: str


def pieces(text: str, spans: Iterable[Sequence[int]], kind: str = "mark") -> tuple[Piece, ...]:
    """The text cut at the spans (half-open, in any order, overlapping or out of range allowed)."""
    result: list[Piece] = []
    position = 0
    for start, end in sorted((max(0, int(a)), min(len(text), int(b))) for a, b in spans):
        if end <= max(start, position):
            continue
        begin = max(start, position)
        result += [Piece(text[position:begin])] if begin > position else []
        result.append(Piece(text[begin:end], kind))
        position = end
    return (*result, Piece(text[position:])) if position < len(text) else tuple(result)


def blocks(text: str) -> list[ShownBlock]:
    """A reply's text as blocks with its gaps marked."""
    return [
        ShownBlock(block.kind, pieces(block.text, [found.span() for found in GAP.finditer(block.text)], "gap"), block.source) for block in parse_reply(text)
    ]


def gap_count(text: str) -> int:
    """How many places a person has still to fill."""
    return len(gaps(text))


def evidence_rows(session: Session, inquiry: Inquiry) -> Sequence[Evidence]:
    """The quotations found for the inquiry (they hang on the newest version that the system drafted)."""
    newest = select(Reply.id).join(Evidence, Evidence.reply_id == Reply.id).where(Reply.inquiry_id == inquiry.id).order_by(Reply.revision.desc()).limit(1)
    return session.scalars(select(Evidence).where(Evidence.reply_id == newest.scalar_subquery()).order_by(Evidence.rank)).all()


def shown_evidence(session: Session, rows: Sequence[Evidence], labels: Labels, today: date) -> list[ShownEvidence]:
    """The quotations with their marks; what was pinned is shown, what holds today decides whether it may be quoted."""
    known = {row.id: row for row in session.scalars(select(Disclosure).where(Disclosure.id.in_({row.disclosure_id for row in rows})))}
    return [shown(row, known.get(row.disclosure_id), labels, today) for row in rows]


def shown(row: Evidence, document: Disclosure | None, labels: Labels, today: date) -> ShownEvidence:
    """One quotation for the page."""
    quotable = document is not None and in_force(document, today)
    validity = document.validity.value if document is not None else row.validity
    return ShownEvidence(
        row.id, row.disclosure_id, row.title, row.document_number, row.published_on, validity, row.score, row.used, quotable,
        pieces(row.quote, row.marks), quoted(row, labels),
    )  # fmt: skip


def quoted(row: Evidence, labels: Labels) -> str:
    """The quotation in the format of a reply."""
    published = row.published_on.isoformat() if row.published_on else ""
    return quotation(row.quote, Source(row.title, row.document_number, published, validity_in_words(row.validity, labels), f"/documents/{row.disclosure_id}"))


def with_quotation(session: Session, inquiry: Inquiry, text: str, evidence_id: int, labels: Labels) -> str:
    """The typed text with one of the inquiry's quotations put behind it; NotFound for another inquiry's."""
    row = session.scalar(select(Evidence).join(Reply, Reply.id == Evidence.reply_id).where(Evidence.id == evidence_id, Reply.inquiry_id == inquiry.id))
    if row is None:
        raise NotFound("没有这条依据。")
    return f"{text.rstrip()}\n\n{quoted(row, labels)}\n" if text.strip() else f"{quoted(row, labels)}\n"


def course(session: Session, inquiry: Inquiry) -> list[Step]:
    """All events, oldest first, with the names of those who acted."""
    events = timeline(session, inquiry)
    people = names(session, actors_of(events))
    units = {unit.id: unit.short_name for unit in all_units(session)}
    return [Step(e.at, e.action, who_acted(e, people), e.reason, detail_of(session, e, units)) for e in events]


def actors_of(events: Iterable[Event]) -> set[str]:
    """Who acted, and whose signature was recorded."""
    return {event.actor for event in events} | {f"account:{signatory}" for event in events if (signatory := (event.data or {}).get("signatory"))}


def who_acted(event: Event, people: Mapping[str, str]) -> str:
    """The name for the page; a signature given on paper is its signatory's, recorded by another."""
    acted, signatory = people.get(event.actor, event.actor), (event.data or {}).get("signatory")
    if signatory is None or event.action == "paper":
        return acted
    return f"{people.get(f'account:{signatory}', '')}（纸质签批，{acted}登记）"


def names(session: Session, actors: set[str]) -> dict[str, str]:
    """Actors of events as words."""
    fixed = {"citizen": "网民", "system": "系统"}
    keys = [int(actor.removeprefix("account:")) for actor in actors if actor.startswith("account:") and actor.removeprefix("account:").isdigit()]
    people = {f"account:{row.id}": row.display_name for row in session.scalars(select(Account).where(Account.id.in_(keys)))}
    return fixed | people | {actor: f"命令行（{actor.partition(':')[2]}）" for actor in actors if actor.startswith("console:")}


def detail_of(session: Session, event: Event, units: dict[int, str]) -> str:
    """What the event moved to."""
    data: dict[str, Any] = event.data or {}
    if event.action == "assign":
        return f"转至{units.get(data.get('unit', 0), '')}"
    if event.action == "merge":
        main = session.get(Inquiry, data.get("into", 0))
        return f"并入{main.number}" if main else ""
    if event.action == "slip":
        return f"{data.get('source', '')}{'，期限 ' + data['due'] if data.get('due') else ''}"
    if "revision" in data:
        return f"第 {data['revision']} 稿"
    return "公开" if data.get("public") is True else "仅答复本人" if data.get("public") is False else ""


def all_units(session: Session) -> Sequence[Unit]:
    """Every unit of the office, the office itself first."""
    return session.scalars(select(Unit).order_by(Unit.id)).all()


def unit_of_code(session: Session, code: str) -> Unit | None:
    """The unit of this code; None when there is none."""
    return session.scalar(select(Unit).where(Unit.code == code[:40]))


def may_see_contact(actor: Actor, inquiry: Inquiry) -> bool:
    """Whether the person may see who wrote; who reported something (举报) is hidden from those who handle it (DOMAIN 4)."""
    hidden = inquiry.kind == InquiryKind.report and actor.role in {Role.editor, Role.unit_head}
    return not hidden and may(actor, Right.see_contact, inquiry)


def masked_contact(inquiry: Inquiry) -> str:
    """The contact as it stands before somebody asks for it."""
    covered = mask(inquiry.contact)
    return covered if covered != inquiry.contact else "****" if inquiry.contact else ""


def given_out(session: Session, inquiry: Inquiry) -> Publication | None:
    """What was given out as the reply, to the public or to the citizen alone."""
    return session.scalar(select(Publication).where(Publication.inquiry_id == inquiry.id, Publication.withdrawn_at.is_(None)))


def merged_into(session: Session, inquiry: Inquiry) -> Inquiry | None:
    """The main item of a merged one."""
    return session.get(Inquiry, inquiry.merged_into_id) if inquiry.merged_into_id else None
