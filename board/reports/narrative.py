"""The report in words: the sections of the form (config/report_forms) with every number taken from the figures."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from board.errors import NotConfigured
from board.settings import read_toml

PLACE = re.compile(r"\{([a-z_.]+)\}")
FORM = re.compile(r"annual_(\d{4})\.toml")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; with ``figure`` (and ``value``) it is a number whose items can be listed."""

    text: str
    figure: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as its parts."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The paragraph as plain text."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its paragraphs and the names of its tables."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    grids: tuple[str, ...] = ()


Known = Mapping[str, Sequence[Part]]


def load_form(config_dir: Path, year: int) -> Mapping[str, Any]:
    """The form in use in that year: the newest of which ``from_year`` is not later; NotConfigured when there is none."""
    paths = (path for path in sorted((config_dir / "report_forms").glob("annual_*.toml")) if FORM.fullmatch(path.name))
    forms = [form for form in map(read_toml, paths) if int(form["from_year"]) <= year]
    if not forms:
        raise NotConfigured(f"config/report_forms 中没有适用于 {year} 年的年报格式。")
    return max(forms, key=lambda form: int(form["from_year"]))


def filled(template: str, known: Known) -> tuple[Part, ...]:
    """The template with its named places filled; NotConfigured for a name that is not known."""
    parts: list[Part] = []
    for index, piece in enumerate(PLACE.split(template)):
        if index % 2 == 0:
            parts += [Part(piece)] if piece else []
        elif piece in known:
            parts += known[piece]
        else:
            raise NotConfigured(f"年报格式中有不认识的名称：{{{piece}}}。")
    return tuple(parts)


def listed(template: str, join: str, entries: Iterable[Known]) -> list[Part]:
    """One phrase for each entry, joined."""
    result: list[Part] = []
    for entry in entries:
        result += [Part(join)] if result else []
        result += filled(template, entry)
    return result or [Part("无")]


def sections(form: Mapping[str, Any], known: Known, numbers: Mapping[str, float]) -> tuple[Section, ...]:
    """All sections of the form; ``numbers`` decide which paragraphs apply."""
    return tuple(
        Section(
            "".join(part.text for part in filled(section["title"], known)),
            tuple(Paragraph(filled(entry["text"], known)) for entry in section.get("paragraphs", ()) if applies(entry, numbers)),
            tuple(section.get("grids", ())),
        )
        for section in form["sections"]
    )


def applies(entry: Mapping[str, Any], numbers: Mapping[str, float]) -> bool:
    """Whether the conditions of a paragraph hold."""
    zero, some = entry.get("only_if_zero", ()), entry.get("only_if", ())
    return all(not numbers.get(name) for name in zero) and (not some or any(numbers.get(name) for name in some))
