"""an index over what is live and urgent: it stands before everything else in the queue"""

import sqlalchemy as sa
from alembic import op

revision = "0013_urgent_first"
down_revision = "0012_responder_versions"
branch_labels = None
depends_on = None

WHERE = sa.text(
    "coalesce(state, '') IN ('received', 'accepted', 'assigned', 'in_hand', 'returned', 'awaiting_approval') AND NOT imported AND urgency <> 'ordinary'"
)


def upgrade() -> None:
    op.create_index("ix_inquiries_live_urgent", "inquiries", ["id"], sqlite_where=WHERE, postgresql_where=WHERE)


def downgrade() -> None:
    op.drop_index("ix_inquiries_live_urgent", "inquiries")
