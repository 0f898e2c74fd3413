"""Accounts: adding, signing in with argon2 and lock-out, and turning an account into an actor."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import local_day, now
from board.errors import InvalidInput, NotFound
from board.models import Account, Role, Unit
from board.staff.deputies import with_stand_ins
from board.staff.roles import Actor
from board.staff.units import subtree_ids

HASHER = PasswordHasher()
NOBODY = HASHER.hash("nobody has this password")
ATTEMPTS_MOST = 5
LOCK = timedelta(minutes=15)
PASSWORD_LEAST = 10


def add_account(session: Session, login: str, password: str, role: Role, unit: Unit, at: datetime, display_name: str = "", sample: bool = False) -> Account:
    """A new account; InvalidInput when the login is taken or the password is weak."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,39}", login):
        raise InvalidInput("账号名用小写字母、数字、点、横线，2 至 40 个字符。", "login")
    if session.scalar(select(Account.id).where(Account.login == login)) is not None:
        raise InvalidInput(f"账号“{login}”已经存在。", "login")
    check_password(password, login)
    account = Account(
        login=login, display_name=display_name or login, role=role, unit_id=unit.id, password_hash=HASHER.hash(password), created_at=at, sample=sample
    )
    session.add(account)
    session.flush()
    return account


def check_password(password: str, login: str) -> None:
    """InvalidInput for a password that is too short, too plain or contains the login."""
    kinds = sum(bool(re.search(pattern, password)) for pattern in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]"))
    if len(password) < PASSWORD_LEAST or len(password) > 128 or kinds < 3 or login in password.lower():
        raise InvalidInput(f"密码至少 {PASSWORD_LEAST} 位，含大写、小写、数字、符号中的三种，且不含账号名。", "password")


def sign_in(session: Session, login: str, password: str, at: datetime, loopback: bool) -> Account | None:
    """The account when the password is right; None otherwise (wrong, locked, disabled, sample account from another machine)."""
    account = session.scalar(select(Account).where(Account.login == login.strip().lower()).with_for_update())
    right = verify(account.password_hash if account else NOBODY, password[:128])
    if account is None or not account.active or (account.sample and not loopback):
        return None
    if account.locked_until is not None and account.locked_until > at:
        return None
    if right:
        account.failed_attempts, account.locked_until = 0, None
        return account
    account.failed_attempts += 1
    if account.failed_attempts >= ATTEMPTS_MOST:
        account.locked_until, account.failed_attempts = at + LOCK, 0
    return None


def verify(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the argon2 hash."""
    try:
        return HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def find_account(session: Session, login: str) -> Account:
    """The active account of this login; NotFound otherwise."""
    account = session.scalar(select(Account).where(Account.login == login, Account.active))
    if account is None:
        raise NotFound(f"没有可用的账号“{login[:40]}”。")
    return account


def actor_of(session: Session, account: Account) -> Actor:
    """The account as an actor, with the units it may work for and those whose work it does today."""
    own = Actor(f"account:{account.id}", account.role, account.id, subtree_ids(session, account.unit_id))
    return with_stand_ins(session, own, local_day(now()))


def disable(account: Account) -> None:
    """Ends the account and all its sessions at once."""
    account.active = False
    account.session_epoch += 1


def active_people(session: Session, limit: int = 300) -> Sequence[Account]:
    """The accounts that may sign in, by name (at most 300)."""
    return session.scalars(select(Account).where(Account.active).order_by(Account.display_name, Account.id).limit(limit)).all()
