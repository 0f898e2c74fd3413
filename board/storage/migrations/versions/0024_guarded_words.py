"""names and addresses in a citizen's words are found by those alone who may see them, numbers by their end"""

from alembic import op
import sqlalchemy as sa

from board.storage.words import INQUIRIES


revision = '0024_guarded_words'
down_revision = '0023_entered_figures'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The words of all inquiries are cut anew, 500 rows at a time."""
    bind, last, columns = op.get_bind(), 0, ', '.join(['id', *sorted(INQUIRIES.watched)])
    sqlite = bind.dialect.name == 'sqlite'
    while rows := bind.execute(sa.text(f"SELECT {columns} FROM inquiries WHERE id > :last ORDER BY id LIMIT 500"), {'last': last}).mappings().all():
        words = [{'key': row['id'], 'grams': INQUIRIES.words_of(row)} for row in rows]
        for row in words:
            row['grams'] = ' '.join(row['grams']) if sqlite else list(row['grams'])
        bind.execute(sa.text("UPDATE inquiry_words SET grams = :grams WHERE inquiry_id = :key"), words)
        last = rows[-1]['id']


def downgrade() -> None:
    """Words that are cut more finely harm nothing."""
