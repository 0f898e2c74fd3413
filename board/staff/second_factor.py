"""The second factor: time-based codes (RFC 6238) with a sealed secret, no code twice, and recovery codes of which only hashes are kept."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from board.errors import InvalidInput
from board.models import Account, RecoveryCode

STEP_SECONDS = 30
CODES = 10
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_SIGNS = 10
NONCE_BYTES, TAG_BYTES = 16, 16


def new_secret() -> str:
    """A fresh secret of 160 bits in base 32."""
    return pyotp.random_base32()


def sealed(key: bytes, account_id: int, secret: str) -> str:
    """The secret so that the database alone does not give it away.

    A keyed stream (HMAC-SHA256 over a random nonce, one block, longer than the secret) and a tag over nonce, account and cipher text.
    """
    nonce, plain = secrets.token_bytes(NONCE_BYTES), base64.b32decode(secret)
    stream = hmac.digest(part(key, b"second factor, stream"), nonce, hashlib.sha256)
    hidden = bytes(a ^ b for a, b in zip(plain, stream, strict=False))
    return base64.b64encode(nonce + tag(key, account_id, nonce + hidden) + hidden).decode()


def opened(key: bytes, account_id: int, kept: str) -> str:
    """The secret again; InvalidInput when the text was changed or belongs to another account."""
    try:
        raw = base64.b64decode(kept, validate=True)
    except ValueError:
        raw = b""
    nonce, given, hidden = raw[:NONCE_BYTES], raw[NONCE_BYTES : NONCE_BYTES + TAG_BYTES], raw[NONCE_BYTES + TAG_BYTES :]
    if not hidden or not hmac.compare_digest(given, tag(key, account_id, nonce + hidden)):
        raise InvalidInput("二次验证的设置已失效，请重新开始。", "code")
    stream = hmac.digest(part(key, b"second factor, stream"), nonce, hashlib.sha256)
    return base64.b32encode(bytes(a ^ b for a, b in zip(hidden, stream, strict=False))).decode()


def part(key: bytes, purpose: bytes) -> bytes:
    """A key of its own for one purpose."""
    return hmac.digest(key, purpose, hashlib.sha256)


def tag(key: bytes, account_id: int, content: bytes) -> bytes:
    """The seal over the content, bound to the account."""
    return hmac.digest(part(key, b"second factor, tag"), str(account_id).encode() + b"|" + content, hashlib.sha256)[:TAG_BYTES]


def picture(secret: str, login: str, issuer: str) -> str:
    """The QR code for an authenticator as a data address of an SVG picture."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white"))


def accepted_step(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The thirty-second step of a right code (one step of tolerance either side), later than the last one used; None for a wrong or used one."""
    totp, now_step = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    for step in (now_step - 1, now_step, now_step + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS), digits(code)) and step > after:
            return step
    return None


def digits(code: str) -> str:
    """A typed code without blanks, at most six ASCII signs."""
    return "".join(code.split())[:6] if code.isascii() else ""


def use_code(session: Session, key: bytes, account: Account, code: str, at: datetime) -> str:
    """Checks a code of the authenticator or a recovery code and uses it up: "code", "recovery" or "" when it is wrong."""
    step = accepted_step(opened(key, account.id, account.totp_secret), code, at, account.totp_step)
    if step is not None:
        account.totp_step = step
        return "code"
    used = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.code_hash == code_hash(key, account.id, code), RecoveryCode.used_at.is_(None))
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    return "recovery" if used.rowcount == 1 else ""  # type: ignore[attr-defined]  # an UPDATE's result has it


def new_recovery_codes(session: Session, key: bytes, account: Account) -> list[str]:
    """Ten fresh codes instead of the old ones; they are shown once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(SIGNS) for _ in range(CODE_SIGNS)) for _ in range(CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=code_hash(key, account.id, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def code_hash(key: bytes, account_id: int, code: str) -> str:
    """The keyed hash of a recovery code, however it was typed."""
    plain = "".join(code.upper().replace("-", "").split())[:40]
    return hmac.digest(part(key, b"recovery codes"), f"{account_id}|{plain}".encode(), hashlib.sha256).hex()


def codes_left(session: Session, account: Account) -> int:
    """How many recovery codes are not used yet."""
    unused = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def switch_on(session: Session, key: bytes, account: Account, kept: str, code: str, at: datetime) -> list[str]:
    """Takes a secret into use after a first right code; returns the recovery codes. InvalidInput for a wrong code."""
    step = accepted_step(opened(key, account.id, kept), code, at, 0)
    if step is None:
        raise InvalidInput("验证码不正确，请核对手机时间后输入最新的六位数字。", "code")
    account.totp_secret, account.totp_step = kept, step
    return new_recovery_codes(session, key, account)


def switch_off(session: Session, account: Account) -> None:
    """Forgets secret and recovery codes."""
    account.totp_secret, account.totp_step = "", 0
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
