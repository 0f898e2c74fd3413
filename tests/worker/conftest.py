"""A worker's process in miniature: the tasks on an open office, as worker_process_init leaves it."""

from collections.abc import Callable, Iterator

import pytest
from board.clock import now
from board.inquiries.posting import Post, post_inquiry
from board.models import OutboxRow
from board.office import Office
from sqlalchemy import select
from worker.policy import OfficeTask

QUESTION = "我上个月被公司辞退，请问失业保险金每个月多少钱，要在多少天内登记？"


@pytest.fixture
def bureau(office: Office, sow: Callable[[Office], None]) -> Iterator[Office]:
    """A small bureau on each database, at which the tasks of this process work."""
    sow(office)
    OfficeTask._office = office
    yield office
    OfficeTask._office = None


@pytest.fixture
def post(bureau: Office) -> Callable[[], int]:
    """Posts a question; returns the inquiry's id."""

    def do() -> int:
        with bureau.work.transaction() as session:
            posted = post_inquiry(session, bureau.settings, bureau.labels, bureau.key, bureau.calendar, Post(QUESTION, publish=True), now())
        return posted.inquiry_id

    return do


@pytest.fixture
def row_of(bureau: Office) -> Callable[[str, object], OutboxRow]:
    """The outbox row of a task and subject, as it is now."""

    def find(task: str, subject: object) -> OutboxRow:
        with bureau.work.reading() as session:
            return session.scalars(select(OutboxRow).where(OutboxRow.task == task, OutboxRow.subject == str(subject))).one()

    return find
