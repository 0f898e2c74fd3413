"""applications: the whole register of 依申请公开 with its letters; results of 复议 and 诉讼"""

from zoneinfo import ZoneInfo

from alembic import op
import sqlalchemy as sa


revision = '0019_applications'
down_revision = '0018_ratings'
branch_labels = None
depends_on = None

CHANNELS = {'当面': 'window', '传真': 'fax', '网络': 'web', '信函': 'ordinary_post'}
FORMER = {new: old for old, new in CHANNELS.items()} | {'oral': '当面', 'registered_post': '信函'}
SHARED = ('id', 'number', 'unit_id', 'applicant', 'subject', 'received_at', 'registered_by')


def table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def rows_of(name: str) -> list[dict]:
    return [dict(row) for row in op.get_bind().execute(sa.select(table(name))).mappings()]


def fill(name: str, rows: list[dict]) -> None:
    if rows:
        op.get_bind().execute(sa.insert(table(name)), rows)
        if op.get_bind().dialect.name == 'postgresql':
            op.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {max(row['id'] for row in rows)})")


def newer(row: dict) -> dict:
    received = row['received_at']
    day = (received if received.tzinfo else received.replace(tzinfo=ZoneInfo('UTC'))).astimezone(ZoneInfo('Asia/Shanghai')).date()
    empty = dict.fromkeys(('identity', 'agent', 'correction', 'contact', 'address', 'medium', 'delivery', 'held_reason', 'outcome'), '')
    kept = {key: row[key] for key in SHARED}
    return kept | empty | {'kind': 'other', 'channel': CHANNELS.get(row['channel'], 'window'), 'state': 'in_hand', 'version': 1, 'received_on': day, 'due_provisional': False}


