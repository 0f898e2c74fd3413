"""Keeping accounts: what the technical administrator does to those of others, each step with an event; nothing to the own rights."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from board.errors import Conflict, InvalidInput, NotAllowed, NotFound
from board.models import Account, Role, Unit
from board.staff import browsers, second_factor
from board.staff.accounts import NAME_MOST, add_account, disable, set_password
from board.staff.roles import Actor, Right, require
from board.staff.units import require_unit
from board.storage.chains import note
from board.storage.paging import Page, escaped, paged

CHAIN = "account"
#: an auditor comes for a while
AUDITOR_LONGEST = timedelta(days=366)
WORDS = "ABCDEFGHJKMNPQRSTVWXYZ"
STATES = ("active", "disabled", "locked", "expired")


@dataclass(frozen=True, slots=True)
class Person:
    """What is written down about a member of staff; ``unit`` is a code or a name, ``expires_at`` None lasts."""

    display_name: str
    role: str
    unit: str
    expires_at: datetime | None = None


def accounts(session: Session, actor: Actor, query: str = "", role: str = "", page: int = 1) -> Page[Account]:
    """One page of accounts by login or name, and by role."""
    require(actor, Right.manage_accounts)
    statement = select(Account).options(joinedload(Account.unit)).order_by(Account.active.desc(), Account.login)
    if query:
        like = f"%{escaped(query[:60].lower())}%"
        statement = statement.where(or_(Account.login.like(like, escape="\\"), Account.display_name.like(like, escape="\\")))
    if role in Role.__members__:
        statement = statement.where(Account.role == Role(role))
    return paged(session, statement, page)


def account_for_admin(session: Session, actor: Actor, login: str) -> Account:
    """The account of this login, whatever its state; NotFound when there is none."""
    require(actor, Right.manage_accounts)
    account = session.scalar(select(Account).where(Account.login == login[:60]).options(joinedload(Account.unit)))
    if account is None:
        raise NotFound("没有这个账号。")
    return account


def create(session: Session, actor: Actor, login: str, person: Person, at: datetime, password: str = "") -> tuple[Account, str]:
    """A new account with a first password (made up unless given) that must be changed; returns both."""
    require(actor, Right.manage_accounts)
    given = password or first_password()
    role, unit = checked(session, person, at)
    account = add_account(session, login.strip().lower(), given, role, unit, at, person.display_name.strip())
    account.expires_at, account.must_change = person.expires_at, not password
    written(session, "account_add", actor, account, at, role=role.value, unit=unit.id, until=until(account))
    return account, given


def first_password() -> str:
    """A password to hand over once: about 70 random bits, readable aloud."""
    groups = ["".join(secrets.choice(WORDS) for _ in range(4)) for _ in range(3)]
    return f"{groups[0].capitalize()}-{groups[1].lower()}-{groups[2].lower()}-{secrets.randbelow(9000) + 1000}"


def checked(session: Session, person: Person, at: datetime) -> tuple[Role, Unit]:
    """Role and unit; InvalidInput for unknown ones, an over-long name, or an auditor without an end."""
    if person.role not in Role.__members__:
        raise InvalidInput("请选择角色。", "role")
    if not person.display_name.strip() or len(person.display_name) > NAME_MOST:
        raise InvalidInput(f"请填写姓名，最多 {NAME_MOST} 个字。", "display_name")
    if not person.unit:
        raise InvalidInput("请选择单位。", "unit")
    if person.expires_at is not None and person.expires_at <= at:
        raise InvalidInput("有效期应在今天以后。", "expires")
    if person.role == Role.auditor and (person.expires_at is None or person.expires_at > at + AUDITOR_LONGEST):
        raise InvalidInput("审计人员的账号须填写有效期，最长一年。", "expires")
    return Role(person.role), require_unit(session, person.unit)


def change(session: Session, actor: Actor, account: Account, person: Person, at: datetime) -> None:
    """Name, role, unit, end; the new rights hold from the next request on. NotAllowed for the own account."""
    not_self(actor, account)
    role, unit = checked(session, person, at)
    before = {"role": account.role.value, "unit": account.unit_id, "until": until(account)}
    account.display_name, account.role, account.unit_id, account.expires_at = person.display_name.strip(), role, unit.id, person.expires_at
    after = {"role": role.value, "unit": unit.id, "until": until(account)}
    written(session, "account_change", actor, account, at, before=before, after=after)


def switch_off(session: Session, actor: Actor, account: Account, at: datetime) -> None:
    """停用: the account and all its sessions end at once."""
    not_self(actor, account)
    if not account.active:
        raise Conflict("这个账号已经停用。")
    disable(account)
    browsers.end_others(session, account.id, 0, at)
    written(session, "account_disable", actor, account, at)


def switch_on(session: Session, actor: Actor, account: Account, at: datetime) -> None:
    """启用 again, without lock."""
    not_self(actor, account)
    if account.active:
        raise Conflict("这个账号正在使用。")
    account.active, account.failed_attempts, account.locked_until = True, 0, None
    written(session, "account_enable", actor, account, at)


def unlock(session: Session, actor: Actor, account: Account, at: datetime) -> None:
    """Lifts a lock after failed attempts."""
    not_self(actor, account)
    account.failed_attempts, account.locked_until = 0, None
    written(session, "account_unlock", actor, account, at)


def reset_password(session: Session, actor: Actor, account: Account, at: datetime, password: str = "") -> str:
    """A new password (made up unless given) that is returned once and must be changed; all sessions end."""
    not_self(actor, account)
    given = password or first_password()
    set_password(account, given)
    account.must_change = not password
    browsers.end_others(session, account.id, 0, at)
    written(session, "account_password", actor, account, at)
    return given


def reset_second_factor(session: Session, actor: Actor, account: Account, at: datetime) -> None:
    """Takes the second factor away (a lost telephone); all sessions end."""
    not_self(actor, account)
    if not account.totp_secret:
        raise Conflict("这个账号没有启用二次验证。")
    second_factor.switch_off(session, account)
    account.session_epoch += 1
    written(session, "second_factor_reset", actor, account, at)


def end_sessions(session: Session, actor: Actor, account: Account, at: datetime) -> None:
    """Ends all sessions of the account."""
    not_self(actor, account)
    account.session_epoch += 1
    browsers.end_others(session, account.id, 0, at)
    written(session, "sessions_ended", actor, account, at)


def not_self(actor: Actor, account: Account) -> None:
    """NotAllowed without the right, and for the own account: nobody grants to himself."""
    require(actor, Right.manage_accounts)
    if actor.account_id == account.id:
        raise NotAllowed("不能对自己的账号做这项操作，请由另一位系统管理员进行。")


def until(account: Account) -> str:
    """The end of an account for an event."""
    return account.expires_at.isoformat() if account.expires_at else ""


def written(session: Session, action: str, actor: Actor, account: Account, at: datetime, **data: object) -> None:
    """The event of a step."""
    note(session, action, actor.name, at, data={"account": account.id, **data}, chain=CHAIN)


def state_of(account: Account, at: datetime) -> str:
    """How the account stands: one of STATES."""
    if not account.active:
        return "disabled"
    if account.expires_at is not None and account.expires_at <= at:
        return "expired"
    return "locked" if account.locked_until is not None and account.locked_until > at else "active"


def units_to_choose(session: Session) -> Sequence[Unit]:
    """All units, the office first."""
    return session.scalars(select(Unit).order_by(Unit.id)).all()
