"""open questions: what was asked on the public page and found no answer"""

from alembic import op
import sqlalchemy as sa


revision = '0016_open_questions'
down_revision = '0015_together'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('open_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.CheckConstraint('times > 0', name=op.f('ck_open_questions_times')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open_questions')),
    sa.UniqueConstraint('asked_on', 'fingerprint', name='uq_open_questions_day')
    )
    op.create_index('ix_open_questions_asked_on', 'open_questions', ['asked_on'])


def downgrade() -> None:
    op.drop_index('ix_open_questions_asked_on', table_name='open_questions')
    op.drop_table('open_questions')
