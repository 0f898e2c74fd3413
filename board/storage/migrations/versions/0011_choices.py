"""choices: what the office changed on pages, signature lines of units"""

from alembic import op
import sqlalchemy as sa

from board.storage.triggers import append_only, append_only_off


revision = '0011_choices'
down_revision = '0010_urgent_tally'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('units', sa.Column('signature', sa.String(length=200), server_default='', nullable=False))
    op.create_table('setting_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint("topic <> '' AND name <> ''", name=op.f('ck_setting_versions_name')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_setting_versions_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting_versions'))
    )
    op.create_index('ix_setting_versions_name', 'setting_versions', ['topic', 'name', 'id'], unique=False)
    append_only('setting_versions')


def downgrade() -> None:
    append_only_off('setting_versions')
    op.drop_index('ix_setting_versions_name', table_name='setting_versions')
    op.drop_table('setting_versions')
    op.drop_column('units', 'signature')
