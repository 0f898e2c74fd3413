"""Posts, and a clerk typing, while web, relay, worker and Redis are killed: nothing lost, nothing doubled, nothing stuck (RELIABILITY R1 to R3, T1).

Only processes started here are killed, by their group. The oracle reads the database alone.
"""

import json
import os
import random
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from board.models import Event, Inquiry, OutboxRow, OutboxState, Reply
from board.office import Office
from tests.bureau import Bureau
from tests.chaos.typing_clerk import TypingClerk, check_kept
from worker import embedded
from worker.processes import Part, python_environment
from worker.supervisor import listen

NIGHTLY = bool(os.environ.get("HUIYING_NIGHTLY"))
POSTS, KILLS, CITIZENS = (10_000, 200, 8) if NIGHTLY else (300, 20, 6)
SEED = int(os.environ.get("HUIYING_SEED", "20161231"))
ROLES = ("web", "relay", "worker", "redis")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The embedded default: SQLite."""
    return sqlite_url


class Machine:
    """The four roles as processes of their own, with the commands of the supervisor."""

    def __init__(self, office: Office, sock: socket.socket, log: Path) -> None:
        run = embedded.run_directory(office.settings)
        path = embedded.socket_path(run)
        binary = embedded.redis_binary()
        assert binary is not None
        home, python = str(office.settings.home), sys.executable
        env = python_environment(
            {**os.environ}, HUIYING_HOME=home, DATABASE_URL=office.settings.database_url, HUIYING_BROKER=f"redis+socket://{path}", HUIYING_RATE_LIMITS="off"
        )
        out = log.open("w", encoding="utf-8")
        celery = [python, "-m", "celery", "-q", "-A", "worker.broker", "worker", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.parts = {
            "redis": Part("redis", embedded.redis_command(binary, path), env, before=lambda: path.unlink(missing_ok=True), log=out),
            "web": Part("web", [python, "-m", "board.cli", "web", "--fd", str(sock.fileno())], env, descriptors=(sock.fileno(),), log=out),
            "worker": Part("worker", celery, env, log=out),
            "relay": Part("relay", [python, "-m", "worker.relay"], env, log=out),
        }
        self.log = out

    def start(self) -> None:
        """Starts all four."""
        for part in self.parts.values():
            part.start()

    def kill(self, role: str) -> None:
        """SIGKILL to the whole group of the role, parent and children."""
        part = self.parts[role]
        part.end_group(9)
        assert part.process is not None
        part.process.wait(5)

    def end(self) -> None:
        """Kills what is left."""
        for role in ROLES:
            self.kill(role)
        self.log.close()


@pytest.fixture
def machine(bureau: Bureau, tmp_path: Path) -> Iterator[tuple[Machine, str]]:
    """A running machine and the address of its web side."""
    with listen("127.0.0.1", 0) as sock:
        made = Machine(bureau.office, sock, tmp_path / "machine.log")
        made.start()
        yield made, f"http://127.0.0.1:{sock.getsockname()[1]}"
        made.end()


def post_until_accepted(address: str, nonce: str, deadline: float) -> str:
    """Posts with the same nonce again and again until the answer is 201; returns the number."""
    body = {"text": f"失业保险金怎么申领？需要什么材料？（{nonce}）", "publish": True, "nonce": nonce}
    request = urllib.request.Request(f"{address}/api/v1/inquiries", json.dumps(body).encode(), {"Content-Type": "application/json"})
    last = "no answer"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                assert answer.status == 201
                return str(json.load(answer)["number"])
        except urllib.error.HTTPError as error:
            last = f"{error.code} {error.read()[:300]!r}"
            if error.code not in {429, 503}:
                raise AssertionError(last) from error
        except (OSError, ValueError, HTTPException) as error:
            last = repr(error)
        time.sleep(0.1)
    raise AssertionError(f"never accepted: {nonce}: {last}")


class Citizens:
    """Posters in threads; each writes down what it got."""

    def __init__(self, address: str, seed: int) -> None:
        self.accepted: dict[str, str] = {}
        self.errors: list[str] = []
        self.nonces = iter([f"nonce-{seed}-{k:05d}" for k in range(POSTS)])
        self.lock = threading.Lock()
        self.pause = 0.0 if NIGHTLY else CITIZENS * 14 / POSTS
        self.threads = [threading.Thread(target=self.work, args=(address,), daemon=True) for _ in range(CITIZENS)]

    def work(self, address: str) -> None:
        """One citizen after another."""
        while True:
            with self.lock:
                nonce = next(self.nonces, None)
            if nonce is None:
                return
            try:
                number = post_until_accepted(address, nonce, time.monotonic() + 60)
            except AssertionError as error:
                self.errors.append(str(error))
                return
            with self.lock:
                self.accepted[nonce] = number
            time.sleep(self.pause)


def open_rows(office: Office) -> int:
    """Inquiries that have no draft yet and rows that are not done."""
    with office.work.reading() as session:
        rows = session.scalar(select(func.count()).where(OutboxRow.state == OutboxState.open)) or 0
        undrafted = session.scalar(select(func.count()).where(~select(Reply.id).where(Reply.inquiry_id == Inquiry.id).exists())) or 0
    return rows + undrafted


@pytest.mark.chaos
@pytest.mark.timeout(7200 if NIGHTLY else 150)
def test_nothing_is_lost_doubled_or_stuck(bureau: Bureau, machine: tuple[Machine, str], until: Callable[..., float], tmp_path: Path) -> None:
    parts, address = machine
    chance = random.Random(SEED)
    began = time.monotonic()
    clerk = TypingClerk(address, post_until_accepted(address, f"first-{SEED}", began + 30))
    until(lambda: open_rows(bureau.office) == 0, 30, f"no draft; log in {tmp_path}", 0.1)
    clerk.begin()
    citizens = Citizens(address, SEED)
    for thread in citizens.threads:
        thread.start()
    killed = kill_at_random(parts, chance, clerk)
    last_kill = time.monotonic()
    for thread in citizens.threads:
        thread.join(7000 if NIGHTLY else 60)
    assert citizens.errors == []
    page = clerk.end()
    settled = until(lambda: open_rows(bureau.office) == 0, last_kill + 60 - time.monotonic(), f"stuck; {state(bureau.office)}; log in {tmp_path}", 0.2)
    report = f"seed {SEED}: {len(citizens.accepted)} accepted, kills {killed}, settled {time.monotonic() - last_kill:.1f} s after the last kill"
    sys.stdout.write(f"{report} ({settled:.1f} s after the last post), {time.monotonic() - began:.1f} s in all; {len(clerk.acknowledged)} texts kept, {clerk.unanswered} unanswered\n")
    check(bureau.office, citizens.accepted)
    check_kept(bureau.office, clerk, page)


def kill_at_random(machine: Machine, chance: random.Random, clerk: TypingClerk) -> dict[str, int]:
    """Kills in gaps of 0.4 to 1.2 s, each role at least once, web while the clerk sends; what was killed comes back 0 to 0.6 s later."""
    order = [*ROLES, *chance.choices(ROLES, k=KILLS - len(ROLES))]
    chance.shuffle(order)
    for role in order:
        time.sleep(chance.uniform(0.4, 1.2))
        kill_one(machine, role, clerk)
        time.sleep(chance.uniform(0, 0.6))
        machine.parts[role].start()
    for _ in range(10):  # a request that was not taken up yet waits for the next process: until one was cut off
        if clerk.unanswered:
            break
        time.sleep(chance.uniform(0.4, 1.2))
        order.append("web")
        kill_one(machine, "web", clerk)
        machine.parts["web"].start()
    return {role: order.count(role) for role in ROLES}


def kill_one(machine: Machine, role: str, clerk: TypingClerk) -> None:
    """Kills a role, web while the clerk's text is on its way."""
    if role == "web":
        clerk.sending.wait(1)
    machine.kill(role)


