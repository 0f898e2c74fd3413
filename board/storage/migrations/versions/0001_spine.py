"""spine"""

from alembic import op
import sqlalchemy as sa

from board.storage.triggers import append_only, append_only_off


revision = '0001_spine'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('heartbeats',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('detail', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeats'))
    )
    op.create_table('number_series',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_number_series'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('state', sa.Enum('open', 'done', 'failed', name='outboxstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=500), nullable=False),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_outbox_attempts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('task', 'subject', name=op.f('uq_outbox_task_subject'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_due', ['state', 'next_attempt_at'], unique=False)

    op.create_table('units',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('short_name', sa.String(length=40), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('subordinate', sa.Boolean(), nullable=False),
    sa.Column('phone', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('hours', sa.String(length=200), nullable=False),
    sa.Column('window', sa.String(length=100), nullable=False),
    sa.Column('duties', sa.Text(), nullable=False),
    sa.Column('keywords', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['units.id'], name=op.f('fk_units_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units')),
    sa.UniqueConstraint('code', name=op.f('uq_units_code'))
    )
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_units_parent_id'), ['parent_id'], unique=False)

    op.create_table('accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('display_name', sa.String(length=60), nullable=False),
    sa.Column('role', sa.Enum('editor', 'approver', 'manager', 'admin', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('sample', sa.Boolean(), nullable=False),
    sa.Column('failed_attempts', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('session_epoch', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('failed_attempts >= 0', name=op.f('ck_accounts_failed_attempts')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_accounts_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('login', name=op.f('uq_accounts_login'))
    )
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
    with op.batch_alter_table('applications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_received_at'), ['received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_unit_id'), ['unit_id'], unique=False)

    op.create_table('day_counts',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('figure', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_day_counts_unit_id')),
    sa.PrimaryKeyConstraint('day', 'unit_id', 'kind', 'figure', name=op.f('pk_day_counts'))
    )
    op.create_table('disclosures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('disclosure', 'interpretation', name='documentkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('original_text', sa.Text(), nullable=False),
    sa.Column('index_number', sa.String(length=80), nullable=False),
    sa.Column('document_number', sa.String(length=80), nullable=False),
    sa.Column('keywords', sa.String(length=500), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(length=200), nullable=False),
    sa.Column('publisher', sa.String(length=200), nullable=False),
    sa.Column('source_text', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=1000), nullable=False),
    sa.Column('origin', sa.Enum('own', 'reposted', 'reference', name='origin', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('key_area', sa.String(length=60), nullable=False),
    sa.Column('five_open', sa.String(length=20), nullable=False),
    sa.Column('regularity', sa.String(length=20), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=True),
    sa.Column('changed_on', sa.Date(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.Column('validity', sa.Enum('unstated', 'in_force', 'amended', 'repealed', 'expired', name='validity', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('successor_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('draft', 'published', 'withdrawn', name='publicationstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('import_source', sa.String(length=80), nullable=False),
    sa.Column('import_ref', sa.String(length=120), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_disclosures_title')),
    sa.ForeignKeyConstraint(['successor_id'], ['disclosures.id'], name=op.f('fk_disclosures_successor_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_disclosures_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosures'))
    )
    with op.batch_alter_table('disclosures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosures_document_number'), ['document_number'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosures_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosures_published_at'), ['published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosures_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_disclosures_import', ['import_source', 'import_ref'], unique=True, sqlite_where=sa.text("import_ref <> ''"), postgresql_where=sa.text("import_ref <> ''"))
        batch_op.create_index('uq_disclosures_index_number', ['index_number'], unique=True, sqlite_where=sa.text("index_number <> '' and not imported"), postgresql_where=sa.text("index_number <> '' and not imported"))

    op.create_table('import_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('file_name', sa.String(length=300), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lines_done', sa.Integer(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_import_runs_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_runs'))
    )
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.create_index('ix_import_runs_file', ['kind', 'file_hash'], unique=False)

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
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reviews_unit_id'), ['unit_id'], unique=False)

    op.create_table('catalogue_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosures.id'], name=op.f('fk_catalogue_changes_disclosure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_changes')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('catalogue_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_catalogue_changes_disclosure_id'), ['disclosure_id'], unique=False)

    op.create_table('disclosure_channels',
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosures.id'], name=op.f('fk_disclosure_channels_disclosure_id')),
    sa.PrimaryKeyConstraint('disclosure_id', 'channel', name=op.f('pk_disclosure_channels'))
    )
    op.create_table('disclosure_findings',
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('detail', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosures.id'], name=op.f('fk_disclosure_findings_disclosure_id')),
    sa.PrimaryKeyConstraint('disclosure_id', 'code', name=op.f('pk_disclosure_findings'))
    )
    op.create_table('inquiries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('consultation', 'help', 'suggestion', 'complaint', 'report', 'thanks', name='inquirykind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('original_text', sa.Text(), nullable=False),
    sa.Column('nickname', sa.String(length=60), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('publish', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Enum('web', 'api', 'phone', 'letter', 'import', name='channel', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('state', sa.Enum('received', 'accepted', 'assigned', 'in_hand', 'returned', 'awaiting_approval', 'answered', 'closed', 'archived', 'declined', 'invalid', 'merged', 'withdrawn', name='inquirystate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('claimed_by_id', sa.Integer(), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('held_reason', sa.String(length=200), nullable=False),
    sa.Column('nonce_hash', sa.String(length=64), nullable=True),
    sa.Column('tracking_hash', sa.String(length=64), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_provisional', sa.Boolean(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('released', sa.Boolean(), nullable=False),
    sa.Column('import_source', sa.String(length=80), nullable=False),
    sa.Column('import_ref', sa.String(length=120), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f('ck_inquiries_merged_into')),
    sa.CheckConstraint("kind <> 'report' OR NOT publish", name=op.f('ck_inquiries_report_never_public')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_inquiries_text')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['accounts.id'], name=op.f('fk_inquiries_claimed_by_id')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['inquiries.id'], name=op.f('fk_inquiries_merged_into_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_inquiries_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inquiries')),
    sa.UniqueConstraint('nonce_hash', name=op.f('uq_inquiries_nonce_hash')),
    sa.UniqueConstraint('number', name=op.f('uq_inquiries_number')),
    sa.UniqueConstraint('tracking_hash', name=op.f('uq_inquiries_tracking_hash'))
    )
    with op.batch_alter_table('inquiries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inquiries_closed_at'), ['closed_at'], unique=False)
        batch_op.create_index('ix_inquiries_desk', ['state', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_inquiries_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_inquiries_received_at'), ['received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_inquiries_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_inquiries_import', ['import_source', 'import_ref'], unique=True, sqlite_where=sa.text("import_ref <> ''"), postgresql_where=sa.text("import_ref <> ''"))

    op.create_table('interpretation_links',
    sa.Column('interpretation_id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['interpretation_id'], ['disclosures.id'], name=op.f('fk_interpretation_links_interpretation_id')),
    sa.ForeignKeyConstraint(['policy_id'], ['disclosures.id'], name=op.f('fk_interpretation_links_policy_id')),
    sa.PrimaryKeyConstraint('interpretation_id', 'policy_id', name=op.f('pk_interpretation_links'))
    )
    op.create_table('events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('from_state', sa.String(length=32), nullable=False),
    sa.Column('to_state', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint("actor <> ''", name=op.f('ck_events_actor')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_events_inquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sa.UniqueConstraint('inquiry_id', 'sequence', name=op.f('uq_events_inquiry_id_sequence'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index('ix_events_action_at', ['action', 'at'], unique=False)

    op.create_table('replies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('drafted', 'edited', 'submitted', 'returned', 'approved', 'published', 'superseded', name='replystate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('in_force', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('approver_id', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(approved_hash = '') = (approved_at IS NULL)", name=op.f('ck_replies_approval')),
    sa.CheckConstraint('approver_id IS NULL OR author_id IS NULL OR approver_id <> author_id', name=op.f('ck_replies_two_people')),
    sa.ForeignKeyConstraint(['approver_id'], ['accounts.id'], name=op.f('fk_replies_approver_id')),
    sa.ForeignKeyConstraint(['author_id'], ['accounts.id'], name=op.f('fk_replies_author_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_replies_inquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replies')),
    sa.UniqueConstraint('inquiry_id', 'revision', name=op.f('uq_replies_inquiry_id_revision'))
    )
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_replies_inquiry_id'), ['inquiry_id'], unique=False)
        batch_op.create_index('uq_replies_in_force', ['inquiry_id'], unique=True, sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('quote', sa.String(length=240), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('document_number', sa.String(length=80), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('validity', sa.String(length=32), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('used', sa.Boolean(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('question_marks', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosures.id'], name=op.f('fk_evidence_disclosure_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_evidence_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('reply_id', 'rank', name=op.f('uq_evidence_reply_id_rank'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_disclosure_id'), ['disclosure_id'], unique=False)

    op.create_table('publications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('reply', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disclosure_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosures.id'], name=op.f('fk_publications_disclosure_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_publications_inquiry_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_publications_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publications')),
    sa.UniqueConstraint('disclosure_id', name=op.f('uq_publications_disclosure_id')),
    sa.UniqueConstraint('inquiry_id', name=op.f('uq_publications_inquiry_id')),
    sa.UniqueConstraint('reply_id', name=op.f('uq_publications_reply_id'))
    )
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publications_published_at'), ['published_at'], unique=False)
    append_only("events")


def downgrade() -> None:
    append_only_off("events")
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publications_published_at'))

    op.drop_table('publications')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_disclosure_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.drop_index('uq_replies_in_force', sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))
        batch_op.drop_index(batch_op.f('ix_replies_inquiry_id'))

    op.drop_table('replies')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index('ix_events_action_at')

    op.drop_table('events')
    op.drop_table('interpretation_links')
    with op.batch_alter_table('inquiries', schema=None) as batch_op:
        batch_op.drop_index('uq_inquiries_import', sqlite_where=sa.text("import_ref <> ''"), postgresql_where=sa.text("import_ref <> ''"))
        batch_op.drop_index(batch_op.f('ix_inquiries_unit_id'))
        batch_op.drop_index(batch_op.f('ix_inquiries_received_at'))
        batch_op.drop_index(batch_op.f('ix_inquiries_fingerprint'))
        batch_op.drop_index('ix_inquiries_desk')
        batch_op.drop_index(batch_op.f('ix_inquiries_closed_at'))

    op.drop_table('inquiries')
    op.drop_table('disclosure_findings')
    op.drop_table('disclosure_channels')
    with op.batch_alter_table('catalogue_changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_catalogue_changes_disclosure_id'))

    op.drop_table('catalogue_changes')
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reviews_unit_id'))

    op.drop_table('reviews')
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.drop_index('ix_import_runs_file')

    op.drop_table('import_runs')
    with op.batch_alter_table('disclosures', schema=None) as batch_op:
        batch_op.drop_index('uq_disclosures_index_number', sqlite_where=sa.text("index_number <> '' and not imported"), postgresql_where=sa.text("index_number <> '' and not imported"))
        batch_op.drop_index('uq_disclosures_import', sqlite_where=sa.text("import_ref <> ''"), postgresql_where=sa.text("import_ref <> ''"))
        batch_op.drop_index(batch_op.f('ix_disclosures_unit_id'))
        batch_op.drop_index(batch_op.f('ix_disclosures_published_at'))
        batch_op.drop_index(batch_op.f('ix_disclosures_fingerprint'))
        batch_op.drop_index(batch_op.f('ix_disclosures_document_number'))

    op.drop_table('disclosures')
    op.drop_table('day_counts')
    with op.batch_alter_table('applications', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applications_unit_id'))
        batch_op.drop_index(batch_op.f('ix_applications_received_at'))

    op.drop_table('applications')
    op.drop_table('accounts')
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_units_parent_id'))

    op.drop_table('units')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_due')

    op.drop_table('outbox')
    op.drop_table('number_series')
    op.drop_table('heartbeats')
