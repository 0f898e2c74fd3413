"""Measure how soon the search index of one process holds what another has committed, and how long a rebuild takes.

    python -m tests.bench.bench_following [--shared DIR]

The writing process gives a document a title of its own, commits and notes the moment; the reading process (this
one) asks for that title every 20 ms, following the catalogue each time as a page does. The clock is the machine's, both use it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from board.office import Office, open_office
from tests.bench.bench_office import ROOT, environment, huiying

TRIALS, PAUSE, PATIENCE = 20, 0.02, 30
WRITER = """
import sys, time
from sqlalchemy import select
from board.models import Disclosure
from board.office import open_office
from board.publications.indexing import note_change
office = open_office()
for line in sys.stdin:
    with office.work.transaction() as session:
        row = session.scalars(select(Disclosure).order_by(Disclosure.id)).first()
        row.title = line.strip()
        note_change(session, row.id)
    print(repr(time.time()), flush=True)
"""


def seen_after(office: Office, word: str, committed: float) -> float:
    """Seconds from a commit elsewhere until a search here has the document of this name; Python's TimeoutError after 30 s."""
    while time.time() - committed < PATIENCE:
        with office.work.reading() as session:
            office.catalogue.follow(session)
        if office.catalogue.match(word, 1).asked_for:
            return time.time() - committed
        time.sleep(PAUSE)
    raise TimeoutError(word)


def follow(home: Path) -> list[float]:
    """Seconds of each trial."""
    os.environ.update(environment(home))
    office = open_office()
    taken = []
    with subprocess.Popen([sys.executable, "-c", WRITER], env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for trial in range(TRIALS):
            title = "".join(chr(0x7530 + (trial * 97 + place * 31) % 900) for place in range(8))
            print(title, file=writer.stdin, flush=True)
            committed = float(writer.stdout.readline())
            taken.append(seen_after(office, f"《{title}》", committed))
        writer.stdin.close()
    office.engine.dispose()
    return taken


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared"))
    data = parser.parse_args().shared / "data" / "disclosures_hrss.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "var"
        huiying(home, "init", "--sample")
        if data.is_file():
            huiying(home, "import", "disclosures", str(data))
        rebuilt = huiying(home, "reindex")
        taken = follow(home)
    print(f"index of another process after a commit: median {1_000 * statistics.median(taken):.0f} ms, worst {1_000 * max(taken):.0f} ms of {len(taken)}")
    print(f"huiying reindex: {rebuilt:.1f} s with the start of the process")


if __name__ == "__main__":
    main()
