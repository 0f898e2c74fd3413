"""A citizen's words as they may stand inside the quotation marks of a reply: masked, on one line, nothing that reads as the reply's own format."""

import re

from responder.privacy import find_personal, mask_part

_TO_PLAIN = str.maketrans({"“": "‘", "”": "’", "「": "‘", "」": "’", "【": "〔", "】": "〕"})
_SAYS_ENOUGH = 6
_EDGES = " ,，。、;；:："
_CUT = "……"


def cite(text: str, start: int, end: int, longest: int) -> str:
    """text[start:end] for a quotation of at most ``longest`` characters; its end is kept when it is too long: there it asks.
    Who asks is left out where the question goes on behind it ("我叫…，"), and masked elsewhere.
    """
    behind = max((found.end for found in find_personal(text) if start <= found.start < end), default=start)
    if sum(letter.isalnum() for letter in text[behind:end]) >= _SAYS_ENOUGH:
        start = behind
    words = re.sub(r"\s+", " ", mask_part(text, start, end)).strip(_EDGES).translate(_TO_PLAIN)
    return words if len(words) <= longest else _CUT + words[-(longest - len(_CUT)) :]
