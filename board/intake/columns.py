"""Accepted headings of import files, from config/import_headings.toml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from board.errors import Refused
from board.settings import read_toml
from responder.text import plain

#: Without these fields nothing can be imported.
REQUIRED: Mapping[str, tuple[str, ...]] = {"disclosures": ("text",), "inquiries": ("text", "received_at"), "slips": ("text", "slip_number")}


class UnknownHeadings(Refused):
    """A file without the required columns; ``found`` are the headings that it has, so that a person may say what they mean."""

    def __init__(self, message: str, found: Iterable[str]) -> None:
        super().__init__(message)
        self.found = tuple(found)


@dataclass(frozen=True, slots=True)
class Columns:
    """``accepted`` lists the headings of each field as the office wrote them; ``by_heading`` leads from a folded heading to its field."""

    accepted: Mapping[str, tuple[str, ...]]
    by_heading: Mapping[str, str]
    required: tuple[str, ...]
    origins: Mapping[str, str]
    kinds: Mapping[str, str]

    def field_of(self, heading: object) -> str | None:
        """The field behind a heading; None for a column that is not used."""
        return self.by_heading.get(folded(str(heading)))

    def enough(self, headings: Iterable[object]) -> bool:
        """Whether all required fields are among the headings."""
        return set(self.required) <= {self.field_of(heading) for heading in headings}

    def values(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The row by fields; of several columns of one field the first that is not empty counts."""
        values: dict[str, Any] = {}
        for heading, value in raw.items():
            field = self.field_of(heading)
            if field is not None and values.get(field) in (None, ""):
                values[field] = value
        return values

    def left(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The cells of a row that ``values`` does not take: of unknown columns, and of a second column for a field that has its value; no empty ones."""
        taken, left = set[str](), dict[str, Any]()
        for heading, value in raw.items():
            field = self.field_of(heading)
            if value in (None, ""):
                continue
            if field is None or field in taken:
                left[heading] = value
            else:
                taken.add(field)
        return left

    def understood(self, meant: Mapping[str, str]) -> "Columns":
        """The same with what a person says that headings mean (heading -> field); fields that there are not are passed over."""
        further = {folded(heading): field for heading, field in meant.items() if field in self.accepted}
        return replace(self, by_heading={**self.by_heading, **further})

    def unused(self, headings: Iterable[str]) -> list[str]:
        """Headings that lead nowhere."""
        return [heading for heading in headings if heading and self.field_of(heading) is None]


def folded(heading: str) -> str:
    """A heading without case, width, script, blanks, underscores and remarks in brackets."""
    bare = re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", "", plain(heading[:200]))
    return re.sub(r"[\s_\-*:：]", "", bare)


def load_columns(config_dir: Path, kind: str) -> Columns:
    """The accepted headings of a kind of file ("disclosures", "inquiries" or "slips")."""
    table = read_toml(config_dir / "import_headings.toml")
    accepted = {field: tuple(map(str, names)) for field, names in table[kind].items()}
    by_heading = {folded(name): field for field, names in accepted.items() for name in names}
    return Columns(accepted, by_heading, REQUIRED[kind], table.get("origins", {}), table.get("kinds", {}))


def refuse_headings(path: Path, found: Iterable[object], columns: Columns) -> UnknownHeadings:
    """The refusal of a file whose headings say nothing, with the list of accepted ones."""
    headings = [str(name).strip()[:200] for name in found if name not in (None, "")]
    seen = "、".join(name[:40] for name in headings)[:300] or "（无）"
    names = "\n".join(f"  {field}：{'、'.join(accepted)}" for field, accepted in columns.accepted.items())
    needed = "、".join(columns.accepted[field][0] for field in columns.required)
    return UnknownHeadings(f"认不出列名：{path}。必需的列：{needed}；文件中的列名：{seen}。\n可以接受的列名（config/import_headings.toml）：\n{names}", headings)
