"""The tracking code (查询码): the secret with which a citizen without an account follows an inquiry.

It is derived from the server's key and the form's nonce, so that a retry shows the same one although only its hash is stored.
"""

import hashlib
import hmac
import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U, so that it can be read aloud
SYMBOLS = 16  # x 5 bits = 80 bits
LOOK_ALIKE = str.maketrans("ILOU", "110V")


def tracking_code(key: bytes, nonce: str) -> str:
    """Four groups of four symbols, 80 bits, e.g. ``7K2M-Q0ZD-94TB-XW1C``."""
    number = int.from_bytes(hmac.new(key, b"tracking code\0" + nonce.encode(), hashlib.sha256).digest(), "big")
    symbols = "".join(ALPHABET[number >> 5 * place & 31] for place in range(SYMBOLS))
    return "-".join(symbols[start : start + 4] for start in range(0, SYMBOLS, 4))


def code_hash(key: bytes, code: str) -> str:
    """What is stored of a code; case, width, spaces, hyphens and look-alike letters do not matter."""
    plain = unicodedata.normalize("NFKC", code[:100]).upper()
    symbols = re.sub(r"[^0-9A-Z]", "", plain).translate(LOOK_ALIKE)
    return hmac.new(key, b"tracking hash\0" + symbols.encode(), hashlib.sha256).hexdigest()


def nonce_hash(key: bytes, nonce: str) -> str:
    """What is stored of a form's nonce: one inquiry for each."""
    return hmac.new(key, b"form nonce\0" + nonce.encode(), hashlib.sha256).hexdigest()
