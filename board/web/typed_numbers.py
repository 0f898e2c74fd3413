"""Numbers and dates as Chinese input methods write them: １２３ and ２０２６－０１－３１ are taken like 123 and 2026-01-31, in every form and address."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

#: a value that is a number, a date or a time and nothing else; words that somebody wrote are never changed
NUMBER = re.compile(r"[\s\d０-９.．:：/／－–—-]*[０-９][\s\d０-９.．:：/／－–—-]*")
DASHES = str.maketrans("–—", "--")
#: what must stay sign by sign
KEPT = ("password", "passphrase")
LONGEST = 40


class TypedFields(ImmutableMultiDict[str, str]):
    """Fields of a form or of an address, full-width numbers made plain; files that were sent pass through here as well and stay as they are."""

    def __init__(self, mapping: Any = None) -> None:
        fields: Iterable[tuple[str, str]] = MultiDict(mapping).items(multi=True)
        super().__init__([(name, plain_number(name, value) if isinstance(value, str) else value) for name, value in fields])


class OfficeRequest(Request):
    """A request whose numbers and dates may be typed in full width."""

    parameter_storage_class = TypedFields


def plain_number(name: str, value: str) -> str:
    """The value with plain digits when it is a number, a date or a time; any other value as it is."""
    if len(value) > LONGEST or any(part in name for part in KEPT) or not NUMBER.fullmatch(value):
        return value
    return unicodedata.normalize("NFKC", value).translate(DASHES).strip()
