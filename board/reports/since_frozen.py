"""Changed since the freeze: which cells and figures of a frozen year read otherwise today, because of which items, and what happened to these."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.models import EnteredFigure, Event
from board.reports.final_report import FinalCell
from board.reports.forms import ENTERED
from board.reports.freezing import Room
from board.reports.frozen_years import Frozen, required
from board.reports.refs import refs_of

EVENTS_MOST = 5
ITEMS_MOST = 50


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: what, who, when, why."""

    action: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Cause:
    """An item that came into a cell or left it, with what happened to it since the freeze (the newest first)."""

    kind: str
    id: int
    number: str
    came: bool
    events: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell (or with form "" a figure) that reads otherwise: what it was, what it is, and why; ``cut`` counts causes that are not listed."""

    form: str
    path: str
    label: str
    before: str
    after: str
    causes: tuple[Cause, ...] = ()
    entered: tuple[Happened, ...] = ()
    cut: int = 0


def changed_since(session: Session, room: Room, year: int, at: datetime, version: int | None = None) -> list[Moved]:
    """Everything that moved: counted figures by the records of today at the frozen time of counting, entered ones by their newest version."""
    kept = required(session, year, version)
    now = room.year(session, year, kept.row.counted_at, at)
    found = [one for form, cells in now.forms.items() for one in moved_cells(session, kept, form, cells)]
    for group, values in (("figures", now.figures), ("inquiries", now.inquiries)):
        found += [Moved("", f"{group}.{path}", path, str(before), str(after)) for path, before, after in differences(kept.content[group], values)]
    return found


def moved_cells(session: Session, kept: Frozen, form: str, cells: Mapping[str, FinalCell]) -> Iterator[Moved]:
    """The cells of a form that differ in value or in their items."""
    before = kept.content["forms"].get(form, {})
    for path, one in cells.items():
        then = before.get(path)
        if then is None or (then["value"] == one.cell.value and then["ids"] == list(one.cell.ids)):
            continue
        since = kept.row.counted_at
        if one.cell.definition == ENTERED:
            yield Moved(form, path, one.cell.label, str(then["value"]), str(one.cell.value), entered=entered_since(session, form, kept.row.year, path, since))
            continue
        old, new = set(then["ids"]), set(one.cell.ids)
        causes = [*causes_of(session, one.cell.kind, new - old, since, came=True), *causes_of(session, one.cell.kind, old - new, since, came=False)]
        yield Moved(form, path, one.cell.label, str(then["value"]), str(one.cell.value), tuple(causes), cut=len(old ^ new) - len(causes))


def causes_of(session: Session, kind: str, ids: set[int], since: datetime, *, came: bool) -> list[Cause]:
    """The items with their events since; of very many the first ones."""
    refs = refs_of(session, kind, sorted(ids)[:ITEMS_MOST])
    return [Cause(kind, key, number, came, happened(session, kind, key, number, since)) for kind, key, number in refs]


def happened(session: Session, kind: str, key: int, number: str, since: datetime) -> tuple[Happened, ...]:
    """What the trail says of an item after the freeze."""
    query = select(Event).where(Event.at > since).order_by(Event.at.desc(), Event.id.desc())
    if kind == "inquiry":
        rows = session.scalars(query.where(Event.inquiry_id == key).limit(EVENTS_MOST))
        return tuple(told(row) for row in rows)
    names = {kind: key, "id": key, "number": number, f"{kind}_id": key}
    notes = session.scalars(query.where(Event.inquiry_id.is_(None), Event.chain.in_(("document", kind, "office", "application"))))
    return tuple(told(row) for row in notes if any(value and row.data.get(name) in (value, str(value)) for name, value in names.items()))[:EVENTS_MOST]


def told(row: Event) -> Happened:
    """An event in short."""
    return Happened(row.action, row.actor, row.at, row.reason)


def entered_since(session: Session, form: str, year: int, path: str, since: datetime) -> tuple[Happened, ...]:
    """Who entered something else since."""
    query = select(EnteredFigure).where(EnteredFigure.form == form, EnteredFigure.year == year, EnteredFigure.path == path, EnteredFigure.at > since)
    rows = session.scalars(query.order_by(EnteredFigure.id.desc()).limit(EVENTS_MOST))
    return tuple(Happened("enter_figures", f"account:{row.account_id}" if row.account_id else "system", row.at, row.value) for row in rows)


def differences(before: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(path, before, now) of all plain values in which two nestings differ."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in sorted({*map(str, before), *map(str, now)}):
            yield from differences(before.get(key), now.get(key), f"{path}.{key}".lstrip("."))
    elif before != now:
        yield path, "无" if before is None else before, "无" if now is None else now
