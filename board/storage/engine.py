"""The engine: SQLite in WAL with full sync and BEGIN IMMEDIATE for writers, PostgreSQL with a checked pool."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from board.errors import NotConfigured

BUSY_MILLISECONDS = 10_000
CACHE_KILOBYTES = 16_000  # a connection; SQLite's own 2 MB make a queue of 100,000 items read every page twice


def make_engine(url: str) -> Engine:
    """An engine for the address; opens no connection. SQLite's directory is made when it is missing."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise NotConfigured("DATABASE_URL 不是数据库地址，例如 postgresql://用户@主机/库名。") from error
    if parsed.get_backend_name() == "sqlite":
        make_directory(parsed.database)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False})
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, pool_pre_ping=True, pool_size=8, max_overflow=8, connect_args={"connect_timeout": 5})
    raise NotConfigured(f"不支持的数据库：{parsed.get_backend_name()}（可用 sqlite、postgresql）。")


def make_directory(database: str | None) -> None:
    """Makes the directory of a SQLite file; NotConfigured when that is refused."""
    if not database or database == ":memory:":
        return
    try:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotConfigured(f"数据目录无法写入：{Path(database).parent}（{error.strerror}）。") from error


def prepare_sqlite(connection: Any, _record: object) -> None:
    """Settings of each new SQLite connection; transactions are begun by us, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", f"cache_size=-{CACHE_KILOBYTES}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: a reader that becomes a writer half-way would be refused by SQLite."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def sqlite_full(error: BaseException) -> bool:
    """Whether a database error means that the disk is full or the file cannot be written."""
    return isinstance(error, sqlite3.OperationalError) and any(word in str(error) for word in ("full", "readonly", "disk I/O", "unable to open"))
