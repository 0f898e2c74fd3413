"""Settings: one frozen object, read once from files and the environment, then passed in."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from board.errors import NotConfigured

CONFIG_DIR = Path(__file__).resolve().parent.parent / "config"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and what the office chose; ``tables`` is the merged TOML, by section."""

    home: Path
    config_dir: Path
    database_url: str
    redis_url: str
    port: int
    rate_limits: bool
    tables: Mapping[str, Any]

    def section(self, name: str) -> Mapping[str, Any]:
        """One section of the configuration files, e.g. ``section("limits")["text"]``."""
        return self.tables.get(name, {})  # type: ignore[no-any-return]  # TOML values are Any

    def limit(self, name: str) -> int:
        """The greatest accepted length of an input, in characters."""
        return int(self.section("limits")[name])

    @property
    def index_directory(self) -> Path:
        """Where this host keeps the index of documents; it may be deleted at any time."""
        return self.home / "index"

    @property
    def office_name(self) -> str:
        """The full name of the office, as it stands on every page."""
        return str(self.section("office")["name"])


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary; NotConfigured with file and reason when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotConfigured(f"配置文件无法读取：{path}（{error}）") from error


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the values of ``over`` laid on top, section by section."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads config/default.toml, then <home>/config.toml, then the environment (named in the README)."""
    env = os.environ if environment is None else environment
    home = Path(env.get("HUIYING_HOME") or "var").resolve()
    config_dir = Path(env.get("HUIYING_CONFIG") or CONFIG_DIR)
    tables = read_toml(config_dir / "default.toml")
    own = home / "config.toml"
    if own.exists():
        tables = merged(tables, read_toml(own))
    return Settings(
        home=home,
        config_dir=config_dir,
        database_url=database_url(env.get("DATABASE_URL", ""), home),
        redis_url=redis_address(env.get("REDIS_URL", "")),
        port=port_number(env.get("PORT") or tables["web"]["port"]),
        rate_limits=bool(tables["rate_limits"]["enabled"]) and env.get("HUIYING_RATE_LIMITS", "on").lower() not in {"off", "0", "no"},
        tables=tables,
    )


def database_url(given: str, home: Path) -> str:
    """The SQLAlchemy address: SQLite under the home directory unless one is given; PostgreSQL always by psycopg 3."""
    if not given:
        return f"sqlite:///{home / 'huiying.db'}"
    for short in ("postgres://", "postgresql://"):
        if given.startswith(short):
            return "postgresql+psycopg://" + given.removeprefix(short)
    return given


def redis_address(given: str) -> str:
    """The address of Redis or ""; NotConfigured for anything else."""
    if given and not given.startswith(("redis://", "rediss://", "unix://", "redis+unix://", "redis+socket://")):
        raise NotConfigured("REDIS_URL 不是 Redis 的地址，例如 redis://主机:6379/0。")
    return given


def port_number(value: object) -> int:
    """A TCP port from 0 to 65535; NotConfigured otherwise."""
    try:
        port = int(str(value))
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise NotConfigured(f"端口号应为 0 到 65535 的整数，现为“{value}”。")
    return port
