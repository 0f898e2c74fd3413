"""Limits are one count for all processes through Redis; without it each counts for itself and nobody is refused for a broken Redis."""

from dataclasses import replace

import pytest

from board.app import create_app
from board.office import open_office
from tests.bureau import Bureau
from tests.functional.conftest import Citizen


@pytest.mark.parametrize("broken", [False, True])
def test_two_processes_count_together(bureau: Bureau, redis_url: str, broken: bool) -> None:
    settings = bureau.office.settings
    limits = {**settings.section("rate_limits"), "posts_per_hour": 3}
    chosen = replace(settings, rate_limits=True, redis_url="unix:///nowhere/redis.sock" if broken else redis_url, tables={**settings.tables, "rate_limits": limits})
    offices = [open_office(chosen, migrate=False) for _ in range(2)]
    citizens = [Citizen(create_app(office).test_client()) for office in offices]
    codes = [citizens[turn % 2].send(text=f"第{turn}个问题").status_code for turn in range(5)]
    assert codes == ([303] * 5 if broken else [303, 303, 303, 429, 429])
    if broken:
        assert [citizens[0].send(text="又一个问题").status_code for _ in range(2)] == [429, 429]
    for office in offices:
        office.engine.dispose()
