"""``huiying keys``: keys of the interface for other offices' programs."""

from datetime import datetime

import click

from board.cli.account import console
from board.clock import now
from board.office import open_office
from board.staff import api_keys
from board.staff.api_keys import PER_MINUTE, Scope, Wanted

SCOPES = click.Choice([scope.value for scope in Scope])


@click.group("keys", help="接口密钥：发给、列出、停用。\n\n例：huiying keys add 市12345平台 --scope read --scope post --until 2027-12-31")
def command() -> None:
    """Keys of the interface."""


@command.command("add", help="发给一个密钥；密钥只显示这一次。\n\n例：huiying keys add 市12345平台 --scope read --per-minute 1200")
@click.argument("name")
@click.option("--scope", "scopes", type=SCOPES, multiple=True, required=True, help="read 读取，post 代收留言，follow 查询进度，figures 办理统计；可以多次")
@click.option("--until", "end", type=click.DateTime(["%Y-%m-%d"]), help="有效期的最后一天")
@click.option("--per-minute", type=int, default=PER_MINUTE, show_default=True, help="每分钟次数")
def add(name: str, scopes: tuple[str, ...], end: datetime | None, per_minute: int) -> None:
    """A new key."""
    office = open_office()
    with office.work.transaction() as session:
        _, token = api_keys.create(session, console(), Wanted(name, scopes, per_minute, end.date() if end else None), now())
    click.echo(token)


@command.command("list", help="列出密钥（不含密文）。\n\n例：huiying keys list")
def list_keys() -> None:
    """All keys, a line each."""
    office, at = open_office(), now()
    with office.work.reading() as session:
        for row in api_keys.all_keys(session, console()):
            state = "已停用" if row.revoked_at else "正常" if api_keys.works(row, at) else "已到期"
            click.echo("\t".join((f"hyk_{row.prefix}", row.name, row.scopes, f"每分钟 {row.per_minute}", f"至 {row.expires_on or '长期'}", f"最近 {row.last_used_on or '—'}", state)))


@command.command("revoke", help="停用一个密钥，立即失效。\n\n例：huiying keys revoke hyk_1a2b3c4d")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Ends a key."""
    office = open_office()
    with office.work.transaction() as session:
        row = api_keys.revoke(session, console(), prefix, now())
        click.echo(f"{row.name} 的密钥已停用。")
