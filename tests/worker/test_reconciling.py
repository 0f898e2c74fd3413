"""The reconciling round finds exactly the inquiries that nobody is going to draft."""

from collections.abc import Callable
from datetime import timedelta

from board.clock import now
from board.inquiries.reconciling import reconcile
from board.models import Inquiry, OutboxRow, OutboxState
from board.office import Office
from sqlalchemy import delete, update
from worker import tasks

Post = Callable[[], int]
RowOf = Callable[[str, object], OutboxRow]
LATER = timedelta(seconds=61)


def test_a_lost_row_is_written_again_after_a_minute(bureau: Office, post: Post, row_of: RowOf) -> None:
    inquiry_id = post()
    with bureau.work.transaction() as session:
        session.execute(delete(OutboxRow))
        assert reconcile(session, now()) == 0
        assert reconcile(session, now() + LATER) == 1
    assert row_of("draft_reply", inquiry_id).state == OutboxState.open


def test_what_is_open_failed_drafted_or_imported_is_left_alone(bureau: Office, post: Post, row_of: RowOf) -> None:
    opened, failed, drafted, imported = (post() for _ in range(4))
    tasks.draft_reply(row_of("draft_reply", drafted).id, str(drafted))
    with bureau.work.transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.subject == str(failed)).values(state=OutboxState.failed))
        session.execute(delete(OutboxRow).where(OutboxRow.subject == str(imported)))
        session.execute(update(Inquiry).where(Inquiry.id == imported).values(imported=True))
        assert reconcile(session, now() + LATER) == 0
    assert row_of("draft_reply", opened).attempts == 0
