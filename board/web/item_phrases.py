"""Beside the text of a reply: the phrases that fit the item, and what the checks found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from board.clock import local_day, now
from board.replies import phrasebook
from board.replies.proofreading import Finding
from board.web.current import the_office
from board.wording.filling import filled

SHOWN_MOST = 50


@dataclass(frozen=True, slots=True)
class Offered:
    """A phrase with the item's values in it."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with the line on which it stands, counted from 1."""

    finding: Finding
    line: int


def phrases_beside(db: Any, inquiry: Any, query: str) -> dict[str, Any]:
    """The phrases that fit the item (and the query), already filled."""
    today = local_day(now())
    found = phrasebook.fitting(db, inquiry, today, query)
    values = phrasebook.values_for(db, inquiry, the_office().labels, today) if found else {}
    return {"phrases": [Offered(one.key, one.title, filled(one.text, values)) for one in found[:SHOWN_MOST]], "phrase_query": query}


def shown_findings(found: Sequence[Finding], text: str) -> list[Shown]:
    """Findings with their lines."""
    return [Shown(one, text.count("\n", 0, one.start) + 1) for one in found]
