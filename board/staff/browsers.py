"""Sessions of staff, kept by the server: a token in the browser, its hash here; idle and absolute time-out; ended at once when it must be."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from board.models import Account, StaffSession

REFRESH = timedelta(seconds=60)


def start(session: Session, account: Account, address: str, browser: str, at: datetime) -> tuple[StaffSession, str]:
    """A new session and its token, which is nowhere else."""
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        account_id=account.id,
        token_hash=hashed(token),
        epoch=account.session_epoch,
        started_at=at,
        seen_at=at,
        address=address[:64],
        browser=browser_name(browser),
    )
    session.add(row)
    session.flush()
    return row, token


def hashed(token: str) -> str:
    """What is kept of a token (256 random bits need no salt)."""
    return hashlib.sha256(token.encode()).hexdigest()


def browser_name(agent: str) -> str:
    """A user agent in two words, for the list of own sessions."""
    names = (("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("Mac OS", "macOS"), ("Linux", "Linux"))
    parts = [next((words for sign, words in table if sign in agent), "") for table in (names, systems)]
    return " · ".join(part for part in parts if part) or "未知浏览器"


def find(session: Session, token: str, at: datetime, idle: timedelta, longest: timedelta) -> StaffSession | None:
    """The live session of this token with its account; None when it was ended, was idle or lasted too long, or its account is no more."""
    row = session.scalar(
        select(StaffSession)
        .where(StaffSession.token_hash == hashed(token))
        .options(joinedload(StaffSession.account).joinedload(Account.unit))
        .execution_options(populate_existing=True)
    )
    return row if row is not None and alive(row, at, idle, longest) else None


def alive(row: StaffSession, at: datetime, idle: timedelta, longest: timedelta) -> bool:
    """Whether the session still holds."""
    account = row.account
    known = account.active and account.session_epoch == row.epoch and (account.expires_at is None or account.expires_at > at)
    return known and row.ended_at is None and at - row.seen_at <= idle and at - row.started_at <= longest


def touch(session: Session, session_id: int, at: datetime) -> None:
    """Writes down that the session was used."""
    session.execute(
        update(StaffSession).where(StaffSession.id == session_id, StaffSession.seen_at < at).values(seen_at=at).execution_options(synchronize_session=False)
    )


def end(session: Session, account_id: int, session_id: int, at: datetime) -> bool:
    """Ends one of the account's sessions; False when it is not there or over."""
    done = session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.account_id == account_id, StaffSession.ended_at.is_(None))
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE's result has it


def end_others(session: Session, account_id: int, kept_id: int, at: datetime) -> None:
    """Ends all sessions of the account but one (0: all)."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.account_id == account_id, StaffSession.id != kept_id, StaffSession.ended_at.is_(None))
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )


def live_sessions(session: Session, account: Account, at: datetime, idle: timedelta, longest: timedelta) -> Sequence[StaffSession]:
    """The account's live sessions, the newest first."""
    rows = session.scalars(
        select(StaffSession).where(StaffSession.account_id == account.id, StaffSession.ended_at.is_(None)).order_by(StaffSession.id.desc()).limit(200)
    )
    return [row for row in rows if alive(row, at, idle, longest)]
