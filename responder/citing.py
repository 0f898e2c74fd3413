"""A citizen's words as they may stand inside the quotation marks of a reply: masked, on one line, nothing that reads as the reply's own format."""

import re

from responder.privacy import mask_part

_TO_PLAIN = str.maketrans({"“": "‘", "”": "’", "「": "‘", "」": "’", "【": "〔", "】": "〕"})
_CUT = "……"


def cite(text: str, start: int, end: int, longest: int) -> str:
    """text[start:end] for a quotation of at most ``longest`` characters; its end is kept when it is too long: there it asks."""
    words = re.sub(r"\s+", " ", mask_part(text, start, end)).strip().translate(_TO_PLAIN)
    return words if len(words) <= longest else _CUT + words[-(longest - len(_CUT)) :]
