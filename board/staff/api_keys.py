"""Keys of the interface for other offices' programs: few scopes, an end, a rate of their own; only the hash of the secret is kept."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from board.clock import local_day
from board.errors import Conflict, InvalidInput, NotFound
from board.models import ApiKey
from board.staff.roles import Actor, Right, require
from board.storage.chains import note

CHAIN = "interface"
TOKEN = re.compile(r"hyk_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
NAME_MOST = 80
PER_MINUTE, PER_MINUTE_MOST = 600, 10_000
LONGEST = timedelta(days=3 * 366)


class Scope(StrEnum):
    """What a key may do; what is public is open without a key as well, at the rate of the public."""

    read = "read"
    post = "post"
    follow = "follow"
    figures = "figures"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that is asked for: whose it is, what it may do, how often, and its last day."""

    name: str
    scopes: Sequence[str]
    per_minute: int = PER_MINUTE
    expires_on: date | None = None


def create(session: Session, actor: Actor, wanted: Wanted, at: datetime) -> tuple[ApiKey, str]:
    """A new key and its token, which is shown once and is nowhere kept; InvalidInput names the field."""
    require(actor, Right.manage_interface)
    scopes = checked(wanted, local_day(at))
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    row = ApiKey(
        name=wanted.name.strip(), prefix=prefix, secret_hash=hashed(secret), scopes=" ".join(scopes), per_minute=wanted.per_minute, created_at=at,
        expires_on=wanted.expires_on,
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, "key_add", actor.name, at, data={"key": prefix, "scopes": scopes, "until": str(wanted.expires_on or "")}, chain=CHAIN)
    return row, f"hyk_{prefix}_{secret}"


def checked(wanted: Wanted, today: date) -> list[str]:
    """The scopes in their order; InvalidInput for anything odd."""
    if not wanted.name.strip() or len(wanted.name) > NAME_MOST or not wanted.name.isprintable():
        raise InvalidInput(f"请填写使用单位，最多 {NAME_MOST} 个字。", "name")
    scopes = [scope.value for scope in Scope if scope.value in wanted.scopes]
    if not scopes or set(wanted.scopes) - set(scopes):
        raise InvalidInput(f"权限应为 {'、'.join(Scope)} 中的一项或几项。", "scopes")
    if not 1 <= wanted.per_minute <= PER_MINUTE_MOST:
        raise InvalidInput(f"每分钟次数应在 1 到 {PER_MINUTE_MOST} 之间。", "per_minute")
    if wanted.expires_on is not None and not today <= wanted.expires_on <= today + LONGEST:
        raise InvalidInput("有效期应在今天以后、三年以内。", "expires")
    return scopes


def hashed(secret: str) -> str:
    """What is kept of a secret (256 random bits need no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def all_keys(session: Session, actor: Actor) -> Sequence[ApiKey]:
    """The keys, those that work first, the newest first; at most 500."""
    require(actor, Right.manage_interface)
    return session.scalars(select(ApiKey).order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc()).limit(500)).all()


def revoke(session: Session, actor: Actor, prefix: str, at: datetime) -> ApiKey:
    """The key works no more, from the next request on."""
    require(actor, Right.manage_interface)
    row = session.scalar(select(ApiKey).where(ApiKey.prefix == prefix.removeprefix("hyk_")[:12]).with_for_update())
    if row is None:
        raise NotFound("没有这个密钥。")
    if row.revoked_at is not None:
        raise Conflict("这个密钥已经停用。")
    row.revoked_at = at
    note(session, "key_revoke", actor.name, at, data={"key": row.prefix}, chain=CHAIN)
    return row


def find(session: Session, token: str, at: datetime) -> ApiKey | None:
    """The working key of a token; None for an unknown, ended or revoked one."""
    match = TOKEN.fullmatch(token)
    row = session.scalar(select(ApiKey).where(ApiKey.prefix == match[1])) if match else None
    if match is None or row is None or not hmac.compare_digest(row.secret_hash, hashed(match[2])):
        return None
    return row if works(row, at) else None


def works(row: ApiKey, at: datetime) -> bool:
    """Whether the key is neither revoked nor over."""
    return row.revoked_at is None and (row.expires_on is None or row.expires_on >= local_day(at))


def may(row: ApiKey, scope: Scope) -> bool:
    """Whether the key has the scope."""
    return scope.value in row.scopes.split()


def note_use(session: Session, key_id: int, today: date) -> None:
    """Writes down the day of the last use."""
    earlier = or_(ApiKey.last_used_on.is_(None), ApiKey.last_used_on < today)
    session.execute(update(ApiKey).where(ApiKey.id == key_id, earlier).values(last_used_on=today).execution_options(synchronize_session=False))