def upgrade() -> None:
    applications, reviews = rows_of('applications'), rows_of('reviews')
    op.drop_table('applications')
    op.drop_table('reviews')
    op.create_table('applications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('person', 'business', 'research', 'welfare', 'legal', 'other', name='applicantkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('applicant', sa.String(length=100), nullable=False),
    sa.Column('identity', sa.String(length=60), nullable=False),
    sa.Column('agent', sa.String(length=60), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.Enum('window', 'oral', 'registered_post', 'ordinary_post', 'web', 'fax', name='applicationchannel', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('correction', sa.Text(), nullable=False),
    sa.Column('medium', sa.String(length=20), nullable=False),
    sa.Column('delivery', sa.String(length=20), nullable=False),
    sa.Column('state', sa.Enum('submitted', 'in_hand', 'awaiting_correction', 'hearing', 'awaiting_fee', 'awaiting_signature', 'concluded', 'withdrawn', 'void', name='applicationstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('claimed_by_id', sa.Integer(), nullable=True),
    sa.Column('held_reason', sa.String(length=200), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=True),
    sa.Column('nonce_hash', sa.String(length=64), nullable=True),
    sa.Column('tracking_hash', sa.String(length=64), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('registered_by', sa.String(length=80), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_provisional', sa.Boolean(), nullable=False),
    sa.Column('term_days', sa.Integer(), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waiting_until', sa.Date(), nullable=True),
    sa.Column('correction_asked', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('extended', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'concluded') = (concluded_at IS NOT NULL)", name=op.f('ck_applications_concluded')),
    sa.CheckConstraint("(state = 'concluded') = (outcome <> '')", name=op.f('ck_applications_outcome')),
    sa.CheckConstraint("received_on IS NOT NULL OR state IN ('submitted', 'withdrawn', 'void')", name=op.f('ck_applications_received')),
    sa.CheckConstraint("subject <> ''", name=op.f('ck_applications_subject')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['accounts.id'], name=op.f('fk_applications_claimed_by_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_applications_inquiry_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_applications_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications')),
    sa.UniqueConstraint('nonce_hash', name=op.f('uq_applications_nonce_hash')),
    sa.UniqueConstraint('number', name=op.f('uq_applications_number')),
    sa.UniqueConstraint('tracking_hash', name=op.f('uq_applications_tracking_hash'))
    )
    op.create_index(op.f('ix_applications_concluded_at'), 'applications', ['concluded_at'], unique=False)
    op.create_index('ix_applications_desk', 'applications', ['state', 'due_on'], unique=False)
    op.create_index(op.f('ix_applications_inquiry_id'), 'applications', ['inquiry_id'], unique=False)
    op.create_index(op.f('ix_applications_received_at'), 'applications', ['received_at'], unique=False)
    op.create_index(op.f('ix_applications_received_on'), 'applications', ['received_on'], unique=False)
    op.create_index(op.f('ix_applications_unit_id'), 'applications', ['unit_id'], unique=False)
    op.create_table('application_letters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('registration', 'correction', 'extension', 'third_party', 'fee', 'decision', name='letterkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('in_force', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('addressee', sa.String(length=100), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('running', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('signatory_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_way', sa.String(length=20), nullable=False),
    sa.Column('delivered_note', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(delivered_at IS NULL) = (delivered_way = '')", name=op.f('ck_application_letters_delivered')),
    sa.CheckConstraint("kind <> 'decision' OR (signed_at IS NULL) = (running IS NULL)", name=op.f('ck_application_letters_signed')),
    sa.CheckConstraint('(year IS NULL) = (running IS NULL)', name=op.f('ck_application_letters_number')),
    sa.CheckConstraint('signatory_id IS NULL OR signatory_id <> author_id', name=op.f('ck_application_letters_two_people')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_letters_application_id')),
    sa.ForeignKeyConstraint(['author_id'], ['accounts.id'], name=op.f('fk_application_letters_author_id')),
    sa.ForeignKeyConstraint(['signatory_id'], ['accounts.id'], name=op.f('fk_application_letters_signatory_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_letters')),
    sa.UniqueConstraint('year', 'running', name=op.f('uq_application_letters_year_running'))
    )
    op.create_index(op.f('ix_application_letters_application_id'), 'application_letters', ['application_id'], unique=False)
    op.create_index('uq_application_letters_decision', 'application_letters', ['application_id'], unique=True, sqlite_where=sa.text("kind = 'decision' AND in_force"), postgresql_where=sa.text("kind = 'decision' AND in_force"))
    op.create_table('reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('registered_by', sa.String(length=80), nullable=False),
    sa.Column('case_number', sa.String(length=100), server_default='', nullable=False),
    sa.Column('authority', sa.String(length=100), server_default='', nullable=False),
    sa.Column('after_review', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=True),
    sa.Column('result', sa.Enum('pending', 'upheld', 'corrected', 'other', name='reviewresult', native_enum=False, create_constraint=True, length=32), server_default='pending', nullable=False),
    sa.Column('concluded_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(result = 'pending') = (concluded_on IS NULL)", name=op.f('ck_reviews_concluded')),
    sa.CheckConstraint("kind = '行政诉讼' OR NOT after_review", name=op.f('ck_reviews_after_review')),
    sa.CheckConstraint("kind IN ('行政复议', '行政诉讼', '申诉')", name=op.f('ck_reviews_kind')),
    sa.CheckConstraint('concluded_on IS NULL OR concluded_on >= received_on', name=op.f('ck_reviews_order')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_reviews_application_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_reviews_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews'))
    )
    op.create_index(op.f('ix_reviews_application_id'), 'reviews', ['application_id'], unique=False)
    op.create_index(op.f('ix_reviews_unit_id'), 'reviews', ['unit_id'], unique=False)
    fill('applications', [newer(row) for row in applications])
    fill('reviews', reviews)


def downgrade() -> None:
    applications, reviews = rows_of('applications'), rows_of('reviews')
    op.drop_table('reviews')
    op.drop_table('application_letters')
    op.drop_table('applications')
    op.create_table('applications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('applicant', sa.String(length=100), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_applications_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications')),
    sa.UniqueConstraint('number', name=op.f('uq_applications_number'))
    )
    op.create_index(op.f('ix_applications_received_at'), 'applications', ['received_at'], unique=False)
    op.create_index(op.f('ix_applications_unit_id'), 'applications', ['unit_id'], unique=False)
    op.create_table('reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('registered_by', sa.String(length=80), nullable=False),
    sa.CheckConstraint("kind IN ('行政复议', '行政诉讼', '申诉')", name=op.f('ck_reviews_kind')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_reviews_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews'))
    )
    op.create_index(op.f('ix_reviews_unit_id'), 'reviews', ['unit_id'], unique=False)
    fill('applications', [{key: row[key] for key in SHARED} | {'channel': FORMER[row['channel']]} for row in applications])
    fill('reviews', [{key: row[key] for key in ('id', 'kind', 'unit_id', 'subject', 'received_on', 'registered_by')} for row in reviews])
