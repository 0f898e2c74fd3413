"""``huiying account``: the accounts of staff."""

import getpass
import sys
from datetime import date, datetime, timedelta

import click

from board.clock import day_start, local, now
from board.errors import InvalidInput
from board.models import Account, Role
from board.office import open_office
from board.staff import keeping
from board.staff.roles import Actor
from board.staff.units import require_unit, root_unit

ROLE = click.Choice([role.value for role in Role])
ROLE_WORDS = "editor 经办，approver 签发，manager 管理，admin 技术，front_office 分办，unit_head 股室负责人，auditor 审计（须有效期）"
STATE_WORDS = {"active": "正常", "disabled": "已停用", "locked": "已锁定", "expired": "已到期"}


@click.group("account", help="工作人员账号。\n\n例：huiying account add wangmin --role editor --unit 就业股 --name 王敏")
def command() -> None:
    """Accounts of staff."""


def asked_password() -> str:
    """From the terminal, twice, or the first line of standard input when that is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first, second = getpass.getpass("密码："), getpass.getpass("再输一次：")
    if first != second:
        raise InvalidInput("两次输入的密码不同。", "password")
    return first


def console() -> Actor:
    """Who acts: the operating system's user, with the rights of the technical administrator."""
    try:
        return Actor(f"console:{getpass.getuser()}", Role.admin)
    except (KeyError, OSError):
        return Actor("console:unknown", Role.admin)


def last_day(given: datetime | None) -> datetime | None:
    """The instant after the last day on which an account works."""
    return day_start(given.date() + timedelta(days=1)) if given else None


def until(account: Account) -> str:
    """The last day in words."""
    return f"，有效期至 {day_before(account.expires_at)}" if account.expires_at else ""


def day_before(moment: datetime) -> date:
    """The day before the instant at which an account ends."""
    return local(moment).date() - timedelta(days=1)


@command.command("add", help="新增账号；密码从终端输入，或由标准输入的第一行给出。\n\n例：echo 'Str0ng-Passw0rd' | huiying account add lihua --role approver")
@click.argument("login")
@click.option("--role", type=ROLE, required=True, help=ROLE_WORDS)
@click.option("--unit", default="", help="单位（代码、全称或简称），默认本机关")
@click.option("--name", "display_name", default="", help="姓名")
@click.option("--until", "end", type=click.DateTime(["%Y-%m-%d"]), help="有效期的最后一天")
def add(login: str, role: str, unit: str, display_name: str, end: datetime | None) -> None:
    """A new account."""
    office = open_office()
    password = asked_password()
    if not password:
        raise InvalidInput("请给出密码。", "password")
    with office.work.transaction() as session:
        place = require_unit(session, unit) if unit else root_unit(session)
        person = keeping.Person(display_name or login, role, place.code, last_day(end))
        account, _ = keeping.create(session, console(), login, person, now(), password)
    click.echo(f"已新增账号 {login}（{office.labels('role', role)}，{place.name}{until(account)}）。")


@command.command("list", help="列出账号及其状态。\n\n例：huiying account list --role admin")
@click.option("--role", type=ROLE, default=None, help="只列这一角色")
def list_accounts(role: str | None) -> None:
    """All accounts, a line each."""
    office, number = open_office(), 1
    with office.work.reading() as session:
        while (page := keeping.accounts(session, console(), "", role or "", number)).items:
            for account in page.items:
                state = STATE_WORDS[keeping.state_of(account, now())]
                click.echo(
                    "\t".join((account.login, account.display_name, office.labels("role", account.role), account.unit.short_name, state + until(account)))
                )
            number += 1


@command.command("change", help="修改姓名、角色、单位、有效期；没有写的不变。\n\n例：huiying account change lihua --role manager")
@click.argument("login")
@click.option("--role", type=ROLE, default=None, help=ROLE_WORDS)
@click.option("--unit", default="", help="单位（代码、全称或简称）")
@click.option("--name", "display_name", default="", help="姓名")
@click.option("--until", "end", type=click.DateTime(["%Y-%m-%d"]), help="有效期的最后一天")
@click.option("--no-end", is_flag=True, help="不再设有效期")
def change(login: str, role: str | None, unit: str, display_name: str, end: datetime | None, no_end: bool) -> None:
    """Changes what is given."""
    office = open_office()
    with office.work.transaction() as session:
        account = keeping.account_for_admin(session, console(), login)
        ends = None if no_end else last_day(end) or account.expires_at
        person = keeping.Person(display_name or account.display_name, role or account.role.value, unit or account.unit.code, ends)
        keeping.change(session, console(), account, person, now())
    click.echo(f"账号 {login} 已修改（{office.labels('role', account.role)}{until(account)}）。")


@command.command("password", help="重设密码，并结束该账号的所有会话。\n\n例：echo 'N3w-Passw0rd!' | huiying account password lihua")
@click.argument("login")
def password(login: str) -> None:
    """A new password."""
    office = open_office()
    given = asked_password()
    if not given:
        raise InvalidInput("请给出密码。", "password")
    with office.work.transaction() as session:
        keeping.reset_password(session, console(), keeping.account_for_admin(session, console(), login), now(), given)
    click.echo(f"账号 {login} 的密码已重设。")


@command.command("disable", help="停用账号，会话立即结束。\n\n例：huiying account disable lihua")
@click.argument("login")
def disable_account(login: str) -> None:
    """Ends an account."""
    office = open_office()
    with office.work.transaction() as session:
        keeping.switch_off(session, console(), keeping.account_for_admin(session, console(), login), now())
    click.echo(f"账号 {login} 已停用。")


@command.command("enable", help="重新启用账号，并解除锁定。\n\n例：huiying account enable lihua")
@click.argument("login")
def enable_account(login: str) -> None:
    """An account works again; a locked one is unlocked."""
    office = open_office()
    with office.work.transaction() as session:
        account = keeping.account_for_admin(session, console(), login)
        (keeping.unlock if account.active else keeping.switch_on)(session, console(), account, now())
    click.echo(f"账号 {login} 已启用。")


@command.command("second-factor-off", help="重置二次验证（手机丢失时）。\n\n例：huiying account second-factor-off lihua")
@click.argument("login")
def second_factor_off(login: str) -> None:
    """Takes the second factor away."""
    office = open_office()
    with office.work.transaction() as session:
        keeping.reset_second_factor(session, console(), keeping.account_for_admin(session, console(), login), now())
    click.echo(f"账号 {login} 的二次验证已重置。")
