"""What an event carries, in the office's words: the facts that mean something to a reader, never row numbers or English names."""

from collections.abc import Iterable, Mapping
from typing import Any

from board.wording.labels import Labels

FACTS, MOST = "trail_fact", 300
#: fact -> where its values have Chinese names, the first table that knows the value counts
TABLES: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "applicant_kind", "note_kind", "file_kind", "letter_kind"),
    "channel": ("channel", "application_channel"),
    "topic": ("trail_topic",),
    "lane": ("lane", "application_lane"),
    "result": ("review_result",),
    **{name: (name,) for name in ("decision", "reason", "role", "grade", "state", "stage")},
}
UNITS = frozenset({"unit", "from_unit"})


def in_words(data: Mapping[str, Any], labels: Labels, units: Mapping[int, str]) -> str:
    """One short line; facts without a name in config/labels.toml are left out (they stand in the export)."""
    known = labels.tables.get(FACTS, {})
    said = ((words, value_in_words(name, data[name], labels, units)) for name, words in known.items() if name in data)
    return "，".join(f"{words}：{value}" for words, value in said if value)[:MOST]


def value_in_words(name: str, value: Any, labels: Labels, units: Mapping[int, str]) -> str:
    """A value as a reader knows it; "" for what cannot be said in a line."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in UNITS:
        return units.get(value, "") if isinstance(value, int) else ""
    return named(str(value), TABLES.get(name, ()), labels) if isinstance(value, str | int) else ""


def named(value: str, tables: Iterable[str], labels: Labels) -> str:
    """The label in the first table that has one, else the value itself."""
    return next((labels(table, value) for table in tables if value in labels.tables.get(table, {})), value)
