"""``huiying deadline``: the last day of a term and the days on the way, for people and programs."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from board.errors import InvalidInput

if TYPE_CHECKING:
    from board.inquiries.deadlines import Calendar
    from board.settings import Settings

FIRST_YEAR, LAST_YEAR = 1949, 2200
OTHER_KINDS = {"依申请公开": "application", "application": "application"}


@click.command(
    "deadline",
    help="计算办理期限：输出 JSON，含到期日、是否暂定、逐个工作日及其序号。自收到次日起算，按国务院放假安排。\n\n"
    "例：huiying deadline --kind 咨询 --received 2016-12-30T10:00+08:00",
)
@click.option("--kind", required=True, metavar="KIND", help="咨询、求助、建议、投诉、举报、感谢，或依申请公开")
@click.option("--received", required=True, metavar="TIME", help="收到的时间（ISO 8601；没有时区的按北京时间）")
@click.option("--days", type=click.IntRange(1, 250), default=None, help="工作日数；不写则取当天有效的期限")
@click.option("--unit", default="", metavar="CODE", help="承办单位的代码（单位另有期限时）")
def command(kind: str, received: str, days: int | None, unit: str) -> None:
    """Prints {"due", "provisional", "days": [[day, number], ...]}; what was set on pages counts, without a database what config/ says."""
    from board.clock import from_local, local_day
    from board.inquiries.deadlines import due_after
    from board.inquiries.limits import limit_for
    from board.wording.labels import load_labels

    settings, calendar = as_set()
    name = OTHER_KINDS.get(kind) or load_labels(settings.config_dir).named("kind", kind)
    if name is None:
        raise InvalidInput("类型应为咨询、求助、建议、投诉、举报、感谢、依申请公开之一。", "kind")
    try:
        day = local_day(from_local(datetime.fromisoformat(received.strip())))
    except (ValueError, OverflowError) as error:
        raise InvalidInput("收到的时间应写作 2016-12-30T10:00+08:00 的样子。", "received") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput(f"收到的年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。", "received")
    found = due_after(calendar, day, days or limit_for(settings, name, day, unit).days)
    working = [[one.day.isoformat(), one.number] for one in found.days if one.number]
    click.echo(json.dumps({"due": found.day.isoformat(), "provisional": found.provisional, "days": working}))


def as_set() -> tuple["Settings", "Calendar"]:
    """Settings and calendar as the office has set them; as config/ has them while there is no database of the office yet."""
    from board.clock import now
    from board.inquiries.deadlines import load_calendar
    from board.office import open_office
    from board.settings import load_settings
    from board.storage import schema

    settings = load_settings()
    file = settings.database_url.removeprefix("sqlite:///")
    if file != settings.database_url and not Path(file).is_file():
        return settings, load_calendar(settings.config_dir)
    office = open_office(settings, migrate=False)
    try:
        if len(set(schema.current_and_newest(office.engine))) > 1:
            return settings, load_calendar(settings.config_dir)
        office.chosen.follow(now(), at_once=True)
        return office.settings, office.calendar
    finally:
        office.engine.dispose()
