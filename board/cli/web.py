"""``huiying web``: the web process alone. It answers what it has accepted before it ends on SIGTERM."""

import logging
import signal
import socket
import threading
import time
from typing import Any

import click

DRAIN_SECONDS = 3.0
#: what the server takes at all; the application refuses far less, in words and with its headers
BODY_MOST = 32_000_000


@click.command(short_help="只启动网站", help="只启动网站（生产环境可改用 gunicorn）。\n\n例：huiying web --port 8080")
@click.option("--port", type=click.IntRange(0, 65535), help="端口，默认取 PORT 或配置文件中的端口。")
@click.option("--host", help="监听地址，默认只供本机访问。")
@click.option("--fd", type=int, help="已在监听的套接字（由 huiying run 传入）。")
def command(port: int | None, host: str | None, fd: int | None) -> None:
    """Serves board.app with waitress until SIGTERM or SIGINT."""
    import waitress

    from board.app import create_app
    from board.errors import NotConfigured
    from board.office import open_office

    office = open_office()
    web = office.settings.section("web")
    channels: dict[int, Any] = {}
    place = {"sockets": [socket.socket(fileno=fd)]} if fd is not None else {"host": host or web["host"], "port": office.settings.port if port is None else port}
    stopping = threading.Event()
    try:
        server = waitress.create_server(
            create_app(office), map=channels, threads=int(web["threads"]), ident=None, channel_timeout=60,
            max_request_body_size=BODY_MOST, clear_untrusted_proxy_headers=False, **place,
        )  # fmt: skip
    except OSError as error:
        raise NotConfigured(f"端口无法使用：{error.strerror}。请换一个：huiying web --port N") from error

    def stop(*_: object) -> None:
        stopping.set()
        server.pull_trigger()

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue for a moment is no news
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    serve(server, channels, stopping)


def serve(server: Any, channels: dict[int, Any], stopping: threading.Event) -> None:
    """Turns the server's loop; when told to stop takes no new connection and finishes the requests under way (three seconds)."""

    def turn(seconds: float) -> None:
        server.asyncore.loop(timeout=seconds, use_poll=True, map=channels, count=1)

    while not stopping.is_set():
        turn(1.0)
    turn(0.0)
    server.accepting = False
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline and any(busy(channel) for channel in list(server.active_channels.values())):
        turn(0.05)
    server.task_dispatcher.shutdown(timeout=1)


def busy(channel: Any) -> bool:
    """Whether a request is being received, served or answered on this connection."""
    return bool(channel.requests or channel.request is not None or channel.total_outbufs_len)
