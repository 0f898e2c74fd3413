"""Brings the database to the schema of this program, or says why not."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from board.errors import NotConfigured

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection | None = None, key: bytes = b"") -> Config:
    """Alembic's configuration without an ini file; the connection and the server's key travel in its attributes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["key"] = key
    return config


def upgrade(engine: Engine, key: bytes = b"") -> str:
    """Migrates to the newest schema and returns its name; NotConfigured for a newer database or one that cannot be written."""
    script = ScriptDirectory.from_config(alembic_config())
    head = script.get_current_head() or ""
    try:
        with engine.begin() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            refuse_newer(script, current)
            if current != head:
                command.upgrade(alembic_config(connection, key), "head")
    except DBAPIError as error:
        raise NotConfigured(f"数据库无法打开或写入：{error.orig}") from error
    return head


def current_revision(engine: Engine) -> str | None:
    """The schema that the database has; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def refuse_newer(script: ScriptDirectory, current: str | None) -> None:
    """NotConfigured when the database was written by a newer program."""
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise NotConfigured(f"数据库由更新版本的程序建立（{current}），请先升级本程序。")


def current_and_newest(engine: Engine) -> tuple[str | None, str]:
    """The schema that the database has and the one of this program; NotConfigured for a newer database or one that cannot be opened."""
    script = ScriptDirectory.from_config(alembic_config())
    try:
        current = current_revision(engine)
    except DBAPIError as error:
        raise NotConfigured(f"数据库无法打开：{error.orig}") from error
    refuse_newer(script, current)
    return current, script.get_current_head() or ""
