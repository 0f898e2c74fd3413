"""queues: words of inquiries, saved views, indexes of what is open"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from board.storage.words import INQUIRIES


revision = '0005_queues'
down_revision = '0004_casework'
branch_labels = None
depends_on = None

LIVE = "coalesce(state, '') IN ('received', 'accepted', 'assigned', 'in_hand', 'returned', 'awaiting_approval') AND NOT imported"
INDEXES = {
    'ix_inquiries_live_due': ['due_on', 'id'],
    'ix_inquiries_live_received': ['received_at', 'id'],
    'ix_inquiries_live_unit': ['unit_id', 'due_on', 'id'],
    'ix_inquiries_live_claimed': ['claimed_by_id', 'due_on', 'id'],
    'ix_inquiries_live_kind': ['kind', 'due_on', 'id'],
    'ix_inquiries_live_state': ['state', 'due_on', 'id'],
    'ix_inquiries_live_subject': ['subject', 'due_on', 'id'],
    'ix_inquiries_live_channel': ['channel', 'due_on', 'id'],
    'ix_inquiries_live_tally': ['state', 'unit_id', 'claimed_by_id', 'due_on', 'received_at', 'held_reason', 'imported'],
}
TRIGGERS = {
    'INSERT': "INSERT INTO inquiry_search (rowid, grams) VALUES (new.inquiry_id, new.grams)",
    'DELETE': "INSERT INTO inquiry_search (inquiry_search, rowid, grams) VALUES ('delete', old.inquiry_id, old.grams)",
}
TRIGGERS['UPDATE'] = f"{TRIGGERS['DELETE']}; {TRIGGERS['INSERT']}"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    op.create_table('saved_views',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('query', sa.String(length=600), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_saved_views_name')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_saved_views_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_saved_views_account_id_name'))
    )
    op.create_index(op.f('ix_saved_views_account_id'), 'saved_views', ['account_id'])
    op.create_table('inquiry_words',
    sa.Column('inquiry_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('grams', sa.Text() if sqlite else ARRAY(sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_inquiry_words_inquiry_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('inquiry_id', name=op.f('pk_inquiry_words'))
    )
    if sqlite:
        op.execute("CREATE VIRTUAL TABLE inquiry_search USING fts5(grams, content='inquiry_words', content_rowid='inquiry_id', tokenize='ascii', detail=none)")
        for verb, action in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER inquiry_words_{verb.lower()} AFTER {verb} ON inquiry_words BEGIN {action}; END")
    else:
        op.create_index('inquiry_search', 'inquiry_words', ['grams'], postgresql_using='gin')
    for name, columns in INDEXES.items():
        op.create_index(name, 'inquiries', columns, sqlite_where=sa.text(LIVE), postgresql_where=sa.text(LIVE))
    fill(sqlite)


def fill(sqlite: bool) -> None:
    """The words of what is there already, 500 inquiries at a time."""
    bind, last = op.get_bind(), 0
    while rows := bind.execute(
        sa.text("SELECT id, number, title, text, nickname, contact FROM inquiries WHERE id > :last ORDER BY id LIMIT 500"), {'last': last}
    ).mappings().all():
        words = [{'inquiry_id': row['id'], 'grams': INQUIRIES.words_of(row)} for row in rows]
        for one in words:
            one['grams'] = ' '.join(one['grams']) if sqlite else list(one['grams'])
        bind.execute(sa.text("INSERT INTO inquiry_words (inquiry_id, grams) VALUES (:inquiry_id, :grams)"), words)
        last = rows[-1]['id']


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, 'inquiries')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("DROP TABLE inquiry_search")
    op.drop_table('inquiry_words')
    op.drop_table('saved_views')
