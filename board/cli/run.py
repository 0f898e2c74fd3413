"""``huiying run``: hands over to the supervisor, which is a program of its own (nothing of it is imported here)."""

import os
import sys
from pathlib import Path

import click


@click.command(short_help="启动全部服务", help="一条命令启动网站、后台任务与消息中转，按 Ctrl-C 结束。\n\n例：huiying run --port 8080")
@click.option("--port", type=click.IntRange(0, 65535), help="端口，默认取 PORT 或配置文件中的端口。")
@click.option("--host", help="监听地址，默认只供本机访问。")
def command(port: int | None, host: str | None) -> None:
    """Becomes the supervisor; signals reach it directly."""
    options = ([] if port is None else ["--port", str(port)]) + ([] if host is None else ["--host", host])
    root = str(Path(__file__).resolve().parents[2])
    os.environ["PYTHONPATH"] = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "worker.supervisor", *options])  # noqa: S606  # our own program
