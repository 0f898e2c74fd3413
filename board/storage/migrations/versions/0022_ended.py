"""an index over what has ended, by day of receipt: the lane of what is done goes along it"""

import sqlalchemy as sa
from alembic import op

revision = "0022_ended"
down_revision = "0021_citizen_notices"
branch_labels = None
depends_on = None

WHERE = sa.text("NOT (coalesce(state, '') IN ('received', 'accepted', 'assigned', 'in_hand', 'returned', 'awaiting_approval') AND NOT imported)")


def upgrade() -> None:
    op.create_index("ix_inquiries_ended", "inquiries", ["received_at", "id"], sqlite_where=WHERE, postgresql_where=WHERE)


def downgrade() -> None:
    op.drop_index("ix_inquiries_ended", "inquiries")
