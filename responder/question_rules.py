"""The tables with which a message is read (config/questions.toml), compiled."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class QuestionType:
    """A type of question (amount, date, papers ...) and the pattern that asks it."""

    name: str
    ask: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """What config/questions.toml says, for folded text; every pattern matches nothing where the file is silent."""

    most_matched: int = 6
    most_read: int = 200
    longest_context: int = 60
    asks: re.Pattern[str] = NOTHING
    leads: re.Pattern[str] = NOTHING
    not_asking: re.Pattern[str] = NOTHING
    anger: re.Pattern[str] = NOTHING
    pleas: re.Pattern[str] = NOTHING
    requests: re.Pattern[str] = NOTHING
    salutation: re.Pattern[str] = NOTHING
    closing: re.Pattern[str] = NOTHING
    points_back: re.Pattern[str] = NOTHING
    openings: re.Pattern[str] = NOTHING
    fragments: re.Pattern[str] = NOTHING
    unfit: re.Pattern[str] = NOTHING
    troubles: re.Pattern[str] = NOTHING
    times: re.Pattern[str] = NOTHING
    units: re.Pattern[str] = NOTHING
    places: re.Pattern[str] = NOTHING
    unit_endings: frozenset[str] = field(default_factory=frozenset)
    not_places: frozenset[str] = field(default_factory=frozenset)
    general_words: frozenset[str] = field(default_factory=frozenset)
    action_words: frozenset[str] = field(default_factory=frozenset)
    types: tuple[QuestionType, ...] = ()


def question_rules(table: Mapping[str, Any]) -> QuestionRules:
    """Compile the parsed file; raises re.error, KeyError, TypeError or ValueError when it is damaged."""
    given: dict[str, Any] = {name: int(table[name]) for name in ("most_matched", "most_read", "longest_context") if name in table}
    given |= {name: _either(table.get(name, ())) for name in ("asks", "leads", "not_asking", "anger", "pleas", "requests", "unfit", "troubles")}
    given |= {name: re.compile(table[name], re.MULTILINE) for name in ("salutation", "closing", "points_back", "openings", "fragments", "times") if name in table}
    return QuestionRules(
        **given,
        units=_ending(table.get("unit_endings", ()), 10),
        places=_ending(table.get("place_endings", ()), 5),
        unit_endings=frozenset(table.get("unit_endings", ())),
        not_places=frozenset(table.get("not_places", ())),
        general_words=frozenset(table.get("general_words", ())),
        action_words=frozenset(table.get("action_words", ())),
        types=tuple(QuestionType(row["name"], re.compile(row["ask"])) for row in table.get("types", ())),
    )


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    """Match any of the patterns; nothing when there are none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.MULTILINE)


def _ending(endings: Iterable[str], longest: int) -> re.Pattern[str]:
    """Match a name of Chinese characters with one of the endings; nothing when there are none."""
    ranked = sorted(endings, key=len, reverse=True)
    return re.compile(f"[\u4e00-\u9fffa-z0-9]{{1,{longest}}}?(?:{'|'.join(map(re.escape, ranked))})") if ranked else NOTHING
