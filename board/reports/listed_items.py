"""What a list behind a figure shows of each counted thing."""

from dataclasses import dataclass
from datetime import date

from board.clock import local_day
from board.models import Application, Disclosure, Inquiry, Review
from responder.privacy import mask


@dataclass(frozen=True, slots=True)
class Item:
    """One counted thing in a list: ``kind`` disclosure, inquiry, application or review; ``link`` is a path of the site or ""."""

    kind: str
    id: int
    number: str
    title: str
    date: date
    link: str

    @property
    def printed(self) -> str:
        """The title as files have it, which leave the house: a citizen's words stay on the desk, where each reads what concerns the own work."""
        return self.title if self.kind == "disclosure" else ""


def shortened(text: str) -> str:
    """The first 40 signs, personal data masked (masked before it is cut: half a number is found by nobody)."""
    return mask(text[:200])[:40]


def item_of(row: Disclosure | Inquiry | Application | Review) -> Item:
    """A row as an item of a list."""
    if isinstance(row, Disclosure):
        day = local_day(row.published_at or row.created_at)
        return Item("disclosure", row.id, row.document_number or row.index_number, row.title, day, f"/documents/{row.id}")
    if isinstance(row, Inquiry):
        return Item("inquiry", row.id, row.number, shortened(row.title or row.text), local_day(row.received_at), f"/desk/inquiries/{row.number}")
    if isinstance(row, Application):
        return Item("application", row.id, row.number, shortened(row.subject), row.received_on or local_day(row.received_at), f"/desk/applications/{row.number}")
    return Item("review", row.id, row.kind, shortened(row.subject), row.received_on, "")
