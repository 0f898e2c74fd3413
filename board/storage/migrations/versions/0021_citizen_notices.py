"""notices to citizens by short message or mail"""

from alembic import op
import sqlalchemy as sa


revision = '0021_citizen_notices'
down_revision = '0020_attachments'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('inquiries', sa.Column('notice_to', sa.String(length=200), server_default='', nullable=False))
    op.create_table('citizen_notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sending', 'sent', 'refused', 'doubtful', name='mailstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_citizen_notices_inquiry_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_citizen_notices_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citizen_notices')),
    sa.UniqueConstraint('inquiry_id', 'event_id', name=op.f('uq_citizen_notices_inquiry_id_event_id'))
    )


def downgrade() -> None:
    op.drop_table('citizen_notices')
    op.drop_column('inquiries', 'notice_to')
