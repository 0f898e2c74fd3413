"""``huiying run``: one process that starts web, relay, worker, beat and (when there is none) a Redis, and keeps them running.

Order of ending: web first (what was accepted is answered), then relay, beat and worker, then Redis; ten seconds in all.
"""

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import IO

from sqlalchemy import select

from board.clock import now
from board.errors import HuiyingError, NotConfigured, Unavailable
from board.inquiries.reconciling import heartbeats
from board.models import Account, Unit
from board.settings import Settings, load_settings, port_number
from board.storage import schema
from board.storage.engine import make_engine
from board.storage.secrets import server_key
from board.storage.unit_of_work import UnitOfWork
from worker import embedded
from worker.processes import Part, python_environment

DRAIN_SECONDS = 9.0
STALE = timedelta(seconds=120)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Supervisor:
    """The parts in the order of their start; ``run`` returns the exit code."""

    def __init__(self, settings: Settings, work: UnitOfWork, parts: Sequence[Part], address: str) -> None:
        self.settings, self.work, self.parts, self.address = settings, work, parts, address
        self.stopping = threading.Event()
        self.began = time.monotonic()
        self.began_at = now()
        self.checked = time.monotonic()
        self.announced: set[str] = set()

    def run(self) -> int:
        """Starts everything, looks after it, and drains when told to stop."""
        for part in self.parts:
            part.start()
        code = 0
        while not self.stopping.is_set():
            code = self.turn()
            if code:
                break
            self.stopping.wait(0.1)
        self.drain()
        return code

    def turn(self) -> int:
        """One look at every part; a non-zero result ends the supervisor (a part refuses to start as it is set up)."""
        for part in self.parts:
            code = part.look_after()
            if code is None:
                continue
            if code == 2 and part.failures == 1 and "web" not in self.announced:
                say(f"{part.name} 无法启动，已停止。")
                return 2
            say(f"{part.name} 已退出（{code}），将重新启动。")
        self.announce()
        if time.monotonic() - self.checked > 10:
            self.checked = time.monotonic()
            self.watch_worker()
        return 0

    def announce(self) -> None:
        """Says once that the pages can be reached, and once that worker and relay have shown life."""
        if "web" not in self.announced and answers(f"{self.address}/healthz"):
            self.announced.add("web")
            say(f"回应已启动：{self.address}/  工作平台：{self.address}/desk")
            for line in sample_lines(self.work, self.address):
                say(line)
        if "web" in self.announced and "all" not in self.announced and self.alive() >= {"relay", "worker"}:
            self.announced.add("all")
            say(f"全部就绪（{time.monotonic() - self.began:.1f} 秒）。按 Ctrl-C 结束。")

    def alive(self) -> set[str]:
        """The parts whose heartbeat is younger than this start."""
        try:
            with self.work.reading() as session:
                return {name for name, at in heartbeats(session).items() if at >= self.began_at}
        except Unavailable:
            return set()

    def watch_worker(self) -> None:
        """A worker that lives but takes no messages is started again, with beat (RELIABILITY 4, rows 8 and 15)."""
        pair = [part for part in self.parts if part.name in {"worker", "beat"}]
        if any(not part.running() or time.monotonic() - part.started < STALE.total_seconds() for part in pair):
            return
        try:
            with self.work.reading() as session:
                last = heartbeats(session).get("worker")
        except Unavailable:
            return
        if last is None or now() - last > STALE:
            say("worker 超过两分钟没有心跳，重新启动。")
            for part in pair:
                part.end_group(signal.SIGKILL)

    def drain(self) -> None:
        """Ends the parts one group after another within the time; kills what remains, and only what was started here."""
        say("正在结束……")
        deadline = time.monotonic() + DRAIN_SECONDS
        for group in (("web",), ("relay", "beat", "worker"), ("redis",)):
            chosen = [part for name in group for part in self.parts if part.name == name]
            for part in chosen:
                part.stop()
            for part in chosen:
                if not part.wait(deadline):
                    say(f"{part.name} 未按时结束，已强制停止。")
        say("已结束。")


