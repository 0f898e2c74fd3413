"""the index of the counters holds the urgency too"""

from alembic import op
import sqlalchemy as sa


revision = '0010_urgent_tally'
down_revision = '0009_questions'
branch_labels = None
depends_on = None

LIVE = sa.text("coalesce(state, '') IN ('received', 'accepted', 'assigned', 'in_hand', 'returned', 'awaiting_approval') AND NOT imported")
BEFORE = ['state', 'unit_id', 'claimed_by_id', 'due_on', 'received_at', 'held_reason', 'imported']
AFTER = [*BEFORE[:-1], 'urgency', 'imported']


def upgrade() -> None:
    again(AFTER)


def again(columns) -> None:
    op.drop_index('ix_inquiries_live_tally', 'inquiries')
    op.create_index('ix_inquiries_live_tally', 'inquiries', columns, sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    again(BEFORE)
