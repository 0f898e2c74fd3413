"""what comes with a post: place, the unit asked for, attachments"""

from alembic import op
import sqlalchemy as sa


revision = '0020_attachments'
down_revision = '0019_applications'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('inquiries', sa.Column('place', sa.String(length=200), server_default='', nullable=False))
    op.add_column('inquiries', sa.Column('asked_unit', sa.String(length=100), server_default='', nullable=False))
    op.create_table('attachments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_attachments_size')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_attachments_inquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments')),
    sa.UniqueConstraint('inquiry_id', 'digest', name=op.f('uq_attachments_inquiry_id_digest'))
    )


def downgrade() -> None:
    op.drop_table('attachments')
    op.drop_column('inquiries', 'asked_unit')
    op.drop_column('inquiries', 'place')
