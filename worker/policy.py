"""What every task shares: one office per process, an attempt counted before the work, errors kept with the row, one log line.

Celery itself never retries; the outbox row stays open and the relay sends it again until its attempts are used up.
"""

import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import structlog
from celery import Task
from celery.platforms import SecurityWarning
from celery.signals import celeryd_init, setup_logging, worker_process_init
from sqlalchemy.orm import Session

from board.clock import now
from board.errors import Unavailable
from board.models import OutboxRow
from board.office import Office, open_office
from board.storage import outbox

OURS = {"board", "responder", "worker"}
log = structlog.get_logger("worker")


class OfficeTask(Task):  # type: ignore[misc]  # celery ships no types
    """A task that holds the office of its process; it runs at least once and may run twice at any time."""

    abstract = True
    max_retries = 0
    opened: Office | None = None

    @property
    def office(self) -> Office:
        """The office of this process, opened on first use, with its settings as they hold now."""
        if OfficeTask.opened is None:
            OfficeTask.opened = open_office(migrate=False)
        OfficeTask.opened.chosen.follow(now())
        return OfficeTask.opened

    def attempt(self, row_id: int, work: Callable[[Office], object]) -> str:
        """Counts the attempt in a transaction of its own, works, keeps an error with the row; returns what came of it."""
        office, started = self.office, time.monotonic()
        with structlog.contextvars.bound_contextvars(task=self.name, row=row_id):
            with office.work.transaction() as session:
                if not outbox.begin(session, row_id, int(office.settings.section("worker")["attempts_most"])):
                    return "nothing to do"
            try:
                outcome = str(work(office))
            except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to the row and not to Celery
                outcome = keep_error(office, row_id, error)
            log.info("task", outcome=outcome, milliseconds=round(1000 * (time.monotonic() - started)))
            return outcome


def keep_error(office: Office, row_id: int, error: Exception) -> str:
    """Writes the kind of error (never its text: that may quote a citizen) to the row; the place goes to the log."""
    log.error("task failed", error=type(error).__name__, place=place_of(error))
    try:
        with office.work.transaction() as session:
            outbox.note_error(session, row_id, f"{type(error).__name__}（{place_of(error)}）")
    except Unavailable:
        log.warning("database away")
    return "error"


def place_of(error: BaseException) -> str:
    """The last line of our own code on the way to the error, e.g. ``board.replies.drafting:120``."""
    place, trace = "", error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if not place or module.partition(".")[0] in OURS:
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def hold_row(session: Session, row_id: int) -> None:
    """Locks the row for this transaction, so that who writes it again waits and is not overwritten by ``finish``."""
    session.get(OutboxRow, row_id, with_for_update=True)


@celeryd_init.connect  # type: ignore[untyped-decorator]  # celery ships no types
def allow_root(**_: Any) -> None:
    """Celery warns root of messages that run code; ours are JSON, and a container often has no other user."""
    warnings.filterwarnings("ignore", category=SecurityWarning)


@worker_process_init.connect  # type: ignore[untyped-decorator]  # celery ships no types
def open_for_business(**_: Any) -> None:
    """A new pool process opens an office of its own: connections must not cross a fork."""
    if OfficeTask.opened is not None:
        OfficeTask.opened.engine.dispose(close=False)
    OfficeTask.opened = office = open_office(migrate=False)
    with office.work.reading() as session:
        office.catalogue.follow(session)


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery ships no types
def set_up_logging(**_: Any) -> None:
    """Log lines as key=value with a UTC time, warnings and worse from libraries, never an argument's text."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s", force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
