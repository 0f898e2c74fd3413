"""Triggers that make a table append-only, for use in migrations."""

from alembic import op

FUNCTION = """
CREATE OR REPLACE FUNCTION huiying_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only table: %', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""


def append_only(table: str) -> None:
    """UPDATE and DELETE on the table fail from now on."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only table: {table}'); END")
        return
    op.execute(FUNCTION)
    op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION huiying_append_only()")


def append_only_off(table: str) -> None:
    """Lifts the protection (downgrade only)."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
