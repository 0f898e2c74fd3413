"""life: the clock, urgency, supplements, accused parties, a state for transfers, replies that replace one another"""

import sqlalchemy as sa
from alembic import op

from board.storage.checks import allow_values

revision = "0007_life"
down_revision = "0006_chains"
branch_labels = None
depends_on = None

STATES = (
    "received", "accepted", "assigned", "in_hand", "returned", "awaiting_approval", "answered", "closed", "archived", "declined", "invalid", "merged",
    "withdrawn",
)
STANDING = sa.text("withdrawn_at IS NULL")


def columns() -> list[sa.Column]:
    return [
        sa.Column("term_days", sa.Integer()),
        sa.Column("answer_due_on", sa.Date()),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("correction_asked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("extended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reopened", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("transferred_to", sa.String(200), server_default="", nullable=False),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("inquiries", column)
    # a CHECK of its own column can be added and dropped on both databases without rebuilding the table
    op.execute(
        "ALTER TABLE inquiries ADD COLUMN urgency VARCHAR(32) DEFAULT 'ordinary' NOT NULL "
        "CONSTRAINT ck_inquiries_urgency CHECK (urgency IN ('ordinary', 'proposed', 'confirmed'))"
    )
    allow_values("inquiries", "state", (*STATES, "transferred"))
    op.create_table(
        "supplements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("supplement", "correction", "follow_up", name="supplementkind", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_supplements_text")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_supplements_inquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplements")),
        sa.UniqueConstraint("inquiry_id", "sequence", name=op.f("uq_supplements_inquiry_id_sequence")),
    )
    op.create_table(
        "accused_parties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(100), nullable=True),
        sa.CheckConstraint("(unit_id IS NULL) = (name IS NOT NULL)", name=op.f("ck_accused_parties_unit_or_name")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_accused_parties_inquiry_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_accused_parties_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accused_parties")),
        sa.UniqueConstraint("inquiry_id", "unit_id", name=op.f("uq_accused_parties_inquiry_id_unit_id")),
        sa.UniqueConstraint("inquiry_id", "name", name=op.f("uq_accused_parties_inquiry_id_name")),
    )
    with op.batch_alter_table("publications") as table:
        table.drop_constraint("uq_publications_inquiry_id", type_="unique")
        table.create_index(op.f("ix_publications_inquiry_id"), ["inquiry_id"])
        table.create_index("uq_publications_standing", ["inquiry_id"], unique=True, sqlite_where=STANDING, postgresql_where=STANDING)


def downgrade() -> None:
    with op.batch_alter_table("publications") as table:
        table.drop_index("uq_publications_standing")
        table.drop_index(op.f("ix_publications_inquiry_id"))
        table.create_unique_constraint("uq_publications_inquiry_id", ["inquiry_id"])
    op.drop_table("accused_parties")
    op.drop_table("supplements")
    op.execute("UPDATE inquiries SET state = 'declined' WHERE state = 'transferred'")
    allow_values("inquiries", "state", STATES)
    op.execute("ALTER TABLE inquiries DROP COLUMN urgency")
    for column in reversed(columns()):
        op.execute(f"ALTER TABLE inquiries DROP COLUMN {column.name}")
