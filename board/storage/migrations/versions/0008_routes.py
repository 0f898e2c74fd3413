"""routes: versions of the learned routing, traces by which alike inquiries find one another"""

from alembic import op
import sqlalchemy as sa

from responder.duplicates import traces


revision = '0008_routes'
down_revision = '0007_life'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('router_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=80), nullable=False),
    sa.Column('messages', sa.Integer(), nullable=False),
    sa.Column('units', sa.Integer(), nullable=False),
    sa.Column('macro_f1', sa.Double(), nullable=False),
    sa.Column('rules_f1', sa.Double(), nullable=False),
    sa.Column('not_sure', sa.Double(), nullable=False),
    sa.Column('sure_right', sa.Double(), nullable=False),
    sa.Column('in_use', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('refused', sa.String(length=200), server_default='', nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('subjects', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("NOT in_use OR refused = ''", name=op.f('ck_router_versions_refused_not_in_use')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_router_versions'))
    )
    op.create_index('uq_router_versions_in_use', 'router_versions', ['in_use'], unique=True, sqlite_where=sa.text('in_use'), postgresql_where=sa.text('in_use'))
    op.create_table('inquiry_traces',
    sa.Column('trace', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('inquiry_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_inquiry_traces_inquiry_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('trace', 'inquiry_id', name=op.f('pk_inquiry_traces'))
    )
    op.create_index(op.f('ix_inquiry_traces_inquiry_id'), 'inquiry_traces', ['inquiry_id'])
    fill()


def fill() -> None:
    """The traces of what is there already, 500 inquiries at a time."""
    bind, last = op.get_bind(), 0
    while rows := bind.execute(sa.text("SELECT id, title, text FROM inquiries WHERE id > :last ORDER BY id LIMIT 500"), {'last': last}).all():
        found = [{'trace': trace, 'inquiry_id': row.id} for row in rows for trace in traces(f"{row.title}\n{row.text}")]
        if found:
            bind.execute(sa.text("INSERT INTO inquiry_traces (trace, inquiry_id) VALUES (:trace, :inquiry_id)"), found)
        last = rows[-1].id


def downgrade() -> None:
    op.drop_table('inquiry_traces')
    op.drop_table('router_versions')
