"""questions: the questions of a message that a draft answers, and which of them a quotation is for"""

from alembic import op
import sqlalchemy as sa

revision = '0009_questions'
down_revision = '0008_routes'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reply_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('type', sa.String(length=20), nullable=False),
    sa.Column('decision', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('office', sa.String(length=100), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_reply_questions_number')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_reply_questions_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_questions')),
    sa.UniqueConstraint('reply_id', 'number', name=op.f('uq_reply_questions_reply_id_number'))
    )
    op.add_column('evidence', sa.Column('question_number', sa.Integer(), server_default='1', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('evidence') as batch_op:
        batch_op.drop_column('question_number')
    op.drop_table('reply_questions')
