"""The frame of benches over very many rows: one table for SQLite in a temporary home, one for PostgreSQL when an empty database is given."""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from board.office import Office, open_office
from board.settings import load_settings

MOST = 200_000


def on_databases(text: str, what: str, heading: str, fill: Callable[[Office, int], None], measured: Callable[[Office], Iterable[str]]) -> None:
    """Reads the command line (``text`` is its help), fills each database with so many rows of ``what`` and prints the lines measured under the heading."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help=f"how many {what}, at most {MOST:,}")
    parser.add_argument("--postgresql", default="", help="address of an empty database")
    given = parser.parse_args()
    number = min(given.rows, MOST)
    for address in ("", given.postgresql) if given.postgresql else ("",):
        with tempfile.TemporaryDirectory() as folder:
            environment = {"HUIYING_HOME": str(Path(folder) / "home"), "HUIYING_RATE_LIMITS": "off", "DATABASE_URL": address}
            office = open_office(load_settings(environment))
            began = time.perf_counter()
            fill(office, number)
            columns = heading.count("|") - 1
            print(f"\n{office.engine.dialect.name}, {number:,} {what} (made in {time.perf_counter() - began:.0f} s)\n\n{heading}\n{'|---' * columns}|")
            for line in measured(office):
                print(line, flush=True)
            office.engine.dispose()
