"""Whether a document may be quoted today (有效性)."""

from datetime import date

from board.models import Disclosure, Validity

ENDED = frozenset({Validity.repealed, Validity.expired})


def in_force(disclosure: Disclosure, today: date) -> bool:
    """False for a repealed or expired document, and outside its dates of validity."""
    if disclosure.validity in ENDED:
        return False
    begun = disclosure.valid_from is None or disclosure.valid_from <= today
    return begun and (disclosure.valid_until is None or disclosure.valid_until >= today)
