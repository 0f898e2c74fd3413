"""``huiying account``: the accounts of staff."""

import getpass
import sys

import click

from board.clock import now
from board.errors import InvalidInput
from board.inquiries.events import note
from board.models import Role
from board.office import open_office
from board.staff.accounts import HASHER, add_account, check_password, disable, find_account
from board.staff.units import require_unit, root_unit


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


def console() -> str:
    """The actor of a command: the operating system's user."""
    try:
        return f"console:{getpass.getuser()}"
    except (KeyError, OSError):
        return "console:unknown"


@command.command("add", help="新增账号；密码从终端输入，或由标准输入的第一行给出。\n\n例：echo 'Str0ng-Passw0rd' | huiying account add lihua --role approver")
@click.argument("login")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="editor 经办，approver 签发，manager 管理，admin 技术")
@click.option("--unit", default="", help="单位（代码、全称或简称），默认本机关")
@click.option("--name", "display_name", default="", help="姓名")
def add(login: str, role: str, unit: str, display_name: str) -> None:
    """A new account."""
    office = open_office()
    password = asked_password()
    with office.work.transaction() as session:
        place = require_unit(session, unit) if unit else root_unit(session)
        account = add_account(session, login, password, Role(role), place, now(), display_name)
        note(session, "account_add", console(), now(), data={"account": account.id, "role": role}, chain="account")
    click.echo(f"已新增账号 {login}（{office.labels('role', role)}，{place.name}）。")


@command.command("password", help="重设密码，并结束该账号的所有会话。\n\n例：echo 'N3w-Passw0rd!' | huiying account password lihua")
@click.argument("login")
def password(login: str) -> None:
    """A new password."""
    office = open_office()
    given = asked_password()
    check_password(given, login)
    with office.work.transaction() as session:
        account = find_account(session, login)
        account.password_hash, account.sample = HASHER.hash(given), False
        account.session_epoch += 1
        note(session, "account_password", console(), now(), data={"account": account.id}, chain="account")
    click.echo(f"账号 {login} 的密码已重设。")


@command.command("disable", help="停用账号，会话立即结束。\n\n例：huiying account disable lihua")
@click.argument("login")
def disable_account(login: str) -> None:
    """Ends an account."""
    office = open_office()
    with office.work.transaction() as session:
        account = find_account(session, login)
        disable(account)
        note(session, "account_disable", console(), now(), data={"account": account.id}, chain="account")
    click.echo(f"账号 {login} 已停用。")
