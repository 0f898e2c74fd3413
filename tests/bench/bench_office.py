"""Measure the running office: posting with and without a broker, the draft's delay, the imports.

    python -m tests.bench.bench_office [--shared DIR]

Posting goes through HTTP to the real web process, four citizens at once, beside GET /healthz of the same server as the floor.
Everything started here runs in a temporary home, listens on loopback, and is ended here.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from worker.embedded import redis_binary

ROOT = Path(__file__).resolve().parents[2]
POSTS, CITIZENS = 400, 4
QUESTION = "失业保险金怎么申领，需要提交什么材料？"


def environment(home: Path) -> dict[str, str]:
    """Settings of a private office without rate limits."""
    return {**os.environ, "HUIYING_HOME": str(home), "HUIYING_RATE_LIMITS": "off", "PYTHONPATH": str(ROOT)}


def huiying(home: Path, *arguments: str) -> float:
    """Runs a command to its end; returns seconds."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "board.cli", *arguments], env=environment(home), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def free_port() -> int:
    """A port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str, body: dict[str, object] | None = None) -> dict[str, object]:
    """The JSON of an address."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, object] = json.loads(answer.read())
        return found


def timed(call: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each call, made by several citizens at once."""
    taken: list[float] = []

    def citizen() -> None:
        for _ in range(times // CITIZENS):
            began = time.perf_counter()
            call()
            taken.append(1000 * (time.perf_counter() - began))

    citizens = [threading.Thread(target=citizen) for _ in range(CITIZENS)]
    for one in citizens:
        one.start()
    for one in citizens:
        one.join()
    return taken


def row(name: str, taken: list[float]) -> str:
    """One line of the table: p50, p95, p99."""
    cuts = statistics.quantiles(taken, n=100)
    return f"| {name} | {len(taken)} | {cuts[49]:.1f} | {cuts[94]:.1f} | {cuts[98]:.1f} |"


def with_server(home: Path, command: str, work: Callable[[str], list[str]]) -> list[str]:
    """Runs ``work(address)`` beside a server started for it."""
    port = free_port()
    options = ["--port", str(port)]
    server = subprocess.Popen([sys.executable, "-m", "board.cli", command, *options], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                fetch(f"{address}/healthz")
                break
            except OSError:
                time.sleep(0.1)
        return work(address)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def posting(name: str) -> Callable[[str], list[str]]:
    """The rows of posting and of the floor."""

    def work(address: str) -> list[str]:
        post = timed(lambda: fetch(f"{address}/api/v1/inquiries", {"text": QUESTION, "publish": True}), POSTS)
        floor = timed(lambda: fetch(f"{address}/healthz"), POSTS)
        return [row(f"POST /api/v1/inquiries, {name}", post), row(f"GET /healthz, {name}", floor)]

    return work


def drafting(home: Path) -> Callable[[str], list[str]]:
    """How long after its receipt an inquiry has its draft, seen in the database, one after the other."""

    def work(address: str) -> list[str]:
        import sqlite3

        time.sleep(6)
        taken = []
        for _ in range(20):
            number = fetch(f"{address}/api/v1/inquiries", {"text": QUESTION, "publish": True})["number"]
            began = time.perf_counter()
            found = "SELECT 1 FROM replies JOIN inquiries ON inquiries.id = inquiry_id WHERE number = ?"
            with sqlite3.connect(home / "huiying.db") as database:
                while not database.execute(found, (number,)).fetchone() and time.perf_counter() - began < 30:
                    time.sleep(0.02)
            taken.append(1000 * (time.perf_counter() - began))
        return [row("draft on the desk after the receipt", taken)]

    return work


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared"))
    data = parser.parse_args().shared / "data"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "var"
        print(f"init --sample: {huiying(home, 'init', '--sample'):.1f} s\n")
        print("| what | n | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|")
        lines = with_server(home, "web", posting("no broker at all"))
        if redis_binary() is not None:
            lines += with_server(home, "run", posting("everything runs"))
            fresh = Path(folder) / "fresh"
            huiying(fresh, "init", "--sample")
            lines += with_server(fresh, "run", drafting(fresh))
        print("\n".join(lines))
        if data.is_dir():
            other = Path(folder) / "import"
            huiying(other, "init")
            documents = huiying(other, "import", "disclosures", str(data / "disclosures_hrss.jsonl"))
            letters = huiying(other, "import", "inquiries", str(data / "messages_with_replies.jsonl"))
            print(f"\nimport of 589 disclosures {documents:.1f} s, of 2,816 inquiries {letters:.1f} s")


if __name__ == "__main__":
    main()
