"""monthly returns, overruled findings, closed years"""

from alembic import op
import sqlalchemy as sa

from board.storage.triggers import append_only, append_only_off


revision = '0026_closed_years'
down_revision = '0025_outside'
branch_labels = None
depends_on = None

TABLES = ('monthly_returns', 'return_adjustments', 'finding_overrulings', 'year_freezes', 'freeze_confirmations', 'return_templates')


def upgrade() -> None:
    op.create_table('finding_overrulings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=10), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('message', sa.String(length=1000), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('overruled_by', sa.String(length=80), nullable=False),
    sa.CheckConstraint("overruled_by <> ''", name=op.f('ck_finding_overrulings_overruled_by')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_finding_overrulings_reason')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_overrulings'))
    )
    op.create_index(op.f('ix_finding_overrulings_fingerprint'), 'finding_overrulings', ['fingerprint'], unique=False)
    op.create_table('monthly_returns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('month', 'opening', name='returnkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('items', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by', sa.String(length=80), nullable=False),
    sa.CheckConstraint("kind = 'opening' OR revision = 1", name=op.f('ck_monthly_returns_revision')),
    sa.CheckConstraint("submitted_by <> ''", name=op.f('ck_monthly_returns_submitted_by')),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_monthly_returns_month')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_monthly_returns')),
    sa.UniqueConstraint('year', 'month', 'revision', name=op.f('uq_monthly_returns_year_month_revision'))
    )
    op.create_table('return_templates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('in_use', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kept_by', sa.String(length=80), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_return_templates_name')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_templates')),
    sa.UniqueConstraint('name', 'revision', name=op.f('uq_return_templates_name_revision'))
    )
    op.create_table('year_freezes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('snapshot', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by', sa.String(length=80), nullable=False),
    sa.CheckConstraint("closed_by <> ''", name=op.f('ck_year_freezes_closed_by')),
    sa.CheckConstraint("version = 1 OR reason <> ''", name=op.f('ck_year_freezes_reason')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_year_freezes')),
    sa.UniqueConstraint('id', 'closed_by', name=op.f('uq_year_freezes_id_closed_by')),
    sa.UniqueConstraint('year', 'version', 'attempt', name=op.f('uq_year_freezes_year_version_attempt'))
    )
    op.create_index(op.f('ix_year_freezes_year'), 'year_freezes', ['year'], unique=False)
    op.create_table('freeze_confirmations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('freeze_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('closed_by', sa.String(length=80), nullable=False),
    sa.Column('confirmed_by', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("confirmed_by <> closed_by AND confirmed_by <> ''", name=op.f('ck_freeze_confirmations_two_people')),
    sa.ForeignKeyConstraint(['freeze_id', 'closed_by'], ['year_freezes.id', 'year_freezes.closed_by'], name=op.f('fk_freeze_confirmations_freeze_id_closed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_freeze_confirmations')),
    sa.UniqueConstraint('freeze_id', name=op.f('uq_freeze_confirmations_freeze_id')),
    sa.UniqueConstraint('year', 'version', name=op.f('uq_freeze_confirmations_year_version'))
    )
    op.create_table('return_adjustments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('return_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=10), nullable=False),
    sa.Column('path', sa.String(length=80), nullable=False),
    sa.Column('before', sa.String(length=40), nullable=False),
    sa.Column('after', sa.String(length=40), nullable=False),
    sa.Column('added', sa.JSON(), nullable=False),
    sa.Column('removed', sa.JSON(), nullable=False),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_return_adjustments_month')),
    sa.ForeignKeyConstraint(['return_id'], ['monthly_returns.id'], name=op.f('fk_return_adjustments_return_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_adjustments')),
    sa.UniqueConstraint('return_id', 'year', 'month', 'form', 'path', name=op.f('uq_return_adjustments_return_id_year_month_form_path'))
    )
    op.create_index(op.f('ix_return_adjustments_return_id'), 'return_adjustments', ['return_id'], unique=False)
    for table in TABLES:
        append_only(table)


def downgrade() -> None:
    for table in TABLES:
        append_only_off(table)
    for table in ('return_adjustments', 'freeze_confirmations', 'year_freezes', 'return_templates', 'monthly_returns', 'finding_overrulings'):
        op.drop_table(table)
