"""figures of the forms that people enter"""

from alembic import op
import sqlalchemy as sa

from board.storage.triggers import append_only, append_only_off


revision = '0023_entered_figures'
down_revision = '0022_ended'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('entered_figures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=10), nullable=False),
    sa.Column('path', sa.String(length=80), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("value <> ''", name=op.f('ck_entered_figures_value')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_entered_figures_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entered_figures')),
    sa.UniqueConstraint('year', 'form', 'path', 'revision', name=op.f('uq_entered_figures_year_form_path_revision'))
    )
    append_only('entered_figures')


def downgrade() -> None:
    append_only_off('entered_figures')
    op.drop_table('entered_figures')
