"""The hash that binds what was seen, approved and given out."""

import hashlib
import json


def content_hash(title: str, question: str, reply: str, *, public: bool) -> str:
    """SHA-256 over question and reply as they stand, and over whom they are given to."""
    return hashlib.sha256(json.dumps([title, question, reply, public], ensure_ascii=False).encode()).hexdigest()
