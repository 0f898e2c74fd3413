"""Bytes of files in the office's home, named by their SHA-256: written whole or not at all, never overwritten."""

import hashlib
import os
import tempfile
from pathlib import Path


def digest_of(content: bytes) -> str:
    """The name of some bytes: their SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def path_of(home: Path, digest: str) -> Path:
    """Where the bytes of this name lie."""
    return home / "files" / digest[:2] / digest


def put(home: Path, content: bytes) -> str:
    """Stores bytes and returns their name; what is there already stays. OSError when the disk refuses: nothing half-written is left.

    Written before the row that names them is committed: a row never lacks its bytes, bytes without a row are harmless.
    """
    digest = digest_of(content)
    target = path_of(home, digest)
    if target.is_file() and target.stat().st_size == len(content):
        return digest
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest
