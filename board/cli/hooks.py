"""``huiying hooks``: addresses that are told of public answers."""

import click

from board.cli.account import console
from board.clock import now
from board.office import open_office
from board.staff import webhooks


@click.group("hooks", help="公开答复的推送地址：登记、列出、启用、停用。\n\n例：huiying hooks add 省平台 https://platform.example.gov.cn/hook")
def command() -> None:
    """Web hooks."""


@command.command("add", help="登记一个地址，并显示签名密钥。\n\n例：huiying hooks add 省平台 https://platform.example.gov.cn/hook")
@click.argument("name")
@click.argument("address")
def add(name: str, address: str) -> None:
    """A new address."""
    office = open_office()
    with office.work.transaction() as session:
        row = webhooks.create(session, console(), office.settings, name, address, now())
        click.echo(f"{row.id}\t{row.name}\t{webhooks.secret_of(office.key, row)}")


@command.command("list", help="列出地址及其状态。\n\n例：huiying hooks list")
def list_hooks() -> None:
    """All addresses, a line each."""
    office = open_office()
    with office.work.reading() as session:
        for row in webhooks.all_hooks(session, console()):
            state = "长期没有送达，已停用" if row.disabled_by_system else "正常" if row.active else "已停用"
            click.echo("\t".join((str(row.id), row.name, row.address, state)))


@command.command("switch", help="启用或停用一个地址。\n\n例：huiying hooks switch 1 off")
@click.argument("hook_id", type=int)
@click.argument("way", type=click.Choice(["on", "off"]))
def switch(hook_id: int, way: str) -> None:
    """On or off."""
    office = open_office()
    with office.work.transaction() as session:
        row = webhooks.hook(session, console(), hook_id)
        (webhooks.switch_on if way == "on" else webhooks.switch_off)(session, console(), row, now())
        click.echo(f"{row.name} 已{'启用' if way == 'on' else '停用'}。")
