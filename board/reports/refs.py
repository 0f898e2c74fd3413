"""References to items that a return, an adjustment or a frozen year keeps: kind, id and number, never a title."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.reports.cell_items import TABLES, CellNow, Cells
from board.reports.listed_items import Item, item_of

BATCH = 500
Ref = tuple[str, int, str]


def numbers_of(session: Session, kind: str, ids: Iterable[int]) -> dict[int, str]:
    """Id -> what the office calls the item by."""
    table, wanted = TABLES[kind], sorted(set(ids))
    found: dict[int, str] = {}
    for begin in range(0, len(wanted), BATCH):
        rows = session.scalars(select(table).where(table.id.in_(wanted[begin : begin + BATCH])))
        found |= {row.id: item_of(row).number for row in rows}
    return found


def refs_of(session: Session, kind: str, ids: Iterable[int]) -> list[Ref]:
    """References in the order of the ids; a row that is gone keeps its id alone."""
    wanted = sorted(set(ids))
    numbers = numbers_of(session, kind, wanted) if kind else {}
    return [(kind, one, numbers.get(one, "")) for one in wanted]


def items_of_refs(session: Session, kind: str, ids: Sequence[int], most: int) -> list[Item]:
    """The items themselves as they are now, for a page; at most so many."""
    if not kind or not ids:
        return []
    table = TABLES[kind]
    return [item_of(row) for row in session.scalars(select(table).where(table.id.in_(list(ids)[:most])).order_by(table.id))]


def as_stored(cells: Cells) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Values and references of all counted cells: (form -> path -> value, form -> path -> [kind, distances of the ids])."""
    values = {form: {path: cell.value for path, cell in found.items()} for form, found in cells.items()}
    items = {form: {path: [cell.kind, distances(cell.ids)] for path, cell in found.items()} for form, found in cells.items()}
    return values, items


def distances(ids: Sequence[int]) -> list[int]:
    """Ascending ids as distances from the one before: they pack to a fraction."""
    return [one - before for before, one in zip([0, *ids], ids, strict=False)]


def ids_from(steps: Iterable[int]) -> list[int]:
    """What ``distances`` made."""
    found, last = [], 0
    for step in steps:
        last += step
        found.append(last)
    return found


def kept(items: Mapping[str, Mapping[str, Any]], form: str, path: str) -> tuple[str, list[int]]:
    """Kind and ids of a cell as they were stored; nothing for one without items."""
    kind, steps = items.get(form, {}).get(path, ("", ()))
    return kind, ids_from(steps)


def value_text(cell: CellNow) -> str:
    """The value as adjustments keep it."""
    return str(cell.value)
