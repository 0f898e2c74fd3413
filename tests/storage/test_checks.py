"""Changing a CHECK in place, on both databases: rows, references and triggers stay, the new rule holds, other rules too."""

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import DBAPIError

from board.office import Office
from board.storage.checks import allow_values, enumeration_check, replace_check, rewritten


def change(office: Office, act) -> None:
    """Runs a step of a migration."""
    with office.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        act()


def insert(office: Office, channel: str, number: str) -> None:
    with office.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO number_series VALUES (:name, 1)"), {"name": number})
        connection.execute(sa.text("INSERT INTO outbox (task, subject, state, sent, attempts, next_attempt_at, created_at, error) VALUES "
                                   "('draft_reply', :number, :state, 0, 0, '2026-01-01', '2026-01-01', '')"), {"number": number, "state": channel})  # fmt: skip


def test_a_new_value_is_taken_and_others_stay_refused(office: Office) -> None:
    insert(office, "open", "1")
    with pytest.raises(DBAPIError):
        insert(office, "parked", "2")
    change(office, lambda: allow_values("outbox", "state", ["open", "done", "failed", "parked"]))
    insert(office, "parked", "3")
    with pytest.raises(DBAPIError):
        insert(office, "lost", "4")
    with office.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT subject, state FROM outbox ORDER BY subject")).all() == [("1", "open"), ("3", "parked")]
        if office.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_another_connection_sees_it_at_once(office: Office) -> None:
    with office.engine.connect() as other:
        other.execute(sa.text("SELECT count(*) FROM outbox")).scalar_one()
        other.rollback()
        change(office, lambda: allow_values("outbox", "state", ["open", "done", "failed", "parked"]))
        other.execute(sa.text("INSERT INTO outbox (task, subject, state, sent, attempts, next_attempt_at, created_at, error) VALUES "
                              "('draft_reply', '9', 'parked', 0, 0, '2026-01-01', '2026-01-01', '')"))  # fmt: skip
        other.rollback()


def test_the_rule_about_attempts_can_be_replaced_by_name(office: Office) -> None:
    change(office, lambda: replace_check("outbox", "ck_outbox_attempts", "attempts >= -1"))
    with office.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO outbox (task, subject, state, sent, attempts, next_attempt_at, created_at, error) VALUES "
                                   "('draft_reply', '9', 'open', 0, -1, '2026-01-01', '2026-01-01', '')"))  # fmt: skip


def test_an_unknown_column_or_name_is_refused(office: Office) -> None:
    with pytest.raises(ValueError, match="no single CHECK"):
        change(office, lambda: enumeration_check("outbox", "subject"))
    with pytest.raises(ValueError, match="no CHECK"):
        rewritten("CREATE TABLE x (a INTEGER)", "ck_x_a", "a > 0")


def test_brackets_and_quotes_inside_a_condition_are_counted() -> None:
    before = "CREATE TABLE x (a TEXT, CONSTRAINT ck_x_a CHECK (a <> '(' AND (a <> ')')), CONSTRAINT ck_x_b CHECK (a <> ''))"
    assert rewritten(before, "ck_x_a", "a <> 'it'") == "CREATE TABLE x (a TEXT, CONSTRAINT ck_x_a CHECK (a <> 'it'), CONSTRAINT ck_x_b CHECK (a <> ''))"
