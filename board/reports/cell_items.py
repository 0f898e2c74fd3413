"""Every cell of the statutory forms with the items behind it: one query for each figure, so that list and number are the same thing."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.inquiries.deadlines import Calendar
from board.models import Application, Disclosure, EnteredFigure, Inquiry, Review
from board.reports.dimensions import DIMENSIONS
from board.reports.figures import FIGURES, chosen
from board.reports.forms import DERIVED, ENTERED, Cell, Form, entered_cell, listed_by
from board.reports.handling import handling, share
from board.reports.scope import Scope

KINDS: Mapping[type[Any], str] = {Disclosure: "disclosure", Inquiry: "inquiry", Application: "application", Review: "review"}
TABLES: Mapping[str, Any] = {kind: table for table, kind in KINDS.items()}
Number = int | float
Ids = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class CellNow:
    """A cell: ``ids`` are the rows of ``kind`` behind a counted one (of a rate or a time: what it is worked out of)."""

    path: str
    label: str
    definition: str
    source: str
    value: int | float | str
    kind: str = ""
    ids: tuple[int, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether the value is the number of its items."""
        return self.source == "counted" and self.definition not in DERIVED


Cells = dict[str, dict[str, CellNow]]


def forms_of(forms: Iterable[Form], year: int) -> tuple[Form, ...]:
    """The forms in force in a year."""
    return tuple(form for form in forms if form.from_year <= year <= form.to_year)


def cells_now(session: Session, scope: Scope, calendar: Calendar, forms: Iterable[Form], entered_until: datetime | None = None) -> Cells:
    """Form -> path -> cell over the span; without ``entered_until`` what people entered is left out (months know nothing of it)."""
    known: dict[str, Ids] = {}
    derived: dict[str, float] = {}
    result: Cells = {}
    for form in forms:
        entered = entered_values(session, form, scope, entered_until) if entered_until is not None else None
        result[form.name] = {
            cell.path: entered_now(cell, entered or {}) if cell.definition == ENTERED else counted_now(session, scope, calendar, cell, known, derived)
            for cell in form.cells if cell.definition != ENTERED or entered is not None
        }  # fmt: skip
    return result


def entered_values(session: Session, form: Form, scope: Scope, until: datetime) -> dict[str, str]:
    """What people had entered by then, the newest version of each cell; it speaks of the whole office only."""
    if scope.unit_ids is not None:
        return {}
    query = select(EnteredFigure.path, EnteredFigure.value).where(EnteredFigure.form == form.name, EnteredFigure.year == scope.year, EnteredFigure.at <= until)
    return {row.path: row.value for row in session.execute(query.order_by(EnteredFigure.revision))}


def entered_now(cell: Cell, entered: Mapping[str, str]) -> CellNow:
    """A cell that people fill."""
    found = entered_cell(cell, entered)
    return CellNow(cell.path, cell.label, ENTERED, found["source"], found["value"])


def counted_now(session: Session, scope: Scope, calendar: Calendar, cell: Cell, known: dict[str, Ids], derived: dict[str, float]) -> CellNow:
    """A cell that the system counts; the ids of a figure are read once for all its cells."""
    key, _, part = listed_by(cell.definition).partition(":")
    ids = ids_of(session, scope, key, part, known)
    value: Number = len(ids)
    if cell.definition in DERIVED:
        if not derived:
            derived.update(times(session, scope, calendar, known))
        value = derived[cell.definition]
    return CellNow(cell.path, cell.label, cell.definition, "counted", value, KINDS[FIGURES[key].table], tuple(ids))


def ids_of(session: Session, scope: Scope, key: str, part: str, known: dict[str, Ids]) -> list[int]:
    """The ids behind a figure or a part of it, ascending."""
    if key not in known:
        known[key] = read_ids(session, scope, key)
    return sorted(one for label in part.split("|") for one in known[key].get(label, ())) if part else list(known[key][""])


def read_ids(session: Session, scope: Scope, key: str) -> Ids:
    """Label -> ids; a figure that is not split has the one label ""."""
    figure = FIGURES[key]
    key_column = figure.table.__table__.c.id
    if not figure.by:
        return {"": list(session.scalars(chosen(figure, scope, key_column).order_by(key_column)))}
    dimension = DIMENSIONS[figure.by]
    label = dimension.named(session)
    found: dict[str, list[int]] = {}
    for stored, one in session.execute(chosen(figure, scope, dimension.column, key_column).order_by(key_column)):
        found.setdefault(label(stored), []).append(one)
    return found


def times(session: Session, scope: Scope, calendar: Calendar, known: dict[str, Ids]) -> dict[str, float]:
    """The rate and the three times."""
    answered, valid = (len(ids_of(session, scope, f"inquiries.{name}", "", known)) for name in ("answered", "valid"))
    spent = handling(session, scope, calendar)
    return dict(zip(DERIVED, (share(answered, valid), spent.mean_days, spent.median_days, spent.mean_working_days), strict=True))


def canonical(data: Any) -> bytes:
    """The one way in which data become bytes: sorted keys, no blanks, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def packed(data: Any) -> bytes:
    """Canonical JSON, compressed."""
    return zlib.compress(canonical(data), 6)


def unpacked(content: bytes) -> Any:
    """What ``packed`` made."""
    return json.loads(zlib.decompress(content))
