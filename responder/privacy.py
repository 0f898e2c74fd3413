"""Find and mask personal data; matching runs on folded text, masking on the original spans."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from responder.personal_numbers import Hit, find_numbers
from responder.personal_words import find_words, surname_length
from responder.text import fold, invisible, plain

# The kind that wins where two findings cover the same place.
_PRIORITY = ("id_card", "bank_card", "mobile", "email", "document", "account", "plate", "landline", "address", "name")
_ROUNDS = 8
_GAPS = re.compile(r"<[^<>\n]{1,40}>|[\s\-._·•—–~|()+#]")
_HOUSE_NUMBERS = re.compile("[0-9a-zA-Z一二三四五六七八九十百零]+")
_OFFICE = frozenset({"landline", "mobile", "email"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A piece of personal data: its place in the original text, its kind, and whether a rule proves it."""

    start: int
    end: int
    kind: str
    certain: bool


def _resolve(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the most telling hit at each place; a hit that only partly overlaps widens the one that stays."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, _PRIORITY.index(hit.kind), -hit.end)):
        before = kept[-1] if kept else None
        if before is None or hit.start >= before.end:
            kept.append(hit)
            continue
        best = min(before, hit, key=lambda one: (not one.certain, _PRIORITY.index(one.kind)))
        kept[-1] = best._replace(start=before.start, end=max(before.end, hit.end))
    return kept


def _same_number(found: str, allowed: frozenset[str]) -> bool:
    """Say whether a found number or address is one of the office's own (area code and extension are free)."""
    digits = re.sub(r"\D", "", found)
    return any(
        plain(own) == found or (len(number := re.sub(r"\D", "", own)) > 6 and (digits == number or digits.endswith(number)))
        for own in allowed
    )


def find_personal(text: str, allowed: frozenset[str] = frozenset()) -> list[Finding]:
    """Return personal data in order of place; `allowed` are the office's own telephone numbers and e-mail addresses."""
    folded = fold(text)
    hits = _resolve((*find_numbers(folded.text), *find_words(folded.text)))
    return [
        Finding(*folded.span(hit.start, hit.end), hit.kind, hit.certain)
        for hit in hits
        if not (hit.kind in _OFFICE and _same_number(folded.text[hit.start : hit.end], allowed))
    ]


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


def mask(text: str, allowed: frozenset[str] = frozenset()) -> str:
    """Return text with all personal data masked; masking a masked text changes nothing."""
    for _ in range(_ROUNDS):
        findings = find_personal(text, allowed)
        if not findings:
            break
        text = _mask_once(text, findings)
    return text
