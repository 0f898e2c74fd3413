"""public words: published answers and documents are found by one sign, in any script, by first letters and with a typing error"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from board.storage.words import DISCLOSURES, PUBLICATIONS, WordIndex


revision = '0017_public_words'
down_revision = '0016_open_questions'
branch_labels = None
depends_on = None

PARTS = (('publication', 'publications', PUBLICATIONS), ('disclosure', 'disclosures', DISCLOSURES))
STANDING = 'public AND withdrawn_at IS NULL'


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for one, many, index in PARTS:
        make(one, many, sqlite)
        fill(one, many, index, sqlite)
    op.create_index('ix_publications_board', 'publications', ['published_at', 'id'], sqlite_where=sa.text(STANDING), postgresql_where=sa.text(STANDING))
    gone = sa.text('withdrawn_at IS NOT NULL')
    op.create_index('ix_publications_withdrawn', 'publications', ['withdrawn_at'], sqlite_where=gone, postgresql_where=gone)
    op.create_index('ix_inquiries_board_unit', 'inquiries', ['unit_id', 'subject', 'kind', 'state'])
    op.create_index('ix_inquiries_board_subject', 'inquiries', ['subject', 'kind', 'state'])


def make(one: str, many: str, sqlite: bool) -> None:
    """The table of the grams and the index over them."""
    kept, key, search = f'{one}_words', f'{one}_id', f'{one}_search'
    op.create_table(kept,
    sa.Column(key, sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('grams', sa.Text() if sqlite else ARRAY(sa.Text()), nullable=False),
    sa.ForeignKeyConstraint([key], [f'{many}.id'], name=op.f(f'fk_{kept}_{key}'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint(key, name=op.f(f'pk_{kept}'))
    )
    if not sqlite:
        op.create_index(search, kept, ['grams'], postgresql_using='gin')
        return
    op.execute(f"CREATE VIRTUAL TABLE {search} USING fts5(grams, content='{kept}', content_rowid='{key}', tokenize='ascii', detail=none)")
    add = f"INSERT INTO {search} (rowid, grams) VALUES (new.{key}, new.grams)"
    take = f"INSERT INTO {search} ({search}, rowid, grams) VALUES ('delete', old.{key}, old.grams)"
    for verb, action in (('INSERT', add), ('DELETE', take), ('UPDATE', f"{take}; {add}")):
        op.execute(f"CREATE TRIGGER {kept}_{verb.lower()} AFTER {verb} ON {kept} BEGIN {action}; END")


def fill(one: str, many: str, index: WordIndex, sqlite: bool) -> None:
    """The words of what is there already, 500 rows at a time."""
    bind, last, columns = op.get_bind(), 0, ', '.join(['id', *sorted(index.watched)])
    while rows := bind.execute(sa.text(f"SELECT {columns} FROM {many} WHERE id > :last ORDER BY id LIMIT 500"), {'last': last}).mappings().all():
        words = [{'key': row['id'], 'grams': index.words_of(row)} for row in rows]
        for row in words:
            row['grams'] = ' '.join(row['grams']) if sqlite else list(row['grams'])
        bind.execute(sa.text(f"INSERT INTO {one}_words ({one}_id, grams) VALUES (:key, :grams)"), words)
        last = rows[-1]['id']


def downgrade() -> None:
    op.drop_index('ix_inquiries_board_subject', 'inquiries')
    op.drop_index('ix_inquiries_board_unit', 'inquiries')
    op.drop_index('ix_publications_withdrawn', 'publications')
    op.drop_index('ix_publications_board', 'publications')
    for one, _, _ in PARTS:
        if op.get_bind().dialect.name == 'sqlite':
            op.execute(f"DROP TABLE {one}_search")
        op.drop_table(f'{one}_words')
