"""``huiying audit``: verifies the chains of events, and writes the trail into a file."""

import contextlib
import sys
from datetime import datetime
from pathlib import Path

import click

from board.clock import now
from board.errors import Refused
from board.inquiries.anchors import drop_anchor, last_anchor, settled
from board.inquiries.trail import Wanted, whole_trail
from board.inquiries.trail_files import file_of
from board.inquiries.verifying import verify
from board.office import open_office
from board.staff.accounts import actor_of, find_account
from board.staff.roles import Right, require
from board.storage.chains import note

SHOWN_MOST = 50


@click.group("audit", help="操作记录：校验、导出。\n\n例：huiying audit verify")
def command() -> None:
    """The trail of events."""


@command.command("verify", help="校验全部操作记录是否完整、未被改动；完好时在数据目录的 audit.anchor 记下锚点，下次据以核对。\n\n退出码：0 完好；1 有问题，逐处列出。\n\n例：huiying audit verify")
def verify_all() -> int:
    """Exit code 0 when every chain holds, 1 with the places where one does not."""
    office = open_office()
    home = office.settings.home
    before = last_anchor(home, office.key)
    with office.work.transaction() as session:
        through = settled(session)
    with office.work.reading() as session:
        done = verify(session, office.key, before, through)
    if not done.broken:
        drop_anchor(home, office.key, done.anchor, now())
    for place in done.broken[:SHOWN_MOST]:
        click.echo(f"{place.chain}：{place.why}" + (f"（事件 {place.event_id}）" if place.event_id else ""), err=True)
    if len(done.broken) > SHOWN_MOST:
        click.echo(f"……另有 {len(done.broken) - SHOWN_MOST} 处。", err=True)
    click.echo(f"已校验 {done.chains} 条链、{done.events} 个事件：" + ("完好。" if not done.broken else f"{len(done.broken)} 处有问题。"))
    return 1 if done.broken else 0


@command.command("export", help="导出操作记录（CSV 或 JSONL），导出本身也留痕。\n\n例：huiying audit export --as zhaolei --format csv --output 操作记录.csv")
@click.option("--as", "login", required=True, help="以哪个账号的权限导出")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True, help="格式")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写入的文件；不写则输出到终端")
@click.option("--from", "begin", type=click.DateTime(["%Y-%m-%d"]), help="起始日期")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="截止日期")
def export(login: str, form: str, output: Path | None, begin: datetime | None, end: datetime | None) -> None:
    """Writes the trail oldest first."""
    office = open_office()
    wanted = Wanted(begin=begin.date() if begin else None, end=end.date() if end else None)
    with office.work.transaction() as session:
        actor = actor_of(session, find_account(session, login))
        require(actor, Right.read_audit)
        note(session, "export_audit", actor.name, now(), data={"format": form}, chain="report")
    try:
        with office.work.reading() as session, contextlib.ExitStack() as stack:
            # line ends are the file's own (RFC 4180)
            target = stack.enter_context(output.open("w", encoding="utf-8", newline="")) if output else sys.stdout
            for piece in file_of(whole_trail(session, actor, wanted), office.labels, form):
                target.write(piece)
    except OSError as error:
        raise Refused(f"文件无法写入：{error.strerror}。") from error
