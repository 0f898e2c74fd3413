"""The relay: polls the outbox, wakes workers through the broker, at least once; repairs what was left without a row.

Started as ``python -m worker.relay``. Nothing that it waits for is waited for by a citizen.
"""

import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

import structlog
from celery import Celery
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerAway
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from board.clock import now
from board.errors import HuiyingError, Unavailable
from board.inquiries.reconciling import note_heartbeat, reconcile
from board.settings import Settings, load_settings
from board.storage import outbox
from board.storage.engine import make_engine
from board.storage.secrets import server_key
from board.storage.unit_of_work import UnitOfWork
from worker.broker import app
from worker.policy import set_up_logging

HEARTBEAT_SECONDS = 5
RECONCILE_SECONDS = 20
DATABASE_PAUSE = 1.0
BROKER_ERRORS = (BrokerAway, KombuError, RedisError, OSError)
log = structlog.get_logger("relay")


class Broker:
    """The way to the workers: asks whether the broker answers before rows are claimed, and says once that it does not."""

    def __init__(self, celery: Celery) -> None:
        self.celery = celery
        self.away = False
        address = str(celery.conf.broker_url)
        self._redis = None if address.startswith("filesystem:") else redis_at(address)

    def answers(self) -> bool:
        """Whether the broker takes messages now (bounded by two seconds)."""
        if self._redis is None:
            return True
        try:
            self._redis.ping()
        except BROKER_ERRORS as error:
            self.note(error)
            return False
        self.note(None)
        return True

    def send(self, wakes: Sequence[outbox.Wake]) -> int:
        """Sends each wake-up once; stops at the first that fails (the rows come due again by themselves). Returns how many went."""
        for count, wake in enumerate(wakes):
            try:
                self.celery.send_task(wake.task, args=[wake.row_id, wake.subject], retry=False)
            except BROKER_ERRORS as error:
                self.note(error)
                self.celery.pool.force_close_all()
                return count
        return len(wakes)

    def note(self, error: Exception | None) -> None:
        """Logs the moment when the broker goes and the moment when it is back."""
        if error is not None and not self.away:
            log.warning("broker away, posts are kept and sent later", error=type(error).__name__)
        elif error is None and self.away:
            log.info("broker is back")
        self.away = error is not None


def redis_at(address: str) -> Redis:
    """A plain client for the ping, with short time-outs and no retry; connects on first use."""
    options: dict[str, Any] = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
    if address.startswith("redis+socket://"):
        path, _, query = address.removeprefix("redis+socket://").partition("?")
        return Redis.from_url(f"unix://{path}" + (f"?{query}" if query else ""), **options)
    return Redis.from_url(address, **options)


class Relay:
    """One round after another until ``stopping`` is set."""

    def __init__(self, work: UnitOfWork, settings: Settings, broker: Broker) -> None:
        self.work, self.broker, self.chosen = work, broker, settings.section("worker")
        self.stopping = threading.Event()
        self.due: dict[str, float] = {}

    def run(self) -> None:
        """Polls until it is told to stop; a database that is away is waited for."""
        away = False
        while not self.stopping.is_set():
            pause = float(self.chosen["relay_seconds"])
            try:
                self.round()
                away = False
            except Unavailable:
                if not away:
                    log.warning("database away")
                away, pause = True, DATABASE_PAUSE
            self.stopping.wait(pause)

    def round(self) -> int:
        """Heartbeat and repair when their time has come, then sends what is due; returns how many were sent."""
        if self.time_for("heartbeat", HEARTBEAT_SECONDS):
            with self.work.transaction() as session:
                note_heartbeat(session, "relay", now())
        if self.time_for("reconcile", RECONCILE_SECONDS):
            with self.work.transaction() as session:
                repaired = reconcile(session, now())
            if repaired:
                log.warning("inquiries without a row", repaired=repaired)
        if not self.broker.answers():
            return 0
        with self.work.transaction() as session:
            wakes = outbox.claim_due(session, now(), float(self.chosen["retry_seconds"]), float(self.chosen["retry_most_seconds"]))
        return self.broker.send(wakes)

    def time_for(self, what: str, seconds: float) -> bool:
        """True once every so many seconds (monotonic: a clock that jumps does not matter)."""
        moment = time.monotonic()
        if moment < self.due.get(what, 0.0):
            return False
        self.due[what] = moment + seconds
        return True


def main() -> None:
    """The process: exit code 0 after SIGTERM or SIGINT, 2 when it is not set up."""
    set_up_logging()
    try:
        settings = load_settings()
        relay = Relay(UnitOfWork(make_engine(settings.database_url), server_key(settings.home)), settings, Broker(app))
    except HuiyingError as error:
        sys.stderr.write(f"huiying：{error.message}\n")
        sys.exit(2)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: relay.stopping.set())
    relay.run()


if __name__ == "__main__":
    main()
