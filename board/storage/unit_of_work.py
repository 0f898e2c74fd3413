"""The one place that commits: ``with work.transaction() as session`` writes, ``with work.reading() as session`` only reads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Engine, event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session, sessionmaker

from board.errors import Unavailable
from board.models import Inquiry
from board.storage import traces, words
from board.storage.chains import KEY, close_chains
from board.storage.following import follow


class UnitOfWork:
    """Sessions of one engine; rooms get the session and never commit. ``key`` seals the chains of events."""

    def __init__(self, engine: Engine, key: bytes = b"") -> None:
        self.engine = engine
        self._writing = sessionmaker(engine, expire_on_commit=False, info={KEY: key})
        event.listen(self._writing, "before_flush", close_chains)
        for index in words.ALL:
            follow(self._writing, index.owner, index.watched, index.write)
        follow(self._writing, Inquiry, traces.WATCHED, traces.write)
        # SQLite lets one writer in and makes the others poll, which is unfair: the threads of a process queue up here instead.
        self._turn = threading.RLock() if engine.dialect.name == "sqlite" else nullcontext()
        self._reading = sessionmaker(engine.execution_options(reading=True), expire_on_commit=False)
        self._open = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing transaction: committed when the block ends, rolled back when it raises; Unavailable when the database is away."""
        with self._turn, self._writing() as session:
            try:
                yield session
                session.commit()
            except (OperationalError, InterfaceError, NoConnectionLeft) as error:
                session.rollback()
                raise Unavailable("系统暂时无法保存，请稍后再试；您填写的内容没有丢失。") from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A reading transaction, always rolled back; Unavailable when the database is away.

        One inside another is the same one: a thread that held a connection while it waits for a second would block all when the pool is empty.
        """
        outer: Session | None = getattr(self._open, "session", None)
        if outer is not None:
            yield outer
            return
        with self._reading() as session:
            self._open.session = session
            try:
                yield session
            except (OperationalError, InterfaceError, NoConnectionLeft) as error:
                raise Unavailable("系统暂时无法读取数据，请稍后再试。") from error
            finally:
                self._open.session = None
