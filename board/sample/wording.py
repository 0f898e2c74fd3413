"""Written blocks of a sample reply become the reply format with composed sources, and rows of evidence."""

from collections.abc import Sequence
from datetime import date

from board.clock import local_day
from board.models import Disclosure, Evidence, Unit, Validity
from board.sample.parts import People, Row
from board.staff.units import counted_body
from board.wording.filling import filled
from board.wording.labels import Labels
from responder.composing import Source, compose, quotation

QUOTE_MOST = 240


def reply_text(people: People, labels: Labels, blocks: Sequence[Row], unit: Unit, day: date) -> str:
    """Paragraphs, headings and quotations, signed by the body of the unit."""
    return compose([*(block_text(people, labels, block, day) for block in blocks), signature(unit, day)])


def signature(unit: Unit, day: date) -> str:
    """落款: the body under whose name the unit answers, and the day."""
    return f"{counted_body(unit).name}\n{day.year}年{day.month}月{day.day}日"


def draft_text(people: People, labels: Labels, blocks: Sequence[Row], words: Row, day: date) -> str:
    """What the system's draft was: salutation, the quotations that the reply kept or a gap for a person, closing words."""
    quotes = [block_text(people, labels, block, day) for block in blocks if "quote" in block]
    return compose([words["salutation"], *(quotes or [filled(words["gap"], {"what": words["gap_answer"]})]), words["closing"]])


def block_text(people: People, labels: Labels, block: Row, day: date) -> str:
    """One written block in the format."""
    if "quote" in block:
        return quotation(block["quote"], source(people.documents[block["document"]], labels, day))
    return f"## {block['h']}" if "h" in block else str(block["p"])


def source(document: Disclosure, labels: Labels, day: date) -> Source:
    """Where the quotation stands, as it was on that day."""
    published = published_day(document)
    return Source(document.title, document.document_number, published.isoformat(), labels("validity", validity_on(document, day)), f"/documents/{document.id}")


def published_day(document: Disclosure) -> date:
    """The Shanghai day of its publication."""
    return local_day(document.published_at or document.created_at)


def validity_on(document: Disclosure, day: date) -> str:
    """The validity on a day: what ended later was still in force."""
    ended = document.validity in {Validity.repealed, Validity.expired}
    return Validity.in_force.value if ended and document.valid_until is not None and day <= document.valid_until else document.validity.value


def evidence(people: People, blocks: Sequence[Row], day: date) -> list[Evidence]:
    """A row for each quotation, with its place in the document."""
    quotes = [(block["quote"], people.documents[block["document"]]) for block in blocks if "quote" in block]
    return [
        Evidence(
            rank=rank, disclosure_id=document.id, quote=quote[:QUOTE_MOST], start=max(0, document.text.find(quote)), title=document.title,
            document_number=document.document_number, published_on=published_day(document), validity=validity_on(document, day), used=True,
        )
        for rank, (quote, document) in enumerate(quotes)
    ]  # fmt: skip
