"""deskwork: who is at an item, working texts, steps of signing, masks by hand, notices read"""

from alembic import op
import sqlalchemy as sa


revision = '0003_deskwork'
down_revision = '0002_people'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice_marks',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notice_marks_account_id')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_notice_marks'))
    )
    op.create_table('presences',
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('doing', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_presences_account_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_presences_inquiry_id')),
    sa.PrimaryKeyConstraint('inquiry_id', 'account_id', name=op.f('pk_presences'))
    )
    op.create_table('public_masks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("words <> ''", name=op.f('ck_public_masks_words')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_public_masks_account_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_public_masks_inquiry_id')),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['accounts.id'], name=op.f('fk_public_masks_lifted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_masks'))
    )
    with op.batch_alter_table('public_masks', schema=None) as batch_op:
        batch_op.create_index('uq_public_masks_words', ['inquiry_id', 'words'], unique=True, sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))

    op.create_table('working_texts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(length=40), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_working_texts_text')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_working_texts_account_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_working_texts_inquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_working_texts'))
    )
    with op.batch_alter_table('working_texts', schema=None) as batch_op:
        batch_op.create_index('ix_working_texts_inquiry', ['inquiry_id', 'account_id', 'id'], unique=False)

    op.create_table('sign_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'signed', 'skipped', name='stepstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(state = 'waiting') = (account_id IS NULL)", name=op.f('ck_sign_steps_by_whom')),
    sa.CheckConstraint("state <> 'skipped' OR reason <> ''", name=op.f('ck_sign_steps_skipped_with_reason')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sign_steps_account_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_sign_steps_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_steps')),
    sa.UniqueConstraint('reply_id', 'position', name=op.f('uq_sign_steps_reply_id_position'))
    )
    with op.batch_alter_table('sign_steps', schema=None) as batch_op:
        batch_op.create_index('ix_sign_steps_at', ['state', 'at'], unique=False)
        batch_op.create_index('uq_sign_steps_person', ['reply_id', 'account_id'], unique=True, sqlite_where=sa.text("state = 'signed'"), postgresql_where=sa.text("state = 'signed'"))



def downgrade() -> None:
    with op.batch_alter_table('sign_steps', schema=None) as batch_op:
        batch_op.drop_index('uq_sign_steps_person', sqlite_where=sa.text("state = 'signed'"), postgresql_where=sa.text("state = 'signed'"))
        batch_op.drop_index('ix_sign_steps_at')

    op.drop_table('sign_steps')
    with op.batch_alter_table('working_texts', schema=None) as batch_op:
        batch_op.drop_index('ix_working_texts_inquiry')

    op.drop_table('working_texts')
    with op.batch_alter_table('public_masks', schema=None) as batch_op:
        batch_op.drop_index('uq_public_masks_words', sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))

    op.drop_table('public_masks')
    op.drop_table('presences')
    op.drop_table('notice_marks')
