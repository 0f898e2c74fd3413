"""The server's own key: made once under the home directory, never in the database, never in a log."""

import os
import secrets
from pathlib import Path

from board.errors import NotConfigured

KEY_BYTES = 32


def server_key(home: Path) -> bytes:
    """The key of this installation; made with mode 0600 when it is not there yet (two starts at once agree on one)."""
    path = home / "server.key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return read_key(path)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        return read_key(path)
    except OSError as error:
        raise NotConfigured(f"数据目录无法写入：{home}（{error.strerror}）。") from error


def read_key(path: Path) -> bytes:
    """The key in the file; NotConfigured when it is damaged."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise NotConfigured(f"密钥文件已损坏：{path}。") from error
    if len(key) != KEY_BYTES:
        raise NotConfigured(f"密钥文件已损坏：{path}。")
    return key
