"""``huiying audit``: exit 0 when all chains hold, 1 with the place when one does not; the trail as CSV and JSONL."""

import csv
import io
import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from board.cli.audit import command
from board.inquiries.events import note
from board.office import Office
from tests.bureau import NOW, Bureau, bureau

__all__ = ["bureau"]


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """The command opens what the environment names."""
    return sqlite_office


@pytest.fixture
def run(bureau: Bureau, monkeypatch: pytest.MonkeyPatch):
    """Runs the command in the bureau's home."""
    monkeypatch.setenv("HUIYING_HOME", str(bureau.office.settings.home))
    posted = bureau.post()
    bureau.submit(posted)

    def go(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, standalone_mode=False, catch_exceptions=False)

    return go


def test_verify_says_fine_and_where_it_is_broken(run, bureau: Bureau) -> None:
    fine = run("verify")
    assert fine.return_value == 0
    assert "完好" in fine.output
    with bureau.office.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER events_no_delete"))
        connection.execute(text("DELETE FROM events WHERE id = (SELECT max(id) FROM events)"))
    broken = run("verify")
    assert broken.return_value == 1
    assert "inquiry:1" in broken.stderr
    assert "3 处有问题" in broken.stdout


def test_the_anchor_is_kept_and_its_forgery_found(run, bureau: Bureau) -> None:
    from board.errors import NotConfigured

    path = bureau.office.settings.home / "audit.anchor"
    assert [run("verify").return_value for _ in range(2)] == [0, 0]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    path.write_text(lines[0].replace('"through": 5', '"through": 4') + "\n", encoding="utf-8")
    with pytest.raises(NotConfigured, match="印记"):
        run("verify")


def test_export_has_no_formula_and_leaves_an_event(run, bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        note(session, "try", "account:4", NOW, reason="=cmd|'/c calc'!A1")
    written = run("export", "--as", "manager", "--format", "csv").output
    assert written.startswith("\ufeff编号,时间")
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))
    assert len({len(row) for row in rows}) == 1
    assert any(row[6] == "'=cmd|'/c calc'!A1" for row in rows)
    assert rows[-1][4] == "导出操作记录"
    lines = [json.loads(line) for line in run("export", "--as", "auditor", "--format", "jsonl").output.splitlines()]
    assert [line["action"] for line in lines[-2:]] == ["export_audit", "export_audit"]
    assert lines[0]["action"] == "post"


def test_only_those_who_may_read_it_export(run) -> None:
    from board.errors import NotAllowed

    with pytest.raises(NotAllowed):
        run("export", "--as", "clerk")
