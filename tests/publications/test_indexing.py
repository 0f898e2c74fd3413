"""The index follows the catalogue in every process, on disk and in memory, and heals whatever happens to its directory."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from board.errors import Unavailable
from board.models import CatalogueChange, Disclosure, PublicationState, Unit, Validity
from board.office import load_matcher_settings
from board.publications import indexing
from board.publications.indexing import Catalogue, note_change
from board.publications.sequence import GIVEN_UP, Followed
from tests.bureau import NOW

SUBJECTS = ("公园开放时间", "道路养护安排", "图书馆借阅办法", "供水价格标准", "垃圾清运路线", "校车运行线路", "幼儿园招生范围", "公厕布局规划")


def add(session: Session, title: str, body: str = "", **values: object) -> int:
    unit = session.scalars(select(Unit)).first() or Unit(code="t", name="测试局", short_name="测试局")
    session.add(unit)
    session.flush()
    row = Disclosure(title=title, text=body or f"{title}。自公布之日起执行。", unit_id=unit.id, fingerprint="", created_at=NOW, **values)
    session.add(row)
    session.flush()
    note_change(session, row.id)
    return row.id


@pytest.fixture
def fill(office):
    def filled(count: int, start: int = 0) -> None:
        with office.work.transaction() as session:
            for place in range(start, start + count):
                add(session, f"{SUBJECTS[place % len(SUBJECTS)]}第{place}号", f"{SUBJECTS[place % len(SUBJECTS)]}第{place}号规定：编号为甲{place}乙。")

    return filled


@pytest.fixture
def catalogue(office, tmp_path, monkeypatch):
    """A function that starts the index of a new process over one directory."""
    monkeypatch.setattr(indexing, "WRITTEN_FROM", 20)
    started = []

    def start(directory: Path | None = None) -> Catalogue:
        started.append(Catalogue(load_matcher_settings(office.settings), directory or tmp_path / "index"))
        return started[-1]

    yield start
    for one in started:
        one.settle()


def followed(office, catalogue: Catalogue) -> int:
    with office.work.reading() as session:
        return catalogue.follow(session)


def first(catalogue: Catalogue, question: str) -> str:
    match = catalogue.match(question)
    return match.candidates[0].evidence[0].quote if match.candidates else ""


def test_a_change_is_found_by_every_process_that_follows(office, fill, catalogue):
    fill(3)
    one, other = catalogue(), catalogue()
    assert (followed(office, one), followed(office, other)) == (3, 3)
    with office.work.transaction() as session:
        key = add(session, "博物馆参观须知", "博物馆每周一闭馆维护。")
    assert (followed(office, one), followed(office, other), followed(office, one)) == (1, 1, 0)
    assert "周一" in first(one, "博物馆哪天闭馆?")
    with office.work.transaction() as session:
        session.get_one(Disclosure, key).text = "博物馆每周三闭馆维护。"
        note_change(session, key)
    followed(office, other)
    assert "周三" in first(other, "博物馆哪天闭馆?")
    with office.work.transaction() as session:
        session.get_one(Disclosure, key).state = PublicationState.withdrawn
        note_change(session, key)
    followed(office, other)
    assert "闭馆" not in first(other, "博物馆哪天闭馆?")


def test_enough_changes_are_written_and_a_new_process_starts_from_disk(office, fill, catalogue, tmp_path):
    fill(30)
    writer = catalogue()
    followed(office, writer)
    writer.settle()
    assert [path.name for path in (tmp_path / "index").iterdir() if path.is_dir()] == ["00000001"]
    reader = catalogue()
    assert followed(office, reader) == 0
    assert (len(reader), reader.sequence) == (30, 30)
    assert "甲17乙" in first(reader, "校车运行线路第17号怎么规定?") or "甲17乙" in first(reader, "第17号规定的编号?")
    fill(4, start=30)
    assert followed(office, reader) == 4
    assert followed(office, writer) == 4  # the writer has taken up its own archive
    assert len(reader) == len(writer) == 34
    assert writer._matcher.collection.changed == 4


def test_what_was_written_by_one_process_is_taken_up_by_the_others(office, fill, catalogue):
    fill(15)
    one, other = catalogue(), catalogue()
    followed(office, one)
    followed(office, other)
    fill(15, start=15)
    followed(office, one)
    one.settle()
    assert followed(office, other) == 0
    assert (len(other), other._matcher.collection.changed) == (30, 0)


def test_two_processes_that_start_at_once_write_one_archive(office, fill, catalogue, tmp_path):
    fill(30)
    one, other = catalogue(), catalogue()
    followed(office, one)
    followed(office, other)
    one.settle()
    other.settle()
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1
    assert followed(office, one) == followed(office, other) == 0


@pytest.mark.parametrize("name", ["meta.json", "codes", "slots", "documents"])
@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_damaged_directory_is_built_anew(office, fill, catalogue, tmp_path, name, harm):
    fill(30)
    writer = catalogue()
    followed(office, writer)
    writer.settle()
    path = tmp_path / "index" / "00000001" / name
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(bytes(255 - byte for byte in path.read_bytes()))
    reader = catalogue()
    followed(office, reader)
    try:
        found = first(reader, "供水价格标准第3号怎么规定?")
    except Unavailable:
        followed(office, reader)
        found = first(reader, "供水价格标准第3号怎么规定?")
    assert "甲3乙" in found
    assert len(reader) == 30


def test_a_damaged_archive_that_cannot_be_taken_away_is_not_tried_again(office, fill, catalogue, tmp_path, monkeypatch):
    fill(30)
    writer = catalogue()
    followed(office, writer)
    writer.settle()
    (tmp_path / "index" / "00000001" / "meta.json").write_text("{}")
    monkeypatch.setattr(indexing.Shelf, "discard", lambda shelf, number: None)
    monkeypatch.setattr(indexing, "WRITTEN_FROM", 1_000)
    reader = catalogue()
    assert [followed(office, reader) for _ in range(2)] == [30, 0]


def test_an_index_ahead_of_the_database_is_built_anew(office, fill, catalogue):
    fill(30)
    writer = catalogue()
    followed(office, writer)
    writer.settle()
    with office.work.transaction() as session:  # as a backup of yesterday would do
        session.execute(text("DELETE FROM catalogue_changes WHERE disclosure_id > 25"))
        session.execute(delete(Disclosure).where(Disclosure.id > 25))
    reader = catalogue()
    followed(office, reader)
    followed(office, writer)
    assert len(reader) == len(writer) == 25
    assert "甲28乙" not in first(reader, "垃圾清运路线第28号怎么规定?")


def test_an_index_of_another_database_is_built_anew(office, fill, catalogue):
    fill(30)
    writer = catalogue()
    followed(office, writer)
    writer.settle()
    with office.work.transaction() as session:  # restored, and then other documents were changed
        session.execute(text("UPDATE catalogue_changes SET disclosure_id = 1 WHERE id = 9"))
        session.get_one(Disclosure, 1).text = "公园全天开放。"
    reader = catalogue()
    followed(office, reader)
    assert "全天" in first(reader, "公园是全天开放吗?")


def test_a_large_catalogue_is_built_in_the_background_and_says_so(office, fill, catalogue, monkeypatch):
    monkeypatch.setattr(indexing, "MOST_AT_ONCE", 10)
    fill(30)
    one = catalogue()
    with pytest.raises(Unavailable, match="重建"):
        followed(office, one)
    one.settle()
    followed(office, one)
    assert (len(one), one.sequence) == (30, 30)


def test_a_running_process_takes_a_bounded_number_of_changes_at_once(office, fill, catalogue, monkeypatch):
    fill(3)
    one = catalogue()
    followed(office, one)
    monkeypatch.setattr(indexing, "MOST_AT_ONCE", 5)
    fill(12, start=3)
    assert [followed(office, one) for _ in range(4)] == [5, 5, 2, 0]


def test_dates_of_validity_are_looked_at_anew_each_day(office, catalogue):
    with office.work.transaction() as session:
        add(session, "游泳馆优惠办法", "游泳馆对老年人免费开放。", valid_from=date(2026, 5, 1), valid_until=date(2026, 5, 31))
        add(session, "滑冰馆优惠办法", "滑冰馆对学生半价。", validity=Validity.repealed)
    for where in (None, "disk"):
        one = catalogue()
        found = []
        for day in ("2026-04-30 12:00+08:00", "2026-05-01 00:30+08:00", "2026-05-31 23:00+08:00", "2026-06-01 00:30+08:00"):
            with time_machine.travel(day, tick=False):
                followed(office, one)
                found.append("免费" in first(one, "游泳馆对老年人收费吗?"))
        assert found == [False, True, True, False]
        assert one.match("滑冰馆对学生有什么优惠?").reason == "out_of_force"
        if where is None:
            with office.work.transaction() as session:
                for place in range(30):
                    add(session, f"其他{place}")
            followed(office, one)
            one.settle()


def test_numbers_that_are_committed_late_are_followed(office, fill, catalogue):
    if office.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: numbers are given in the order of commits")
    fill(2)
    one = catalogue()
    followed(office, one)
    with Session(office.engine) as slow:
        add(slow, "天文馆开放公告", "天文馆每晚开放至九点。")
        slow.flush()
        fill(2, start=2)
        assert followed(office, one) == 2
        assert "九点" not in first(one, "天文馆开放到几点?")
        slow.commit()
    one._followed._asked = float("-inf")
    assert followed(office, one) == 1
    assert "九点" in first(one, "天文馆开放到几点?")
    assert one._followed.settled == one.sequence == 5


def test_missing_numbers_hold_the_settled_mark_until_they_are_given_up(office):
    clock = [0.0]
    state = Followed(10, clock=lambda: clock[0])
    state.take([(11, 1), (14, 2)])
    assert (state.high, state.settled) == (14, 11)
    clock[0] = GIVEN_UP + 1
    with office.work.reading() as session:
        state.changes(session, 10)
    assert (state.high, state.settled) == (14, 14)
    state.take([(15, 1)])
    assert state.idle(15)


def test_a_process_that_is_killed_while_it_writes_harms_nobody(sqlite_office, tmp_path, monkeypatch):
    office = sqlite_office
    with office.work.transaction() as session:
        for place in range(600):
            add(session, f"告示{place}", f"告示第{place}条内容。")
    code = (
        "import time, responder.archive_writing as w\n"
        "finish = w._finish\n"
        "def slow(*a):\n    print('writing', flush=True); time.sleep(60)\n"
        "w._finish = slow\n"
        "from board.office import open_office\n"
        "o = open_office(migrate=False)\n"
        "with o.work.reading() as s: o.catalogue.follow(s)\n"
        "o.catalogue.settle()\n"
    )
    home = office.settings.home
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "HUIYING_HOME": str(home), "DATABASE_URL": office.settings.database_url}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "writing\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert followed(office, office.catalogue) == 600
    office.catalogue.settle()
    again = Catalogue(load_matcher_settings(office.settings), home / "index")
    assert followed(office, again) == 0
    assert len(again) == 600
    with office.work.reading() as session:
        assert session.scalar(select(func.count()).select_from(CatalogueChange)) == 600
