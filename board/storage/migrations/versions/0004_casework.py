"""casework: referral slips, notes, files, deputies; inquiries that come by window and by referral slip"""

from alembic import op
import sqlalchemy as sa

from board.storage.checks import allow_values

revision = '0004_casework'
down_revision = '0003_deskwork'
branch_labels = None
depends_on = None

CHANNELS = ('web', 'api', 'phone', 'letter', 'import')


def upgrade() -> None:
    allow_values('inquiries', 'channel', (*CHANNELS[:-1], 'window', 'referral', 'import'))
    op.create_table('referrals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('slip_number', sa.String(length=80), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('feedback_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('feedback_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("slip_number <> ''", name=op.f('ck_referrals_slip_number')),
    sa.ForeignKeyConstraint(['feedback_by_id'], ['accounts.id'], name=op.f('fk_referrals_feedback_by_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_referrals_inquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referrals')),
    sa.UniqueConstraint('inquiry_id', name=op.f('uq_referrals_inquiry_id')),
    sa.UniqueConstraint('source', 'slip_number', name=op.f('uq_referrals_source_slip_number'))
    )
    op.create_index('ix_referrals_due', 'referrals', ['due_on'])
    op.create_table('case_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('note', 'call', 'proposal', 'handling', 'instruction', name='notekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('counterpart', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['accounts.id'], name=op.f('fk_case_notes_author_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_case_notes_inquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_notes'))
    )
    op.create_index('ix_case_notes_inquiry', 'case_notes', ['inquiry_id', 'id'])
    op.create_table('case_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('evidence', 'signed_slip', name='filekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_case_files_size')),
    sa.ForeignKeyConstraint(['added_by_id'], ['accounts.id'], name=op.f('fk_case_files_added_by_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_case_files_inquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_files')),
    sa.UniqueConstraint('inquiry_id', 'digest', name=op.f('uq_case_files_inquiry_id_digest'))
    )
    op.create_table('deputies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('set_by', sa.String(length=80), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('from_on <= until_on', name=op.f('ck_deputies_days')),
    sa.CheckConstraint('account_id <> deputy_id', name=op.f('ck_deputies_two_people')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_deputies_account_id')),
    sa.ForeignKeyConstraint(['deputy_id'], ['accounts.id'], name=op.f('fk_deputies_deputy_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deputies'))
    )
    op.create_index('ix_deputies_deputy', 'deputies', ['deputy_id', 'until_on'])


def downgrade() -> None:
    op.drop_table('deputies')
    op.drop_table('case_files')
    op.drop_table('case_notes')
    op.drop_table('referrals')
    op.execute("UPDATE inquiries SET channel = 'letter' WHERE channel IN ('window', 'referral')")
    allow_values('inquiries', 'channel', CHANNELS)
