"""answer days: what became of the answers of the page for asking, by day"""

from alembic import op
import sqlalchemy as sa


revision = '0027_answer_days'
down_revision = '0026_closed_years'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('answer_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('opened', sa.Integer(), nullable=False),
    sa.Column('solved', sa.Integer(), nullable=False),
    sa.Column('unsolved', sa.Integer(), nullable=False),
    sa.Column('posted', sa.Integer(), nullable=False),
    sa.CheckConstraint('asked >= 0 and shown >= 0 and opened >= 0 and solved >= 0 and unsolved >= 0 and posted >= 0', name=op.f('ck_answer_days_counts')),
    sa.CheckConstraint('shown <= asked and opened <= shown and solved <= shown and unsolved <= shown and posted <= shown', name=op.f('ck_answer_days_order')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_answer_days'))
    )


def downgrade() -> None:
    op.drop_table('answer_days')
