"""Whose matter a question is: words that belong to other offices, unless it is one of ours or our documents speak of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from responder.places import Places, places
from responder.windows import Prepared

# So often a document of ours that is about a matter names it; a mention by the way is rarer.
_OFTEN = 3


@dataclass(frozen=True)
class Duties:
    """Other offices with the words of their matters, and the words of our own subjects (folded)."""

    others: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own: tuple[str, ...] = ()
    places: Places | None = None

    def at(self, home: str, office: str, within: Iterable[str] = ()) -> "Duties":
        """The same for an office of a place inside others, given its full name."""
        return replace(self, places=self.places.at(home, office, within) if self.places else None)

    def office_for(self, asked: str, documents: Sequence[Prepared]) -> str:
        """The other office whose matter is asked (ours of another place, else the one with the longest word), or "": a word of
        ours stands in the question too, or one of the documents that were found is about the matter.
        """
        if self.places and (there := self.places.office_for(asked, documents)):
            return there
        found = [(len(word), word, name) for name, words in self.others for word in words if word in asked]
        if not found or any(word in asked for word in self.own):
            return ""
        _, word, name = max(found)
        return "" if any(about(document, word) for document in documents) else name


def about(document: Prepared, word: str) -> bool:
    """Whether a document is about a matter: it stands in the head, or often in the text."""
    text = document.folded.text
    return word in document.over or text.count(word) >= _OFTEN


def duties(offices: Mapping[str, Any], taxonomy: Mapping[str, Any], around: Mapping[str, Any] | None = None) -> Duties:
    """Make the duties of parsed tables: [[offices]] name, words; [[subjects]] words; the places around (places.toml)."""
    others = tuple((str(office["name"]), _folded(office["words"])) for office in offices.get("offices", ()))
    own = tuple(word for subject in taxonomy.get("subjects", ()) for word in _folded(subject["words"]))
    return Duties(others, own, places(around) if around else None)


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    """Words in lower case without white space."""
    return tuple(re.sub(r"\s", "", word).lower() for word in words)
