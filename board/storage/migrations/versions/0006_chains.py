"""chains"""

import hashlib

from alembic import context, op
import sqlalchemy as sa

from board.storage.chains import UNNAMED, seal


revision = '0006_chains'
down_revision = '0005_queues'
branch_labels = None
depends_on = None

NAMED = sa.text("chain <> ''")


def upgrade() -> None:
    op.create_table('chain_heads',
    sa.Column('chain', sa.String(length=60), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('chain', name=op.f('pk_chain_heads'))
    )
    op.add_column('events', sa.Column('chain', sa.String(length=40), server_default='', nullable=False))
    op.create_index('uq_events_chain', 'events', ['chain', 'sequence'], unique=True, sqlite_where=NAMED, postgresql_where=NAMED)
    op.create_index('ix_events_at', 'events', ['at'], unique=False)
    seal_what_is_there(context.config.attributes.get("key", b""))


def seal_what_is_there(key: bytes) -> None:
    """Heads of the chains that were written before there were heads."""
    connection = op.get_bind()
    put = sa.text("INSERT INTO chain_heads (chain, length, hash, seal) VALUES (:chain, :length, :hash, :seal)")
    newest = sa.text("SELECT inquiry_id, sequence, hash FROM events e WHERE inquiry_id IS NOT NULL AND sequence = "
                     "(SELECT max(sequence) FROM events l WHERE l.inquiry_id = e.inquiry_id)")
    heads = [(f"inquiry:{number}", length, last) for number, length, last in connection.execute(newest)]
    notes = [row[0] for row in connection.execute(sa.text("SELECT hash FROM events WHERE inquiry_id IS NULL ORDER BY id"))]
    if notes:
        heads.append((UNNAMED, len(notes), hashlib.sha256("".join(notes).encode()).hexdigest()))
    for chain, length, last in heads:
        connection.execute(put, {"chain": chain, "length": length, "hash": last, "seal": seal(key, chain, length, last)})


def downgrade() -> None:
    op.drop_index('ix_events_at', table_name='events')
    op.drop_index('uq_events_chain', table_name='events', sqlite_where=NAMED, postgresql_where=NAMED)
    op.drop_column('events', 'chain')
    op.drop_table('chain_heads')
