"""Passwords: long enough, not common, not the name; argon2. They never expire by themselves (no forced rotation)."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from board.errors import InvalidInput, NotConfigured
from board.settings import CONFIG_DIR

LEAST, MOST = 10, 128
#: from this length on the four kinds of signs do not matter
LONG = 16
LEET = str.maketrans("@4031!$57", "aaoelisst")
KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")


def check_password(password: str, login: str, name: str = "") -> None:
    """InvalidInput for a password that is too short, too plain, common, or made of the login or the name."""
    kinds = sum(bool(re.search(pattern, password)) for pattern in KINDS)
    if not LEAST <= len(password) <= MOST or (kinds < 3 and len(password) < LONG):
        raise InvalidInput(f"密码至少 {LEAST} 位，含大写、小写、数字、符号中的三种（{LONG} 位以上不限），最多 {MOST} 位。", "password")
    if any(part in password.lower() for part in {login.lower(), *name_parts(name)}):
        raise InvalidInput("密码不能包含账号名或姓名。", "password")
    if len(set(password.lower())) < 5 or is_common(password):
        raise InvalidInput("这个密码过于常见，容易被猜到，请换一个。", "password")


def name_parts(name: str) -> Iterable[str]:
    """A name that could stand in a password: itself, if it has at least two signs."""
    return [name.lower()] if len(name.strip()) >= 2 else []


def is_common(password: str) -> bool:
    """Whether the password is a common one, or one with figures and signs around it, or with signs for letters."""
    plain = password.lower()
    bare = re.sub(r"[^a-z]", "", plain)
    spelled = re.sub(r"[^a-z]", "", re.sub(r"^\W+|[\W\d]+$", "", plain).translate(LEET))
    return not common_words().isdisjoint({plain, bare, spelled})


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The words of config/common_passwords.txt, one a line; NotConfigured when it cannot be read."""
    path: Path = CONFIG_DIR / "common_passwords.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NotConfigured(f"配置文件无法读取：{path}（{error}）") from error
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))
