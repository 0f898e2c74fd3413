"""evaluations: runs of the measurement of the matcher"""

from alembic import op
import sqlalchemy as sa


revision = '0014_evaluations'
down_revision = '0013_urgent_first'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('evaluation_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('milliseconds', sa.Double(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('bins', sa.JSON(), nullable=False),
    sa.CheckConstraint('version >= 0', name=op.f('ck_evaluation_runs_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_runs'))
    )


def downgrade() -> None:
    op.drop_table('evaluation_runs')
