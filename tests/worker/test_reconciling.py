"""The reconciling round finds exactly the inquiries that nobody is going to draft."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from board.inquiries.reconciling import reconcile
from board.models import Inquiry, OutboxRow, OutboxState
from board.office import Office
from sqlalchemy import delete, update
from worker import tasks

from tests.bureau import NOW, Bureau

RowOf = Callable[[str, object], OutboxRow]
LATER = timedelta(seconds=61)


def test_a_lost_row_is_written_again_after_a_minute(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    inquiry_id = bureau.post().inquiry_id
    with at_work.work.transaction() as session:
        session.execute(delete(OutboxRow))
        assert reconcile(session, NOW) == 0
        assert reconcile(session, NOW + LATER) == 1
    assert row_of("draft_reply", inquiry_id).state == OutboxState.open


def test_what_is_open_failed_drafted_or_imported_is_left_alone(bureau: Bureau, at_work: Office, row_of: RowOf) -> None:
    opened, failed, drafted, imported = (bureau.post().inquiry_id for _ in range(4))
    tasks.draft_reply(row_of("draft_reply", drafted).id, str(drafted))
    with at_work.work.transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.subject == str(failed)).values(state=OutboxState.failed))
        session.execute(delete(OutboxRow).where(OutboxRow.subject == str(imported)))
        session.execute(update(Inquiry).where(Inquiry.id == imported).values(imported=True))
        assert reconcile(session, datetime.now(UTC) + LATER) == 0
    assert row_of("draft_reply", opened).attempts == 0
