"""The real program in an empty home, a real Chromium, and what the browser had to complain about."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: what the browser writes when a page itself answers with an error on purpose; everything else in the console is a fault
EXPECTED = "Failed to load resource: the server responded with a status of "


@dataclass
class Complaints:
    """Console errors, errors of scripts, requests that failed or left the site; and the answers that a test meant to get."""

    address: str
    meant: set[int] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        """Listens to a page from its first request on."""
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("request", self.request)
        page.on("requestfailed", self.failed)
        page.on("response", self.response)

    def console(self, message: Any) -> None:
        """Errors and warnings; a violation of the content security policy is one of them."""
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            self.heard.append(f"console: {message.text}")

    def failed(self, request: Any) -> None:
        """A request without an answer; one that the browser gave up because the next page was called is none."""
        if request.failure != "net::ERR_ABORTED":
            self.heard.append(f"failed: {request.url} {request.failure}")

    def request(self, request: Any) -> None:
        """Nothing may be fetched from anywhere else."""
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(self.address):
            self.heard.append(f"elsewhere: {request.url}")

    def response(self, response: Any) -> None:
        """An error that the test did not provoke."""
        if response.status >= 400 and response.status not in self.meant:
            self.heard.append(f"status {response.status}: {response.url}")


#: pages ask for news more often than an office would want, so that a test need not wait for it; complaints go through three hands
SETTINGS = """
[desk]
live_seconds = 2
[security]
attempts_most = 3
[[approval.rules]]
kind = "complaint"
chain = ["unit_head", "office", "leader"]
"""


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, until: Callable[..., float]) -> Iterator[str]:
    """``huiying run`` with the sample, once for all journeys; yields the address. The supervisor takes its parts with it."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    (home / "config.toml").write_text(SETTINGS, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DATABASE_URL", "HUIYING_BROKER", "HUIYING_CONFIG", "PORT"}}
    environment = {**kept, "HUIYING_HOME": str(home), "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    log = home / "server.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "board.cli", "run", "--port", str(port)], cwd=home, env=environment,
            stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: ready(server, address, log), 90, f"{address} is not ready")
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(5)


def ready(server: subprocess.Popen[bytes], address: str, log: Path) -> bool:
    """Whether everything is up; the process must live."""
    words = log.read_text(encoding="utf-8", errors="replace")
    assert server.poll() is None, f"the server has ended:\n{words[-3000:]}"
    with suppress(OSError), urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{address}/healthz", timeout=10) as answer:
        return answer.status == 200 and "全部就绪" in words
    return False


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """A browser for all journeys."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine (make test installs it)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def lasting(chromium: Any, site: str, complaints: "Complaints", tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """``lasting()``: a page in a browser that keeps its profile on the disk; called again, that browser is killed (SIGKILL) and another opens the same profile."""
    profile, contexts = tmp_path / "profile", []

    def open_page() -> Any:
        for process in processes_of(profile) if contexts else ():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for left in profile.glob("Singleton*"):
            left.unlink(missing_ok=True)
        program = shutil.which("chromium")
        context = chromium.browser_type.launch_persistent_context(profile, executable_path=program, args=list(FLAGS), locale="zh-CN", base_url=site)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.pages[0]
        complaints.watch(page)
        return page

    yield open_page
    contexts[-1].close()


def processes_of(profile: Path) -> list[int]:
    """The processes of the browser that a test started with this profile."""
    mark = f"--user-data-dir={profile}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (place / "cmdline").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found


@pytest.fixture
def complaints(site: str) -> Complaints:
    """What the browser says during a test."""
    return Complaints(site)


@pytest.fixture
def visitor(chromium: Any, site: str, complaints: Complaints) -> Iterator[Callable[..., Any]]:
    """``visitor(width=1280)``: a page in a browser of its own (own cookies) that watches for complaints."""
    contexts = []

    def open_page(width: int = 1280, height: int = 800) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", base_url=site)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
