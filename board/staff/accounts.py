"""Accounts: adding one, its password as an argon2 hash, and turning an account into an actor."""

import re
from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day, now
from board.errors import InvalidInput, NotFound
from board.models import Account, Role, Unit
from board.staff.deputies import with_stand_ins
from board.staff.passwords import check_password
from board.staff.roles import Actor
from board.staff.units import place_of_unit

HASHER = PasswordHasher()
NOBODY = HASHER.hash("nobody has this password")
NAME_MOST = 60


def add_account(session: Session, login: str, password: str, role: Role, unit: Unit, at: datetime, display_name: str = "", sample: bool = False) -> Account:
    """A new account; InvalidInput when the login is taken or the password is weak."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,39}", login):
        raise InvalidInput("账号名用小写字母、数字、点、横线，2 至 40 个字符。", "login")
    if session.scalar(select(Account.id).where(Account.login == login)) is not None:
        raise InvalidInput(f"账号“{login}”已经存在。", "login")
    if len(display_name) > NAME_MOST:
        raise InvalidInput(f"姓名最多 {NAME_MOST} 个字。", "display_name")
    check_password(password, login, display_name)
    account = Account(
        login=login, display_name=display_name or login, role=role, unit_id=unit.id, password_hash=HASHER.hash(password), created_at=at, sample=sample
    )
    session.add(account)
    session.flush()
    return account


def set_password(account: Account, password: str) -> None:
    """A new password; all sessions of the account end. InvalidInput for a weak one or the one that stands."""
    check_password(password, account.login, account.display_name)
    if verify(account.password_hash, password):
        raise InvalidInput("新密码不能与原密码相同。", "password")
    account.password_hash, account.sample, account.must_change = HASHER.hash(password), False, False
    account.failed_attempts, account.locked_until = 0, None
    account.session_epoch += 1


def verify(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the argon2 hash."""
    try:
        return HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def find_account(session: Session, login: str, at: datetime | None = None) -> Account:
    """The account of this login that may be used at the moment; NotFound otherwise."""
    account = session.scalar(select(Account).where(Account.login == login, Account.active))
    if account is None or (account.expires_at is not None and account.expires_at <= (at or now())):
        raise NotFound(f"没有可用的账号“{login[:40]}”。")
    return account


def actor_of(session: Session, account: Account) -> Actor:
    """The account as an actor, with the units it may work for and those whose work it does today."""
    below, above = place_of_unit(session, account.unit_id)
    own = Actor(f"account:{account.id}", account.role, account.id, below, home=above, known_as=account.display_name)
    return with_stand_ins(session, own, local_day(now()))


def disable(account: Account) -> None:
    """Ends the account and all its sessions at once."""
    account.active = False
    account.session_epoch += 1


def active_people(session: Session, limit: int = 300) -> Sequence[Account]:
    """The accounts that may sign in, by name (at most 300)."""
    return session.scalars(select(Account).where(Account.active).order_by(Account.display_name, Account.id).limit(limit)).all()
