"""The shelf of archives: one writer at a time, nothing half written is ever read, also when a writer is killed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from responder.archive import META, Damaged
from responder.archive_writing import write_archive
from responder.shelf import Shelf
from tests.responder.office_documents import DOCUMENTS

KILLED = """
import sys, time
from pathlib import Path
from responder.shelf import Shelf
def write(aside):
    (aside / "meta.json").write_text("half")
    print("writing", flush=True)
    time.sleep(60)
shelf = Shelf(Path(sys.argv[1]))
with shelf.writing(wait=True):
    shelf.publish(write)
"""


def put(shelf: Shelf, count: int = 5) -> int:
    with shelf.writing(wait=True) as mine:
        assert mine
        return shelf.publish(lambda aside: write_archive(aside, DOCUMENTS[:count], {}, 1.2, 0.75))


def test_an_empty_shelf_has_nothing(tmp_path):
    shelf = Shelf(tmp_path / "none")
    assert shelf.newest() == 0
    assert shelf.opened() is None


def test_the_newest_is_opened_and_older_ones_go(tmp_path):
    shelf = Shelf(tmp_path)
    assert [put(shelf, count) for count in (1, 2, 3)] == [1, 2, 3]
    assert len(shelf.opened()) == 3
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["00000003"]


def test_who_reads_an_older_archive_goes_on_reading(tmp_path):
    shelf = Shelf(tmp_path)
    put(shelf, 2)
    older = shelf.opened()
    put(shelf, 3)
    assert older.document(1) == DOCUMENTS[1]
    assert older.postings(0)[0].tolist()


def test_only_one_writes(tmp_path):
    shelf, seen = Shelf(tmp_path), []
    with shelf.writing(wait=True) as mine:
        assert mine
        with Shelf(tmp_path).writing(wait=False) as other:
            assert not other
        waiting = threading.Thread(target=lambda: seen.append(put(Shelf(tmp_path))))
        waiting.start()
        waiting.join(0.1)
        assert seen == []
    waiting.join(30)
    assert seen == [1]


def test_a_writer_that_is_killed_leaves_the_newest_as_it_was_and_its_lock_free(tmp_path):
    shelf = Shelf(tmp_path)
    put(shelf, 2)
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)}) as writer:
        assert writer.stdout.readline() == "writing\n"
        with shelf.writing(wait=False) as mine:
            assert not mine
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert len(shelf.opened()) == 2
    assert put(shelf, 4) == 2
    assert len(shelf.opened()) == 4
    assert not list(tmp_path.glob(".new-*"))


def test_a_writer_that_fails_publishes_nothing(tmp_path):
    shelf = Shelf(tmp_path)
    with pytest.raises(RuntimeError), shelf.writing(wait=True):
        shelf.publish(lambda aside: (_ for _ in ()).throw(RuntimeError))
    assert shelf.newest() == 0


def test_a_damaged_newest_is_told(tmp_path):
    shelf = Shelf(tmp_path)
    put(shelf)
    (tmp_path / "00000001" / META).write_text("{}")
    with pytest.raises(Damaged):
        shelf.opened()
    shelf.discard(1)
    assert shelf.opened() is None
