"""people"""

from alembic import op
import sqlalchemy as sa

from board.storage.checks import allow_values


revision = '0002_people'
down_revision = '0001_spine'
branch_labels = None
depends_on = None

BEFORE = ('editor', 'approver', 'manager', 'admin')
ADDED = ('front_office', 'unit_head', 'auditor')


def upgrade() -> None:
    allow_values('accounts', 'role', (*BEFORE, *ADDED))
    op.add_column('accounts', sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('accounts', sa.Column('must_change', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('accounts', sa.Column('totp_secret', sa.String(length=200), server_default='', nullable=False))
    op.add_column('accounts', sa.Column('totp_step', sa.Integer(), server_default='0', nullable=False))
    op.add_column('accounts', sa.Column('shortcuts', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table('sign_in_addresses',
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('failures >= 0', name=op.f('ck_sign_in_addresses_failures')),
    sa.PrimaryKeyConstraint('address_hash', name=op.f('pk_sign_in_addresses'))
    )
    op.create_table('recovery_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_recovery_codes_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    sa.UniqueConstraint('account_id', 'code_hash', name=op.f('uq_recovery_codes_account_id_code_hash'))
    )
    op.create_table('staff_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('browser', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_staff_sessions_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_staff_sessions_token_hash'))
    )
    op.create_index('ix_staff_sessions_account', 'staff_sessions', ['account_id', 'started_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_staff_sessions_account', table_name='staff_sessions')
    op.drop_table('staff_sessions')
    op.drop_table('recovery_codes')
    op.drop_table('sign_in_addresses')
    for column in ('shortcuts', 'totp_step', 'totp_secret', 'must_change', 'expires_at'):
        op.drop_column('accounts', column)
    op.execute("UPDATE accounts SET role = 'editor', active = FALSE WHERE role IN ('front_office', 'unit_head', 'auditor')")
    allow_values('accounts', 'role', BEFORE)
