"""A worker's process in miniature: the tasks on an open office, as worker_process_init leaves it."""

from collections.abc import Callable, Iterator

import pytest
from board.models import OutboxRow
from board.office import Office
from sqlalchemy import select
from worker.policy import OfficeTask


@pytest.fixture
def at_work(office: Office) -> Iterator[Office]:
    """The office at which the tasks of this process work."""
    OfficeTask._office = office
    yield office
    OfficeTask._office = None


@pytest.fixture
def row_of(office: Office) -> Callable[[str, object], OutboxRow]:
    """The outbox row of a task and subject, as it is now."""

    def find(task: str, subject: object) -> OutboxRow:
        with office.work.reading() as session:
            return session.scalars(select(OutboxRow).where(OutboxRow.task == task, OutboxRow.subject == str(subject))).one()

    return find