def state(office: Office) -> dict[str, int]:
    """Rows of the outbox by state, for the message of a failure."""
    with office.work.reading() as session:
        return {str(kind): count for kind, count in session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))}


def check(office: Office, accepted: dict[str, str]) -> None:
    """The oracle: every accepted post is there once, with one draft in force, one event of each kind, one row that is done."""
    with office.work.reading() as session:
        numbers = set(session.scalars(select(Inquiry.number)))
        assert set(accepted.values()) <= numbers, "lost"
        assert len(set(accepted.values())) == len(accepted) == POSTS, "one receipt for two posts"
        assert len(numbers) == POSTS + 1, "doubled"
        for what in (
            select(Reply.inquiry_id, func.count()).group_by(Reply.inquiry_id),
            select(Reply.inquiry_id, func.count()).where(Reply.in_force).group_by(Reply.inquiry_id),
            select(Event.inquiry_id, func.count()).where(Event.action == "post").group_by(Event.inquiry_id),
            select(Event.inquiry_id, func.count()).where(Event.action == "draft").group_by(Event.inquiry_id),
            select(OutboxRow.subject, func.count()).where(OutboxRow.task == "draft_reply", OutboxRow.state == OutboxState.done).group_by(OutboxRow.subject),
        ):
            counts = [count for _, count in session.execute(what)]
            assert counts == [1] * (POSTS + 1)