def say(line: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def answers(url: str) -> bool:
    """Whether the page answers at all (any status below 500), within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  # our own address
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def sample_lines(work: UnitOfWork, address: str) -> list[str]:
    """Logins and password of the sample's accounts; [] without a sample or when the address is not this machine's own."""
    if address.removeprefix("http://").rsplit(":", 1)[0].strip("[]") not in LOOPBACK:
        return []
    with work.reading() as session:
        found = session.execute(select(Account.login, Account.display_name).where(Account.sample, Account.active).order_by(Account.id)).all()
    if not found:
        return []
    from board.sample import SAMPLE_PASSWORD

    names = "、".join(f"{login}（{name}）" for login, name in found)
    return [f"样例账号：{names}", f"样例密码：{SAMPLE_PASSWORD}（仅限本机使用）"]


def listen(host: str, port: int) -> socket.socket:
    """The listening socket that web inherits, so that a restart of web loses no connection; NotConfigured when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(1024)
    except OSError as error:
        sock.close()
        raise NotConfigured(f"端口 {port} 无法使用（{host}：{error.strerror}）。请换一个：huiying run --port N") from error
    return sock


def only_one(run: Path) -> IO[str]:
    """The lock of this home directory, held until the process ends; NotConfigured when another supervisor has it."""
    lock = (run / "supervisor.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise NotConfigured(f"此数据目录已有一个回应在运行：{run.parent}。") from error
    return lock


def prepare(settings: Settings, environment: Mapping[str, str]) -> UnitOfWork:
    """Migrates, and fills a database that has no unit yet with the sample bureau."""
    key = server_key(settings.home)
    engine = make_engine(settings.database_url)
    schema.upgrade(engine, key)
    work = UnitOfWork(engine, key)
    with work.reading() as session:
        empty = session.scalar(select(Unit.id).limit(1)) is None
    if empty:
        say("数据库为空，正在载入样例……")
        command = [sys.executable, "-m", "board.cli", "init", "--sample"]
        if subprocess.run(command, env=python_environment(environment), check=False).returncode != 0:  # noqa: S603  # our own command
            raise NotConfigured("样例没有载入。")
    return work


def parts_of(settings: Settings, environment: Mapping[str, str], sock: socket.socket, host: str) -> list[Part]:
    """All parts; Redis among them only when no broker is there already."""
    address, redis = embedded.chosen_broker(settings, environment)
    env = python_environment(environment, HUIYING_HOME=str(settings.home), HUIYING_BROKER=address, PORT=str(sock.getsockname()[1]))
    python, celery = sys.executable, [sys.executable, "-m", "celery", "-q", "-A", "worker.broker"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    parts = []
    if redis:
        path = embedded.socket_path(embedded.run_directory(settings))
        parts.append(Part("redis", redis, dict(environment), grace=1.5, before=lambda: path.unlink(missing_ok=True)))
    web = [python, "-m", "board.cli", "web", "--fd", str(sock.fileno()), "--host", host]
    parts.append(Part("web", web, env, grace=4.0, descriptors=(sock.fileno(),)))
    parts.append(Part("worker", [*celery, "worker", *quiet], env, grace=5.0))
    parts.append(Part("relay", [python, "-m", "worker.relay"], env, grace=4.0))
    parts.append(Part("beat", [*celery, "beat", "--pidfile="], env, grace=4.0))
    return parts


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 after a drain, 2 with one clear line when it cannot start."""
    parser = argparse.ArgumentParser(prog="huiying run")
    parser.add_argument("--port")
    parser.add_argument("--host")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings()
        host = given.host or str(settings.section("web")["host"])
        lock = only_one(embedded.run_directory(settings))
        sock = listen(host, port_number(given.port) if given.port else settings.port)
        work = prepare(settings, os.environ)
        name = f"[{host}]" if ":" in host else host
        parts = parts_of(settings, os.environ, sock, host)
        supervisor = Supervisor(settings, work, parts, f"http://{name}:{sock.getsockname()[1]}")
    except HuiyingError as error:
        sys.stderr.write(f"huiying：{error.message}\n")
        return 2

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    with lock, sock:
        return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())
