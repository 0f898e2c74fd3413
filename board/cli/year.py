"""``huiying report month | freeze | confirm | verify``: submitting months, closing a year with two people, recomputing it."""

import getpass
from dataclasses import asdict
from typing import Any

import click

from board.cli.report import command, written
from board.clock import now
from board.errors import InvalidInput
from board.models import Role
from board.office import Office, open_office
from board.reports.freezing import Room, close_year, confirm_year, verify_year
from board.reports.frozen_years import waiting
from board.reports.scope import checked_year
from board.reports.since_frozen import changed_since
from board.reports.submitting_returns import submit_month
from board.staff.accounts import actor_of, find_account
from board.staff.roles import Actor

AS = click.option("--as", "login", metavar="ACCOUNT", help="以哪个账号的名义，默认记为控制台用户")


def acting(office: Office, login: str | None) -> Actor:
    """The account's person, or whoever sits at the console of the server (with a manager's rights)."""
    if login is None:
        return Actor(f"console:{getpass.getuser()}"[:80], Role.manager)
    with office.work.reading() as session:
        return actor_of(session, find_account(session, login))


def room_of(office: Office) -> Room:
    """What a count needs."""
    return Room(office.settings, office.taxonomy, office.calendar)


@command.command("month", help="报送一个月的月报（按次序，已结束的月份）；以前月份的变动作为调整一并报送。\n\n例：huiying report month 2026 1 --as manager")
@click.argument("year", type=int)
@click.argument("month", type=int)
@AS
def month(year: int, month: int, login: str | None) -> None:
    """Submits and prints what was frozen."""
    office = open_office()
    actor = acting(office, login)
    with office.work.transaction() as session:
        row = submit_month(session, actor, office.settings.config_dir, office.calendar, year, month, now())
        session.refresh(row, ["adjustments"])
        lines = [{key: getattr(one, key) for key in ("year", "month", "form", "path", "before", "after", "added", "removed")} for one in row.adjustments]
        told = {"year": year, "month": month, "sha256": row.sha256, "cells": row.cells, "adjustments": lines}
    written(told, None)


@command.command("freeze", help="年度关账：第一人关账，另一人用 --confirm 确认。有没有处理的校验事项时退出码为 2。\n\n例：huiying report freeze 2025 --as manager")
@click.argument("year", type=int)
@click.option("--confirm", is_flag=True, help="由另一人确认等待中的关账")
@click.option("--reason", default="", metavar="TEXT", help="第二版起必须写明更正的理由")
@AS
def freeze(year: int, login: str | None, reason: str, *, confirm: bool) -> None:
    """The first or the second step."""
    office = open_office()
    actor, at = acting(office, login), now()
    checked_year(year)
    with office.work.transaction() as session:
        if confirm:
            row = waiting(session, year)
            if row is None:
                raise InvalidInput(f"{year}年度没有等待确认的关账。", "year")
            confirm_year(session, actor, room_of(office), year, row.sha256, at)
        else:
            row = close_year(session, actor, room_of(office), year, reason, at)
        told = {"year": year, "version": row.version, "sha256": row.sha256, "closed_by": row.closed_by, "confirmed_by": actor.name if confirm else None}
    written(told, None)


@command.command("verify", help="按台账重新计算已关账的年度，逐字节比较。退出码：0 一致，1 不一致（列出变动），2 没有关账。\n\n例：huiying report verify 2025")
@click.argument("year", type=int)
@click.option("--version", type=int, help="第几版，默认最新一版")
@click.pass_context
def verify(context: click.Context, year: int, version: int | None) -> None:
    """Prints the two hashes and what moved since the freeze."""
    office = open_office()
    with office.work.reading() as session:
        found = verify_year(session, room_of(office), checked_year(year), version)
        moved = changed_since(session, room_of(office), year, now(), version)
    changed: list[dict[str, Any]] = [asdict(one) for one in moved]
    for one in changed:
        for event in [*one["entered"], *(event for cause in one["causes"] for event in cause["events"])]:
            event["at"] = event["at"].isoformat()
    written({**asdict(found), "changed": changed}, None)
    context.exit(0 if found.intact and found.reproduced else 1)
