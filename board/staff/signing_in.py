"""Signing in: password, second factor, and lock-out by account and by address; every attempt that counts leaves an event."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from board.models import Account, SignInAddress
from board.settings import Settings
from board.staff import second_factor
from board.staff.accounts import NOBODY, verify
from board.storage.chains import note

#: who acts before anybody is known
VISITOR = "visitor"
CHAIN = "sign_in"


@dataclass(frozen=True, slots=True)
class Rules:
    """How many failures are borne, and for how long an account or an address is shut out."""

    account_most: int
    address_most: int
    lock: timedelta


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where the attempt comes from: the address (hashed before it is kept) and whether it is this machine."""

    address: str
    loopback: bool


def rules(settings: Settings) -> Rules:
    """The section [security] of the settings."""
    table = settings.section("security")
    return Rules(int(table["attempts_most"]), int(table["address_attempts_most"]), timedelta(minutes=int(table["lock_minutes"])))


def sign_in(session: Session, rule: Rules, key: bytes, login: str, password: str, visitor: Visitor, at: datetime) -> Account | None:
    """The account when the password is right; None otherwise (wrong, locked, disabled, expired, sample account from another machine)."""
    place = address_row(session, key, visitor.address, at)
    if place.locked_until is not None and place.locked_until > at:
        verify(NOBODY, password[:128])
        return None
    account = session.scalar(select(Account).where(Account.login == login.strip().lower()).with_for_update())
    right = verify(account.password_hash if account else NOBODY, password[:128])
    why = refusal(account, right, visitor, at)
    if account is not None and not why:
        account.failed_attempts = 0 if not account.totp_secret else account.failed_attempts
        return account
    failed(session, rule, place, account if why == "wrong" else None, why, at)
    return None


def refusal(account: Account | None, right: bool, visitor: Visitor, at: datetime) -> str:
    """Why the attempt is refused, for the event; "" when it is not."""
    if account is None:
        return "unknown"
    if not account.active:
        return "disabled"
    if account.expires_at is not None and account.expires_at <= at:
        return "expired"
    if account.sample and not visitor.loopback:
        return "elsewhere"
    if account.locked_until is not None and account.locked_until > at:
        return "locked"
    return "" if right else "wrong"


def vouched(session: Session, rule: Rules, key: bytes, login: str, visitor: Visitor, at: datetime) -> Account | None:
    """The account of a person for whom the identity provider vouches; None for one that is unknown, locked, disabled, expired, or for a locked address."""
    place = address_row(session, key, visitor.address, at)
    account = session.scalar(select(Account).where(Account.login == login[:60]).with_for_update()) if login else None
    why = "locked_address" if place.locked_until is not None and place.locked_until > at else refusal(account, True, visitor, at)
    if not why:
        return account
    failed(session, rule, place, None, f"provider: {why}", at)
    return None


def not_proven(session: Session, rule: Rules, key: bytes, why: str, visitor: Visitor, at: datetime) -> None:
    """Somebody came back from the identity provider with something that proves nothing: counted against the address, and noted."""
    failed(session, rule, address_row(session, key, visitor.address, at), None, f"provider: {why}"[:80], at)


def second_step(session: Session, rule: Rules, key: bytes, account_id: int, code: str, visitor: Visitor, at: datetime) -> Account | None:
    """The account when the code is right too; None for a wrong code or an account that was locked or ended meanwhile."""
    place = address_row(session, key, visitor.address, at)
    account = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    if account is None or not account.totp_secret or refusal(account, True, visitor, at) or (place.locked_until is not None and place.locked_until > at):
        return None
    used = second_factor.use_code(session, key, account, code, at)
    if not used:
        failed(session, rule, place, account, "wrong_code", at)
        return None
    account.failed_attempts = 0
    if used == "recovery":
        note(session, "recovery_code", f"account:{account.id}", at, data={"account": account.id}, chain=CHAIN)
    return account


def failed(session: Session, rule: Rules, place: SignInAddress, account: Account | None, why: str, at: datetime) -> None:
    """Counts a failure against address and account, and locks whichever had too many."""
    place.failures += 1
    if place.failures >= rule.address_most:
        place.locked_until, place.failures, place.since = at + rule.lock, 0, at
    if account is not None:
        account.failed_attempts += 1
        if account.failed_attempts >= rule.account_most:
            account.locked_until, account.failed_attempts = at + rule.lock, 0
    data = {"why": why, "address": place.address_hash[:12]} | ({"account": account.id} if account is not None else {})
    note(session, "sign_in_refused", VISITOR, at, data=data, chain=CHAIN)
    if account is not None and account.locked_until == at + rule.lock:
        note(session, "account_locked", VISITOR, at, data={"account": account.id}, chain=CHAIN)


def address_row(session: Session, key: bytes, address: str, at: datetime) -> SignInAddress:
    """The row that counts for an address, made when it is not there yet; a new window begins when the old one is over."""
    hashed = hmac.digest(hmac.digest(key, b"addresses", hashlib.sha256), address.encode(), hashlib.sha256).hex()
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(SignInAddress)
    session.execute(insert.values(address_hash=hashed, failures=0, since=at).on_conflict_do_nothing())
    row = session.scalars(select(SignInAddress).where(SignInAddress.address_hash == hashed).with_for_update()).one()
    if row.since < at - timedelta(hours=1):
        row.failures, row.since = 0, at
    return row
