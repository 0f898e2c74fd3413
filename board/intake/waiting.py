"""Files that somebody has sent and not yet confirmed: kept for a day under an unguessable name, readable by the office only."""

import os
import re
import secrets
import time
from pathlib import Path

KEPT_SECONDS = 86_400


def keep(home: Path, content: bytes, suffix: str) -> str:
    """Keeps the bytes and returns the key under which they are found again; what is older than a day goes."""
    place = home / "waiting"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in place.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    key = secrets.token_hex(16) + suffix
    handle = os.open(place / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return key


def find(home: Path, key: str) -> Path | None:
    """Where the bytes lie; None for an unknown key or one that was given up."""
    path = home / "waiting" / key
    return path if re.fullmatch(r"[0-9a-f]{32}(?:\.[a-z]{3,5})?", key) and path.is_file() else None


def forget(home: Path, key: str) -> None:
    """Gives the bytes up."""
    path = find(home, key)
    if path is not None:
        path.unlink(missing_ok=True)
