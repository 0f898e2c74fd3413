"""responder_versions: the choices of learned weights"""

from alembic import op
import sqlalchemy as sa

from board.storage.triggers import append_only, append_only_off


revision = '0012_responder_versions'
down_revision = '0011_choices'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('responder_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=80), nullable=False),
    sa.Column('learned_from', sa.String(length=300), server_default='', nullable=False),
    sa.Column('weights', sa.Text(), server_default='', nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.CheckConstraint('version >= 0 AND version <= id', name=op.f('ck_responder_versions_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responder_versions'))
    )
    append_only('responder_versions')


def downgrade() -> None:
    append_only_off('responder_versions')
    op.drop_table('responder_versions')
