"""``huiying doctor`` in the states an office can be in: fresh, ready, late, newer, with a Redis that is away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from board.cli.doctor import command
from board.clock import now
from board.inquiries.reconciling import note_heartbeat
from board.models import OutboxRow, OutboxState
from board.office import Office
from tests.bureau import Bureau


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on an office's settings; arguments are environment values."""

    def run(office: Office, **environment: str) -> Result:
        for name in ("REDIS_URL", "HUIYING_BROKER"):
            monkeypatch.delenv(name, raising=False)
        values = {"HUIYING_HOME": str(office.settings.home), "DATABASE_URL": office.settings.database_url, **environment}
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(command, standalone_mode=False)

    return run


def test_an_empty_database_says_what_to_run(office: Office, doctor: Callable[..., Result]) -> None:
    done = doctor(office)
    assert done.return_value == 2
    assert "✗ 数据：还没有单位，请运行 huiying init" in done.output


def test_an_office_that_runs_is_well(bureau: Bureau, doctor: Callable[..., Result]) -> None:
    with bureau.office.work.transaction() as session:
        for name in ("relay", "worker"):
            note_heartbeat(session, name, now())
    done = doctor(bureau.office)
    assert done.return_value == 0, done.output
    assert "✓ 数据：单位 3 个，公开信息 3 条，留言 0 件" in done.output
    assert "✓ 消息中转：正在运行" in done.output


def test_an_office_that_is_not_running_is_no_fault(bureau: Bureau, doctor: Callable[..., Result]) -> None:
    done = doctor(bureau.office)
    assert done.return_value == 0
    assert "· 后台任务：没有运行（从未运行）" in done.output


def test_late_and_given_up_work_is_named(bureau: Bureau, doctor: Callable[..., Result]) -> None:
    first, _ = bureau.post(), bureau.post()
    with bureau.office.work.transaction() as session:
        session.execute(update(OutboxRow).values(created_at=now() - timedelta(hours=1)))
        session.execute(update(OutboxRow).where(OutboxRow.subject == str(first.inquiry_id)).values(state=OutboxState.failed))
    done = doctor(bureau.office)
    assert done.return_value == 1
    assert "! 失败任务：1 项" in done.output
    assert "! 后台任务：没有运行" in done.output


def test_a_redis_that_is_away_is_named_without_its_password(bureau: Bureau, doctor: Callable[..., Result], free_port: int) -> None:
    done = doctor(bureau.office, REDIS_URL=f"redis://:secret@127.0.0.1:{free_port}/0")
    assert done.return_value == 1
    assert f"! 消息队列：REDIS_URL（127.0.0.1:{free_port}/0）没有应答" in done.output
    assert "secret" not in done.output


def test_a_redis_that_answers(bureau: Bureau, doctor: Callable[..., Result], redis_url: str) -> None:
    done = doctor(bureau.office, REDIS_URL=redis_url)
    assert "✓ 消息队列" in done.output


def test_a_newer_database_is_refused(office: Office, doctor: Callable[..., Result]) -> None:
    with office.work.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = doctor(office)
    assert done.return_value == 2
    assert "✗ 数据库：数据库由更新版本的程序建立（9999）" in done.output


def test_a_wrong_setting_is_one_line(office: Office, doctor: Callable[..., Result]) -> None:
    done = doctor(office, PORT="eighty")
    assert done.return_value == 2
    assert "✗ 配置：端口号应为" in done.output
