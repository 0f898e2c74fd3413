"""ratings of answers by citizens"""

from alembic import op
import sqlalchemy as sa


revision = '0018_ratings'
down_revision = '0017_public_words'
branch_labels = None
depends_on = None


def grade(name: str) -> sa.Enum:
    return sa.Enum('very_good', 'good', 'fair', 'poor', 'very_poor', name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table('ratings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=False),
    sa.Column('publication_id', sa.Integer(), nullable=False),
    sa.Column('grade', grade('grade'), nullable=False),
    sa.Column('attitude', grade('attitude'), nullable=True),
    sa.Column('speed', grade('speed'), nullable=True),
    sa.Column('quality', grade('quality'), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiries.id'], name=op.f('fk_ratings_inquiry_id')),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.id'], name=op.f('fk_ratings_publication_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ratings')),
    sa.UniqueConstraint('publication_id', name=op.f('uq_ratings_publication_id'))
    )
    op.create_index(op.f('ix_ratings_inquiry_id'), 'ratings', ['inquiry_id'])


def downgrade() -> None:
    op.drop_table('ratings')
