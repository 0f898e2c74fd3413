"""Whether a question is about another place than the office's own, and the office there: "西安的社保卡在哪里补办" asked in a county elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from responder.windows import Prepared

_NOTE = re.compile(r"[(（].*?[)）]")
_ENDING = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|[省市县区旗盟州])$")
_NEAR = 30
# A document that only mentions a place by the way does not make it ours.
_OFTEN = 3


@dataclass(frozen=True)
class Places:
    """Names of places (as they are said) with their full names, and how a text shows that one is only passed through.
    ``home`` is the office's own place ("" : unknown, then nothing is elsewhere), ``office`` what it is without its place.
    """

    full: Mapping[str, str]
    names: re.Pattern[str]
    moving: re.Pattern[str]
    opening: re.Pattern[str]
    asks: re.Pattern[str]
    asks_there: re.Pattern[str]
    home: str = ""
    office: str = ""
    within: tuple[str, ...] = ()

    def at(self, home: str, office: str, within: Iterable[str] = ()) -> "Places":
        """The same for an office of a place inside others, given its full name."""
        own = _NOTE.sub("", office).strip()
        around = tuple(_ENDING.sub("", name) for name in within)
        return replace(self, home=_ENDING.sub("", home), office=own.removeprefix(home) if home and own.startswith(home) else "", within=around)

    def office_for(self, asked: str, documents: Sequence[Prepared]) -> str:
        """The office of another place whose matter a folded question is, or "": none is asked about, ours is named too, something
        moves between places, or a document that was found speaks of that place.
        """
        if not self.home or self.home in asked or self.moving.search(asked):
            return ""
        for found in self.names.finditer(asked):
            name = found.group()
            full = self.full.get(name, name if name.endswith("市") else f"{name}市")
            bare = name.removesuffix("市")
            if bare in self.within or bare == self.home or not self._asked_about(asked, *found.span()) or _spoken_of(documents, bare):
                continue
            return f"{full}{self.office or '有关部门'}"
        return ""

    def _asked_about(self, asked: str, start: int, end: int) -> bool:
        """Whether the question is about a place that it names, not about somebody who works there or comes from there."""
        before = self.opening.search(asked[max(0, start - _NEAR) : start])
        if not before:
            return False
        return bool((self.asks_there if before["at"] else self.asks).search(asked[end:].lstrip()))


def _spoken_of(documents: Iterable[Prepared], place: str) -> bool:
    """Whether one of some documents is about a place, or of it."""
    return any(place in document.over or document.folded.text.count(place) >= _OFTEN for document in documents)


def places(table: Mapping[str, Any]) -> Places:
    """Compile config/places.toml; raises re.error, KeyError or TypeError when it is damaged."""
    only_full = frozenset(table["only_full"])
    full = {str(name): str(whole) for name, whole in table["full"].items()}
    said = [name for name in (*full, *table["cities"]) if name not in only_full]
    said += [f"{name}市" for name in only_full]
    names = re.compile("|".join(map(re.escape, sorted(said, key=len, reverse=True))) or r"(?!)")
    moving, opening, asks, asks_there = (re.compile(table[name]) for name in ("moving", "opening", "asks", "asks_there"))
    return Places(full, names, moving, opening, asks, asks_there)
