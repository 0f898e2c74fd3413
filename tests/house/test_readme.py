"""The READMEs are run: every command in their ``sh`` blocks, in order, as a reader would type them, against the real program.

An HTML comment above a block says what is special about it: ``not-run: <reason>`` for what cannot be run here, ``exit: N`` for a command
that is shown because it ends with another code than 0.
"""

import configparser
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
FENCE = re.compile(r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
REASONS = {"needs root", "needs a second machine", "is the running test"}
ADDRESS = "127.0.0.1:8080"
#: commands that run until Ctrl-C; ``make run`` ends in ``huiying run`` once the environment is there, as it is in a test
SERVERS = {"make run": "huiying run", "huiying run": "huiying run"}
FORGOTTEN = {"_", "PWD", "OLDPWD", "SHLVL"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the comment above it, its text."""

    language: str
    mark: str
    text: str

    @property
    def runs(self) -> bool:
        return self.language == "sh" and not self.mark.startswith("not-run")

    @property
    def exit_code(self) -> int:
        return int(self.mark.removeprefix("exit:")) if self.mark.startswith("exit:") else 0


def blocks_of(name: str) -> list[Block]:
    """All fenced blocks of a README, in order."""
    return [Block(found["language"], found["mark"] or "", found["text"]) for found in FENCE.finditer((ROOT / name).read_text(encoding="utf-8"))]


def pages_of(name: str) -> set[str]:
    """Paths of the site that a README names."""
    return set(re.findall(r"`(/(?!etc/|opt/|var/)[\w./]*)`", (ROOT / name).read_text(encoding="utf-8")))


@dataclass
class Terminal:
    """One user's terminal: variables and directory last from block to block; a server runs beside it until the next one or the end."""

    directory: Path
    port: int
    until: Callable[..., float]
    environment: dict[str, str]
    server: subprocess.Popen[bytes] | None = None
    said: dict[str, str] = field(default_factory=dict)

    def take(self, block: Block) -> None:
        """Runs a block; AssertionError with what it said when it ends with another code than the README says."""
        command = SERVERS.get(block.text.strip())
        if command:
            self.stop()
            self.start(command)
            return
        state = self.directory / "state"
        script = block.text.replace(ADDRESS, f"127.0.0.1:{self.port}") + f"\nenv -0 > '{state}'\n"
        done = subprocess.run(
            ["sh", "-aeu", "-c", script], cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == block.exit_code, f"{block.text}\nexit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}\n{self.log()}"
        self.said[block.text] = done.stdout
        if state.exists():
            pairs = (entry.partition("=") for entry in state.read_text(encoding="utf-8").split("\0") if entry)
            self.environment = {name: value for name, _, value in pairs if name not in FORGOTTEN}

    def start(self, command: str) -> None:
        """Starts the program and waits until its pages answer."""
        with (self.directory / "server.log").open("wb") as log:
            self.server = subprocess.Popen(
                command.split(), cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.until(self.answers, 90, f"{command} does not answer")

    def answers(self) -> bool:
        """Whether the page of health answers; the process must live."""
        assert self.server is not None
        assert self.server.poll() is None, f"the server has ended:\n{self.log()}"
        return self.shows("/healthz")

    def shows(self, path: str) -> bool:
        """Whether a page is there, be it after a redirect to the sign-in."""
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """Ctrl-C; the program drains and ends with 0."""
        if self.server is None:
            return
        server, self.server = self.server, None
        server.send_signal(signal.SIGINT)
        try:
            code = server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(5)
            raise
        assert code == 0, f"the server ended with {code}:\n{self.log()}"

    def log(self) -> str:
        """The end of what the server said."""
        path = self.directory / "server.log"
        return path.read_text(encoding="utf-8", errors="replace")[-3000:] if path.exists() else ""


@pytest.fixture
def terminal(tmp_path: Path, free_port: int, until: Callable[..., float]) -> Iterator[Terminal]:
    """A terminal in an empty directory, where ``huiying`` is this tree's program."""
    if shutil.which("curl") is None:
        pytest.skip("the READMEs use curl, which is not on this machine")
    programs, place = tmp_path / "bin", tmp_path / "place"
    for directory in (programs, place):
        directory.mkdir()
    shim = programs / "huiying"
    shim.write_text(f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\nexec "{sys.executable}" -m board.cli "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR", "USER") if name in os.environ}
    environment = {
        **kept, "PATH": os.pathsep.join([str(programs), kept["PATH"]]), "LC_ALL": "C.UTF-8", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
        "HUIYING_HOME": str(place / "var"), "PORT": str(free_port),
    }  # fmt: skip
    used = Terminal(place, free_port, until, environment)
    yield used
    used.stop()


def test_both_readmes_show_the_same_commands_in_the_same_order() -> None:
    english, chinese = (blocks_of(name) for name in READMES)
    assert english == chinese
    assert sum(block.runs for block in english) > 10


def test_no_block_escapes() -> None:
    """Every fence is read by the expression above, and every mark is one that this test knows."""
    for name in READMES:
        blocks = blocks_of(name)
        assert (ROOT / name).read_text(encoding="utf-8").count("```") == 2 * len(blocks)
        for block in blocks:
            assert block.language in {"sh", "text", "toml", "ini", "yaml"}
            assert not block.mark or block.mark.removeprefix("not-run: ") in REASONS or re.fullmatch(r"exit: \d", block.mark), block.mark


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", READMES[: 1 if blocks_of(READMES[0]) == blocks_of(READMES[1]) else 2])
def test_every_command_does_what_the_readme_says(name: str, terminal: Terminal) -> None:
    for block in blocks_of(name):
        if block.runs:
            terminal.take(block)
        if block.text == "make run\n":
            assert [path for path in pages_of(name) if not terminal.shows(path)] == []
    public = (terminal.directory / "var" / "public.html").read_text(encoding="utf-8")
    assert "自受理之日起15个工作日内制卡完成" in public
    assert "138****8000" in public
    assert "13800138000" not in public
    imported = next(said for text, said in terminal.said.items() if "import disclosures" in text)
    assert "新增 2" in imported
    assert "新增 0" in imported
    assert "104" in next(said for text, said in terminal.said.items() if "rejects.jsonl" in text)


def test_what_production_starts_is_there() -> None:
    text = (ROOT / READMES[0]).read_text(encoding="utf-8")
    called = set(re.findall(r'"([\w.]+):(\w+)\(\)"', text))
    assert called
    assert all(callable(getattr(importlib.import_module(module), name)) for module, name in called)
    modules = set(re.findall(r"--app ([\w.]+)", text)) | set(re.findall(r"python -m (worker[\w.]*)", text))
    assert modules == {"worker.broker", "worker.relay"}
    assert all(importlib.util.find_spec(module) for module in modules)


def test_settings_and_units_of_the_readme_can_be_read() -> None:
    for block in blocks_of(READMES[0]):
        if block.language == "toml":
            assert tomllib.loads(block.text)
        if block.language == "ini":
            unit = configparser.ConfigParser(interpolation=None)
            unit.optionxform = str
            unit.read_string(block.text)
            assert unit["Service"]["ExecStart"].startswith("/opt/huiying/.venv/bin/")


@pytest.mark.parametrize("name", [*READMES, "CHANGELOG.md"])
def test_links_lead_to_files(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


def test_environment_variables_of_the_readme_are_those_that_are_read() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / READMES[0]).read_text(encoding="utf-8"), re.MULTILINE))
    read = set(re.findall(r'env\.get\("([A-Z_]+)"', (ROOT / "board" / "settings.py").read_text(encoding="utf-8")))
    assert named == read


def test_door_plates_are_short() -> None:
    plates = [path for top in ("board", "responder", "worker", "config", "tests") for path in (ROOT / top).rglob("README.md")]
    assert plates
    assert [path for path in plates if len(path.read_text(encoding="utf-8").splitlines()) > 15] == []


def test_every_package_has_a_door_plate() -> None:
    packages = [path.parent for top in ("board", "responder", "worker") for path in (ROOT / top).rglob("__init__.py") if "migrations" not in path.parts]
    assert [str(package.relative_to(ROOT)) for package in packages if not (package / "README.md").exists()] == []
