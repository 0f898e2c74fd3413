"""Changes a named CHECK constraint in place, for use in migrations: a new value of an enumeration needs no rebuilt table."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op


def allow_values(table: str, column: str, values: Iterable[str]) -> None:
    """From now on the enumeration column takes exactly these values (letters and underscores)."""
    listed = ", ".join(f"'{value}'" for value in values)
    replace_check(table, enumeration_check(table, column), f"{column} IN ({listed})")


def enumeration_check(table: str, column: str) -> str:
    """The name of the CHECK that lists the values of the column; ValueError when there is none or more than one."""
    found = [check["name"] for check in sa.inspect(op.get_bind()).get_check_constraints(table) if lists_values(check["sqltext"], column)]
    if len(found) != 1 or found[0] is None:
        raise ValueError(f"{table}.{column} has no single CHECK of its values")
    return str(found[0])


def lists_values(condition: str, column: str) -> bool:
    """Whether a CHECK lists the values of the column: SQLite gives it as written, PostgreSQL as ``(column)::text = ANY (ARRAY[...])``."""
    bare = condition.replace("(", "").replace('"', "").strip()
    return bare.startswith((f"{column} IN ", f"{column} IN(", f"{column}::text = ANY ", f"{column})::text = ANY "))


def replace_check(table: str, name: str, condition: str) -> None:
    """Puts another condition into a named CHECK; ValueError when the table has none of this name.

    On SQLite the table's definition is rewritten where it stands, the way that SQLite's own manual gives for CHECK constraints
    (section "Making Other Kinds Of Table Schema Changes" of ALTER TABLE): rows, indexes, triggers and references stay untouched.
    """
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, sa.text(condition))
        return
    stored = bind.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), {"table": table}).scalar_one()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"), {"sql": rewritten(stored, name, condition), "table": table}
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")


def rewritten(definition: str, name: str, condition: str) -> str:
    """A table's definition with another condition in the CHECK of this name; ValueError when it has none."""
    start = definition.find(f"CONSTRAINT {name} CHECK (")
    if start < 0:
        raise ValueError(f"no CHECK {name} in: {definition[:200]}")
    first = definition.index("(", start)
    depth, quoted = 0, False
    for position in range(first, len(definition)):
        sign = definition[position]
        quoted ^= sign == "'"
        if not quoted:
            depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return f"{definition[:first]}({condition}{definition[position:]}"
    raise ValueError(f"unbalanced CHECK {name}")
