"""我的账号: what a person does to the own account: password, second factor, sessions, keys of the desk."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotAllowed, NotFound
from board.models import Account
from board.settings import Settings
from board.staff import browsers, second_factor
from board.staff.accounts import set_password, verify
from board.staff.roles import Actor
from board.storage.chains import note

CHAIN = "account"


def own(session: Session, actor: Actor) -> Account:
    """The row of the actor's account, locked."""
    account = session.scalar(select(Account).where(Account.id == actor.account_id).with_for_update())
    if account is None:
        raise NotFound("没有这个账号。")
    return account


def required(settings: Settings, account: Account) -> bool:
    """Whether the settings ask this role for a second factor."""
    return str(account.role) in settings.section("security")["second_factor_roles"]


def prove(account: Account, password: str, field: str = "current") -> None:
    """InvalidInput unless the present password is given: steps that matter ask for it again."""
    if not verify(account.password_hash, password[:128]):
        raise InvalidInput("现在的密码不正确。", field)


def change_password(session: Session, actor: Actor, current: str, new: str, again: str, at: datetime) -> Account:
    """A new password of one's own; every session ends (the caller begins a new one for this browser)."""
    account = own(session, actor)
    prove(account, current)
    if new != again:
        raise InvalidInput("两次输入的新密码不同。", "again")
    set_password(account, new)
    browsers.end_others(session, account.id, 0, at)
    note(session, "own_password", actor.name, at, data={"account": account.id}, chain=CHAIN)
    return account


def second_factor_on(session: Session, actor: Actor, key: bytes, password: str, kept: str, code: str, at: datetime) -> list[str]:
    """Takes the shown secret into use; returns the recovery codes, which are shown once."""
    account = own(session, actor)
    if account.totp_secret:
        raise InvalidInput("二次验证已经启用。", "code")
    prove(account, password)
    codes = second_factor.switch_on(session, key, account, kept, code, at)
    note(session, "second_factor_on", actor.name, at, data={"account": account.id}, chain=CHAIN)
    return codes


def second_factor_off(session: Session, actor: Actor, settings: Settings, password: str, at: datetime) -> None:
    """Switches it off, unless the role must have it."""
    account = own(session, actor)
    prove(account, password)
    if required(settings, account):
        raise NotAllowed("按本机关的设置，您的角色须使用二次验证，不能关闭。")
    second_factor.switch_off(session, account)
    note(session, "second_factor_off", actor.name, at, data={"account": account.id}, chain=CHAIN)


def fresh_codes(session: Session, actor: Actor, key: bytes, password: str, at: datetime) -> list[str]:
    """New recovery codes; the old ones no longer work."""
    account = own(session, actor)
    prove(account, password)
    if not account.totp_secret:
        raise InvalidInput("还没有启用二次验证。", "current")
    codes = second_factor.new_recovery_codes(session, key, account)
    note(session, "recovery_codes_new", actor.name, at, data={"account": account.id}, chain=CHAIN)
    return codes


def end_session(session: Session, actor: Actor, session_id: int, at: datetime) -> None:
    """Ends one of the own sessions; NotFound for another's or one that is over."""
    account = own(session, actor)
    if not browsers.end(session, account.id, session_id, at):
        raise NotFound("没有这个登录，可能已经退出。")
    note(session, "session_ended", actor.name, at, data={"account": account.id, "session": session_id}, chain=CHAIN)


def end_other_sessions(session: Session, actor: Actor, kept_id: int, at: datetime) -> None:
    """Ends all own sessions but this one."""
    account = own(session, actor)
    browsers.end_others(session, account.id, kept_id, at)
    note(session, "sessions_ended", actor.name, at, data={"account": account.id}, chain=CHAIN)


def switch_shortcuts(session: Session, actor: Actor, at: datetime, *, on: bool) -> None:
    """The keys of the desk on or off."""
    account = own(session, actor)
    account.shortcuts = on
    note(session, "own_shortcuts", actor.name, at, data={"account": account.id, "on": on}, chain=CHAIN)
