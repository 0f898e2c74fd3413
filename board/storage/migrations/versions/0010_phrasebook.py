"""phrase book: texts for replies with all their versions"""

from alembic import op
import sqlalchemy as sa

from board.storage.triggers import append_only, append_only_off

revision = '0010_phrasebook'
down_revision = '0009_questions'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('phrases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_phrases_name')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_phrases_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phrases')),
    sa.UniqueConstraint('key', name=op.f('uq_phrases_key'))
    )
    op.create_table('phrase_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('phrase_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['phrase_id'], ['phrases.id'], name=op.f('fk_phrase_versions_phrase_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phrase_versions')),
    sa.UniqueConstraint('phrase_id', 'version', name=op.f('uq_phrase_versions_phrase_id_version'))
    )
    append_only('phrase_versions')


def downgrade() -> None:
    append_only_off('phrase_versions')
    op.drop_table('phrase_versions')
    op.drop_table('phrases')
