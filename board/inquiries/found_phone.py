"""A telephone number that a citizen wrote into the text: offered as contact, which is not public."""

from responder.privacy import find_personal


def phone_in(text: str) -> str:
    """The first mobile number in the text, digits alone; "" for none."""
    found = next((one for one in find_personal(text) if one.kind == "mobile"), None)
    if found is None:
        return ""
    digits = "".join(str(int(sign)) for sign in text[found.start : found.end] if sign.isdecimal())
    return digits[-11:] if len(digits) >= 11 else ""
