"""Shared grounds of all tests: real SQLite, real PostgreSQL, real Redis, each private to the run and gone after it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from board.office import Office, open_office
from board.settings import Settings, load_settings
from board.storage import schema
from board.storage.engine import make_engine
from board.storage.unit_of_work import UnitOfWork
from worker.processes import end_with_parent

pytest_plugins = ["tests.bureau"]
ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "huiying_template"


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the source tree."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """argon2 with its smallest cost: every test makes accounts, and what is tested is the rule and not the price."""
    from argon2 import PasswordHasher

    from board.staff import accounts

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def kept_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Templates are compiled once for a process of tests, not once for each test's home."""
    from board.web import configuration

    cache = configuration.compiled_pages(tmp_path_factory.mktemp("templates"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(configuration, "compiled_pages", lambda _home: cache)
        yield


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Where the real data lies; skips when it is not on this machine."""
    path = Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared")
    if not (path / "data").is_dir():
        pytest.skip("no real data beside the project (set HUIYING_SHARED to its directory)")
    return path


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings from the shipped configuration with a home under the test's directory; arguments are environment values."""

    def make(**environment: str) -> Settings:
        return load_settings({"HUIYING_HOME": str(tmp_path / "home"), "HUIYING_RATE_LIMITS": "off", "PORT": "0", **environment})

    return make


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    path = tmp_path / "home" / "huiying.db"
    path.parent.mkdir(exist_ok=True)
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


def postgresql_bin() -> Path | None:
    """The directory with initdb and postgres: the newest of Debian's, else the one on PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL of this test run on a private unix socket; yields the directory of the socket."""
    programs = postgresql_bin()
    if programs is None:
        pytest.skip("no PostgreSQL programs on this machine (make test installs them)")
    user = "postgres" if os.geteuid() == 0 else None
    directory = Path(tempfile.mkdtemp(prefix="huiying-pg-"))
    if user:
        shutil.chown(directory, user, user)
    directory.chmod(0o755)
    data = directory / "data"
    options = {"user": user, "cwd": directory, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    init = [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(init, check=True, **options)
    quick = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "listen_addresses="]
    server = subprocess.Popen([programs / "postgres", "-D", data, "-k", directory, *quick], start_new_session=True, preexec_fn=end_with_parent, **options)  # noqa: PLW1509  # prctl only
    try:
        wait_until(lambda: accepts(directory / ".s.PGSQL.5432"), 20, "PostgreSQL did not start")
        wait_until(lambda: postgresql_answers(str(directory)), 20, "PostgreSQL does not answer")
        yield str(directory)
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(5)
        shutil.rmtree(directory, ignore_errors=True)


def postgresql_url(directory: str, name: str) -> str:
    """The address of a database on the private socket."""
    return f"postgresql+psycopg://postgres@/{name}?host={directory}"


def postgresql_answers(directory: str) -> bool:
    """Whether a connection can be made."""
    engine = create_engine(postgresql_url(directory, "postgres"))
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


def administer(directory: str, *statements: str) -> None:
    """Runs statements outside a transaction on the database postgres."""
    engine = create_engine(postgresql_url(directory, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """A migrated PostgreSQL database that each test copies."""
    administer(postgresql_server, f"CREATE DATABASE {TEMPLATE}")
    engine = make_engine(postgresql_url(postgresql_server, TEMPLATE))
    schema.upgrade(engine)
    engine.dispose()
    return TEMPLATE


COPY = "huiying_copy"
#: what tells that a test has changed the tables themselves
SHAPE = """SELECT md5(string_agg(attrelid::text || attname || atttypid::text || attnotnull::text, ',' ORDER BY attrelid, attnum))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace"""
#: every row goes, whatever forbids it (keys, append-only triggers), and numbers begin at 1 again; connections that a test forgot are ended
EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE found record;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', found.tablename);
    END LOOP;
    FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        PERFORM setval(format('public.%I', found.sequencename)::regclass, 1, false);
    END LOOP;
END $$;
"""


@pytest.fixture(scope="session")
def postgresql_copies(postgresql_server: str, postgresql_template: str) -> dict[str, str]:
    """The shape of the database that the tests of this process use one after the other; empty while there is none."""
    return {}


def shape_of(url: str, *, emptied: bool) -> str:
    """A digest of all columns; empties the database first where it is asked."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        if emptied:
            connection.exec_driver_sql(EMPTY)
        return str(connection.exec_driver_sql(SHAPE).scalar_one())


@pytest.fixture
def fresh_postgresql_url(postgresql_server: str, postgresql_template: str, postgresql_copies: dict[str, str]) -> Iterator[str]:
    """A migrated PostgreSQL database without rows: emptied after each test (a new one takes four times as long), made anew when its tables were changed."""
    url = postgresql_url(postgresql_server, COPY)
    if not postgresql_copies:
        administer(postgresql_server, f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)", f"CREATE DATABASE {COPY} TEMPLATE {postgresql_template}")
        postgresql_copies[COPY] = shape_of(url, emptied=False)
    yield url
    try:
        kept = shape_of(url, emptied=True) == postgresql_copies[COPY]
    except DBAPIError:
        kept = False
    if not kept:
        postgresql_copies.clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database, once of each kind."""
    name = {"sqlite": "sqlite_url", "postgresql": "fresh_postgresql_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
def settings(database_url: str, make_settings: Callable[..., Settings]) -> Settings:
    """Settings on a fresh database, once of each kind."""
    return make_settings(DATABASE_URL=database_url)


@pytest.fixture
def sqlite_settings(sqlite_url: str, make_settings: Callable[..., Settings]) -> Settings:
    """Settings on a fresh SQLite database."""
    return make_settings(DATABASE_URL=sqlite_url)


@pytest.fixture
def work(settings: Settings) -> Iterator[UnitOfWork]:
    """Transactions on a fresh database, once of each kind."""
    engine = make_engine(settings.database_url)
    yield UnitOfWork(engine)
    engine.dispose()


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """An open office on a fresh database, once of each kind; no units, no accounts."""
    opened = open_office(settings, migrate=False)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def sqlite_office(sqlite_settings: Settings) -> Iterator[Office]:
    """An open office on SQLite alone, for tests in which the database does not matter."""
    opened = open_office(sqlite_settings, migrate=False)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Path]:
    """A Redis of this test run on a private unix socket; yields the socket."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine (make test installs it)")
    directory = Path(tempfile.mkdtemp(prefix="huiying-redis-"))
    path = directory / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", directory]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=end_with_parent)  # noqa: PLW1509  # prctl only
    try:
        wait_until(lambda: accepts(path), 10, "Redis did not start")
        yield path
    finally:
        server.kill()
        server.wait(5)
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def redis_url(redis_server: Path) -> str:
    """The address (as redis-py writes it) of an empty Redis."""
    from redis import Redis

    with Redis(unix_socket_path=str(redis_server)) as client:
        client.flushall()
    return f"unix://{redis_server}"


@pytest.fixture
def free_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def accepts(path: Path) -> bool:
    """Whether something listens on the unix socket."""
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as sock:
        return sock.connect_ex(str(path)) == 0


def wait_until(condition: Callable[[], bool], seconds: float, message: str, pause: float = 0.05) -> float:
    """Waits for the condition; returns how long it took, AssertionError with the message when it never came."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(pause)
    raise AssertionError(message)


@pytest.fixture(scope="session")
def until() -> Callable[..., float]:
    """``until(condition, seconds, message)`` for tests that wait for a process."""
    return wait_until
