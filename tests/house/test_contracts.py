"""Import contracts, commands, migrations and tasks keep the rules of the house."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from alembic import command as alembic
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from board.cli import COMMANDS, LazyGroup
from board.models import Base
from board.storage import schema
from board.storage.unit_of_work import UnitOfWork
from board.storage.words import ALL

ROOT = Path(__file__).resolve().parents[2]


def test_imports_look_back_upstream() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def leaves(found: click.Command, path: str) -> list[tuple[str, click.Command]]:
    """The command itself and, for a group, everything below it."""
    below = [item for key, child in found.commands.items() for item in leaves(child, f"{path} {key}")] if isinstance(found, click.Group) else []
    return [(path, found), *below]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    context = click.Context(click.Command("huiying"))
    found = LazyGroup("huiying").get_command(context, name)
    assert found is not None
    silent = [path for path, each in leaves(found, f"huiying {name}") if not re.search(rf"例：.*{path.split()[-1]}", f"{each.help}{each.epilog}", re.DOTALL)]
    assert silent == []


def made_by_hand(found: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """The search index differs between the databases and stands in no model."""
    return not (reflected and str(name).startswith(tuple(index.name for index in ALL)))


def test_migrations_equal_models(work: UnitOfWork) -> None:
    with work.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True, "include_object": made_by_hand}), Base.metadata)
    assert differences == []


def test_migrations_go_down_and_up_again(work: UnitOfWork) -> None:
    with work.engine.begin() as connection:
        alembic.downgrade(schema.alembic_config(connection), "base")
    assert schema.current_revision(work.engine) is None
    assert schema.upgrade(work.engine) == schema.current_revision(work.engine)


def test_every_task_is_run_twice_by_a_test() -> None:
    tasks = re.findall(r'@app\.task\(name="(\w+)"', (ROOT / "worker" / "tasks.py").read_text(encoding="utf-8"))
    tests = (ROOT / "tests" / "worker" / "test_tasks.py").read_text(encoding="utf-8")
    assert tasks
    assert [task for task in tasks if f"def test_{task}_twice" not in tests] == []
