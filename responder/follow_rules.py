"""The tables by which a question is understood with those before it (config/follow_ups.toml), compiled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from responder.question_rules import NOTHING


@dataclass(frozen=True, slots=True)
class Meanings:
    """A word with several meanings, each of which may stand in its place."""

    said: str
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowRules:
    """What config/follow_ups.toml says, for folded text; nothing is taken over where the file is silent."""

    most_earlier: int = 5
    most_meanings: int = 6
    instead: re.Pattern[str] = NOTHING
    by_itself: re.Pattern[str] = NOTHING
    leads_on: re.Pattern[str] = NOTHING
    meanings: tuple[Meanings, ...] = ()


def follow_rules(table: Mapping[str, Any]) -> FollowRules:
    """Compile the parsed file; raises re.error, KeyError, TypeError or ValueError when it is damaged."""
    instead, by_itself, leads_on = (re.compile(table[name]) for name in ("instead", "by_itself", "leads_on"))
    return FollowRules(
        int(table["most_earlier"]), int(table["most_meanings"]), instead, by_itself, leads_on,
        tuple(Meanings(row["said"], tuple(row["means"])) for row in table.get("meanings", ())),
    )  # fmt: skip
