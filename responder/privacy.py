"""Find and mask personal data; matching runs on folded text, masking on the original spans."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from responder.personal_numbers import Hit, find_numbers
from responder.personal_words import find_words, surname_length
from responder.text import fold, invisible, plain

# The kind that wins where two findings cover the same place.
_PRIORITY = ("id_card", "bank_card", "mobile", "email", "document", "account", "plate", "landline", "address", "name")
_ROUNDS = 8
_GAPS = re.compile(r"<[^<>\n]{1,40}>|[\s\-._·•—–~|()+#\u0300-\u036f\u20d0-\u20ff]")
_HOUSE_NUMBERS = re.compile("[0-9a-zA-Z一二三四五六七八九十百零]+")
_OFFICE_KINDS = frozenset({"landline", "email", "account"})
_EXTENSION = re.compile(r"\s?[\-转]{1,2}\s?[0-9]{1,5}\Z")
_TELEPHONE = re.compile(r"[0-9\s()+\-—–转.]{3,40}")
_SHORTEST_NUMBER = 7  # digits of a landline without its area code


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A piece of personal data: its place in the original text, its kind, and whether a rule proves it."""

    start: int
    end: int
    kind: str
    certain: bool


def _rank(hit: Hit) -> tuple[int, bool, int]:
    """Order hits by how much they tell: the longer one, then the proven one, then the kind."""
    return hit.start - hit.end, not hit.certain, _PRIORITY.index(hit.kind)


def _resolve(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the most telling hit at each place; a hit that only partly overlaps widens the one that stays."""
    kept: list[Hit] = []
    for hit in sorted(hits):
        before = kept[-1] if kept else None
        if before is None or hit.start >= before.end:
            kept.append(hit)
        else:
            kept[-1] = min(before, hit, key=_rank)._replace(start=before.start, end=max(before.end, hit.end))
    return kept


def _bare_number(number: str) -> str:
    """Return a telephone number's digits without its extension."""
    main = _EXTENSION.sub("", number)
    digits = re.sub(r"\D", "", main)
    return digits if len(digits) >= _SHORTEST_NUMBER else re.sub(r"\D", "", number)


def _office_own(kind: str, found: str, own: frozenset[str]) -> bool:
    """Say whether a found place is one of the office's own; a landline may come with or without area code."""
    if kind == "address":
        return any(found.strip(" ,\n") in place for place in own)
    if kind not in ("landline", "mobile"):
        return found in own
    digits = _bare_number(found)
    if kind == "mobile":
        return digits in own
    return any(number.endswith(digits) or (len(number) >= _SHORTEST_NUMBER and digits.endswith(number)) for number in own)


def _comparable(allowed: frozenset[str]) -> frozenset[str]:
    """Return the office's own numbers as bare digits, and everything else folded."""
    folded = map(plain, allowed)
    return frozenset(_bare_number(own) if _TELEPHONE.fullmatch(own) else own for own in folded)


def find_personal(text: str, allowed: frozenset[str] = frozenset()) -> list[Finding]:
    """Return personal data in order of place; `allowed` are the office's own numbers, addresses and staff names."""
    folded = fold(text)
    hits = _resolve((*find_numbers(folded.text), *find_words(folded.text)))
    own = _comparable(allowed)
    return [
        Finding(*folded.span(hit.start, hit.end), hit.kind, hit.certain)
        for hit in hits
        if not (own and _office_own(hit.kind, folded.text[hit.start : hit.end], own))
    ]


def published_contacts(text: str) -> frozenset[str]:
    """Return landlines, e-mail addresses and accounts of a document the office published, to be let through in quotes."""
    return frozenset(text[found.start : found.end] for found in find_personal(text) if found.kind in _OFFICE_KINDS)


def _shown(original: str) -> str:
    """Return what a span says once width, invisible characters and separators are taken away."""
    visible = "".join(character for character in original if not invisible(character))
    return _GAPS.sub("", unicodedata.normalize("NFKC", visible))


def _mask_mobile(original: str) -> str:
    shown = _shown(original)
    return f"{shown[:3]}****{shown[-4:]}"


def _mask_id(original: str) -> str:
    shown = _shown(original)
    tail = 4 if len(shown) > 15 else 3
    return f"{shown[:6]}{'*' * (len(shown) - 6 - tail)}{shown[-tail:]}"


def _mask_tail(original: str) -> str:
    return f"****{_shown(original)[-4:]}"


def _mask_short(original: str) -> str:
    return f"****{_shown(original)[-2:]}"


def _mask_landline(original: str) -> str:
    return f"****{_shown(original)[-3:]}"


def _mask_plate(original: str) -> str:
    shown = _shown(original)
    return f"{shown[:2]}***{shown[-2:]}"


def _mask_email(original: str) -> str:
    shown = unicodedata.normalize("NFKC", original)
    local, sign, domain = shown.partition("@")
    return f"{local[0]}***@{domain}" if sign else f"{shown[0]}***"


def _mask_name(original: str) -> str:
    shown = _shown(original)
    surname = surname_length(plain(shown))
    return shown[:surname] + "*" * (len(shown) - surname)


def _mask_address(original: str) -> str:
    return _HOUSE_NUMBERS.sub("**", unicodedata.normalize("NFKC", original))


_MASKS: dict[str, Callable[[str], str]] = {
    "id_card": _mask_id,
    "bank_card": _mask_tail,
    "mobile": _mask_mobile,
    "email": _mask_email,
    "document": _mask_short,
    "account": lambda _original: "****",
    "plate": _mask_plate,
    "landline": _mask_landline,
    "address": _mask_address,
    "name": _mask_name,
}


def _mask_once(text: str, findings: list[Finding]) -> str:
    """Put the masks in place; line ends inside a masked span stay behind it, so lines still count the same."""
    pieces: list[str] = []
    position = 0
    for finding in findings:
        original = text[finding.start : finding.end]
        pieces += (text[position : finding.start], _MASKS[finding.kind](original), "\n" * original.count("\n"))
        position = finding.end
    return "".join(pieces) + text[position:]


def mask_part(text: str, start: int, end: int) -> str:
    """Return text[start:end] masked as it is inside the whole: what only the words around it betray is masked too."""
    found = [finding for finding in find_personal(text) if finding.start < end and finding.end > start]
    first, last = min([start, *(finding.start for finding in found)]), max([end, *(finding.end for finding in found)])
    moved = [replace(finding, start=finding.start - first, end=finding.end - first) for finding in found]
    return mask(_mask_once(text[first:last], moved))


def covered(text: str, finding: Finding) -> str:
    """Return the mask of one finding of this text."""
    return _MASKS[finding.kind](text[finding.start : finding.end])


def mask(text: str, allowed: frozenset[str] = frozenset()) -> str:
    """Return text with all personal data masked; masking a masked text changes nothing."""
    for _ in range(_ROUNDS):
        findings = find_personal(text, allowed)
        if not findings:
            break
        text = _mask_once(text, findings)
    return text
