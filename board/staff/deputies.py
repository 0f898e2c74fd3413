"""AB岗: for some days one member of staff does the work of another. A deputy has the same role, so nobody gains a right by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotFound
from board.models import Account, Deputy
from board.staff.roles import Actor, Right, may, require
from board.staff.units import subtree_ids

LONGEST_DAYS = 366


def stood_in_for(session: Session, account_id: int, today: date) -> Sequence[Account]:
    """Whose work the account does today; nobody whose account was ended or whose role has become another."""
    deputy = select(Account.role).where(Account.id == account_id).scalar_subquery()
    statement = select(Account).join(Deputy, Deputy.account_id == Account.id).where(
        Deputy.deputy_id == account_id, Deputy.from_on <= today, Deputy.until_on >= today, Deputy.ended_at.is_(None), Account.active, Account.role == deputy
    )  # fmt: skip
    return session.scalars(statement.order_by(Account.id).distinct()).all()


def with_stand_ins(session: Session, actor: Actor, today: date) -> Actor:
    """The actor with the units and the items of those whose work is done today."""
    others = stood_in_for(session, actor.account_id, today) if actor.account_id is not None else []
    if not others:
        return actor
    units = frozenset[int]().union(actor.unit_ids, *(subtree_ids(session, other.unit_id) for other in others))
    return replace(actor, unit_ids=units, stands_in=frozenset(other.id for other in others))


def set_deputy(session: Session, actor: Actor, login: str, deputy_login: str, from_on: date | None, until_on: date | None, at: datetime) -> Deputy:
    """Names a deputy for some days, both included, not before today and for at most a year.

    Anybody names the own deputy; whoever may assign names one for others. InvalidInput names the field; Conflict for days that overlap.
    """
    account, deputy = known(session, login, "login"), known(session, deputy_login, "deputy")
    if account.id != actor.account_id:
        require(actor, Right.assign)
    if account.id == deputy.id:
        raise InvalidInput("代理人不能是本人。", "deputy")
    if account.role != deputy.role:
        raise InvalidInput("代理人的角色须与被代理人相同，代理不增加权限。", "deputy")
    days = checked_days(from_on, until_on, local_day(at))
    overlap = select(Deputy.id).where(
        Deputy.account_id == account.id, Deputy.ended_at.is_(None), Deputy.from_on <= days[1], Deputy.until_on >= days[0]
    )  # fmt: skip
    if session.scalar(overlap.limit(1)) is not None:
        raise Conflict("这段日期内已有代理人，请先结束原来的代理。")
    row = Deputy(account_id=account.id, deputy_id=deputy.id, from_on=days[0], until_on=days[1], set_by=actor.name, set_at=at)
    session.add(row)
    session.flush()
    return row


def checked_days(from_on: date | None, until_on: date | None, today: date) -> tuple[date, date]:
    """The days; InvalidInput when one is missing, they lie behind, in the wrong order, or too far apart."""
    if from_on is None or from_on < today:
        raise InvalidInput("开始日期不能早于今天。", "from_on")
    if until_on is None or until_on < from_on:
        raise InvalidInput("结束日期不能早于开始日期。", "until_on")
    if (until_on - from_on).days > LONGEST_DAYS:
        raise InvalidInput("代理最长一年。", "until_on")
    return from_on, until_on


def known(session: Session, login: str, field: str) -> Account:
    """The active account of this login; InvalidInput otherwise."""
    account = session.scalar(select(Account).where(Account.login == login.strip()[:60], Account.active))
    if account is None:
        raise InvalidInput("没有这个账号。", field)
    return account


def end_deputy(session: Session, actor: Actor, key: int, at: datetime) -> Deputy:
    """Ends it now; NotFound when there is none, or when it is another's and the actor may not assign. Ending twice changes nothing."""
    row = session.get(Deputy, key)
    if row is None or not (row.account_id == actor.account_id or may(actor, Right.assign)):
        raise NotFound("没有这项代理。")
    row.ended_at = row.ended_at or at
    return row


def current_deputies(session: Session, actor: Actor, today: date) -> Sequence[Deputy]:
    """What holds today or later: all for whoever may assign, else what concerns the actor."""
    statement = select(Deputy).where(Deputy.ended_at.is_(None), Deputy.until_on >= today)
    if not may(actor, Right.assign):
        statement = statement.where(or_(Deputy.account_id == actor.account_id, Deputy.deputy_id == actor.account_id))
    return session.scalars(statement.options(joinedload(Deputy.account), joinedload(Deputy.deputy)).order_by(Deputy.from_on, Deputy.id)).all()


def eligible(session: Session, actor: Actor) -> Sequence[Account]:
    """Who can be named: active accounts, for those who may not assign only of the own role."""
    statement = select(Account).where(Account.active)
    if not may(actor, Right.assign):
        statement = statement.where(Account.role == actor.role)
    return session.scalars(statement.order_by(Account.display_name)).all()
