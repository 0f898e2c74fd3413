"""together: parts of several units, supervision, mails to staff"""

from alembic import op
import sqlalchemy as sa


revision = '0015_together'
down_revision = '0014_evaluations'
branch_labels = None
depends_on = None

LIVE = sa.text("coalesce(state, '') IN ('received', 'accepted', 'assigned', 'in_hand', 'returned', 'awaiting_approval') AND NOT imported")


def named(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.add_column('accounts', sa.Column('email', sa.String(length=200), server_default='', nullable=False))
    op.add_column('inquiries', sa.Column('supervised_until', sa.Date(), nullable=True))
    op.create_index('ix_inquiries_live_supervised', 'inquiries', ['supervised_until', 'id'], sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table('mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('state', named('mailstate', 'waiting', 'sending', 'sent', 'refused', 'doubtful'), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('tries >= 0', name=op.f('ck_mails_tries')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_mails_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    sa.UniqueConstraint('message_id', name=op.f('uq_mails_message_id'))
    )
    op.create_index('ix_mails_account', 'mails', ['account_id', 'id'])
    op.create_index('ix_mails_state', 'mails', ['state'])
    op.create_table('mail_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_mail_items_account_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_mail_items_inquiry_id')),
    sa.ForeignKeyConstraint(['mail_id'], ['mails.id'], name=op.f('fk_mail_items_mail_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_items')),
    sa.UniqueConstraint('account_id', 'inquiry_id', 'action', 'day', name=op.f('uq_mail_items_account_id_inquiry_id_action_day'))
    )
    waiting = sa.text('mail_id IS NULL')
    op.create_index('ix_mail_items_waiting', 'mail_items', ['account_id'], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index('ix_mail_items_mail', 'mail_items', ['mail_id'])
    op.create_table('reply_parts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('task', sa.String(length=500), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', named('partstate', 'asked', 'answered', 'returned'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("task <> ''", name=op.f('ck_reply_parts_task')),
    sa.CheckConstraint("(state = 'answered') = (text <> '')", name=op.f('ck_reply_parts_text')),
    sa.CheckConstraint("state <> 'returned' OR reason <> ''", name=op.f('ck_reply_parts_reason')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_reply_parts_inquiry_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_reply_parts_unit_id')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['accounts.id'], name=op.f('fk_reply_parts_asked_by_id')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['accounts.id'], name=op.f('fk_reply_parts_answered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_parts'))
    )
    asked = sa.text("state = 'asked'")
    op.create_index('uq_reply_parts_open', 'reply_parts', ['inquiry_id', 'unit_id'], unique=True, sqlite_where=asked, postgresql_where=asked)
    op.create_index('ix_reply_parts_unit', 'reply_parts', ['unit_id', 'state'])
    op.create_index(op.f('ix_reply_parts_inquiry_id'), 'reply_parts', ['inquiry_id'])


def downgrade() -> None:
    op.drop_table('reply_parts')
    op.drop_table('mail_items')
    op.drop_table('mails')
    op.drop_index('ix_inquiries_live_supervised', 'inquiries')
    op.drop_column('inquiries', 'supervised_until')
    op.drop_column('accounts', 'email')
