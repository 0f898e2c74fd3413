"""The command as a user starts it: exit codes and one clear line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "annual", "2007"], "2008 至 2100"),
        (["report", "annual", "两千"], "两千"),
        (["report", "annual", "2016", "--unit", "没有的股"], "没有名为"),
        (["report", "annual", "2016", "--format", "exe"], "应为 json、md、docx、xlsx、html、pdf、csv 之一"),
        (["report", "annual", "2016", "--format", "json", "--output", "absent/a.json"], "无法写入"),
        (["recount", "--year", "1999"], "2008 至 2100"),
    ],
)
def test_what_cannot_be_done_is_refused_with_exit_code_two(initialised: Path, root: Path, arguments: list[str], said: str) -> None:
    done = huiying(initialised, root, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_an_example(initialised: Path, root: Path) -> None:
    for command in (("report", "annual"), ("recount",), ("init",)):
        done = huiying(initialised, root, *command, "--help")
        assert done.returncode == 0
        assert "例：huiying" in done.stdout


@pytest.fixture(scope="module")
def initialised(tmp_path_factory, root: Path) -> Path:
    """A home with an empty office."""
    home = tmp_path_factory.mktemp("home")
    assert huiying(home, root, "init").returncode == 0
    return home


def huiying(home: Path, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HUIYING_HOME": str(home), "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
    environment.pop("DATABASE_URL", None)
    return subprocess.run([sys.executable, "-m", "board.cli", *arguments], check=False, cwd=home, env=environment, capture_output=True, text=True, timeout=120)
