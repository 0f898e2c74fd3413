"""``huiying deadline``: the contract's example, without a database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from board.cli.deadline import command
from board.errors import InvalidInput

EXAMPLE = ["--kind", "咨询", "--received", "2016-12-30T10:00+08:00"]


def told(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False)
    return json.loads(result.output)


def test_the_example_needs_no_database_and_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYING_HOME", str(tmp_path / "none"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert told(*EXAMPLE) == {"due": "2017-01-09", "provisional": False, "days": [["2017-01-03", 1], ["2017-01-04", 2], ["2017-01-05", 3], ["2017-01-06", 4], ["2017-01-09", 5]]}
    assert not (tmp_path / "none").exists()
    with pytest.raises(InvalidInput, match="年份"):
        told("--kind", "咨询", "--received", "9999-12-30T10:00+08:00")
