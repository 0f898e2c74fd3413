"""``huiying reindex`` and what ``doctor`` says of the index, on both databases."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from board.cli import doctor
from board.cli.reindex import command
from board.models import Disclosure
from board.office import load_matcher_settings
from board.publications.indexing import Catalogue, note_change
from responder.archive import META
from responder.shelf import Shelf
from tests.bureau import DOCUMENTS, Bureau


@pytest.fixture
def run(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Result]:
    """Runs the command on the bureau."""
    monkeypatch.setenv("HUIYING_HOME", str(bureau.office.settings.home))
    monkeypatch.setenv("DATABASE_URL", bureau.office.settings.database_url)
    return lambda: CliRunner().invoke(command, standalone_mode=False)


def said(bureau: Bureau) -> tuple[str, str]:
    found = doctor.index(bureau.office)
    return found.level, found.text


def test_the_index_is_built_and_processes_take_it_up(bureau: Bureau, run: Callable[[], Result]) -> None:
    running = bureau.office.catalogue
    with bureau.office.work.reading() as session:
        running.follow(session)
    done = run()
    assert done.return_value == 0
    assert f"索引已重建：{len(DOCUMENTS)} 个文件" in done.output
    with bureau.office.work.reading() as session:
        assert running.follow(session) == 0
        fresh = Catalogue(load_matcher_settings(bureau.office.settings), bureau.office.settings.index_directory)
        assert fresh.follow(session) == 0
    assert running.match("补办社会保障卡要多少钱？") == fresh.match("补办社会保障卡要多少钱？")
    assert "16元" in fresh.match("补办社会保障卡要多少钱？").candidates[0].evidence[0].quote
    assert (running._matcher.collection.changed, len(running)) == (0, len(DOCUMENTS))


def test_doctor_tells_the_state_of_the_index(bureau: Bureau, run: Callable[[], Result]) -> None:
    assert said(bureau) == ("ok", "磁盘上还没有，启动时由数据库读入内存（3 个文件）")
    run()
    with bureau.office.work.transaction() as session:
        session.get_one(Disclosure, bureau.document_ids[0]).title = "另一标题"
        note_change(session, bureau.document_ids[0])
    assert said(bureau) == ("ok", "3 个文件，其后的 1 处变更由各进程读入内存")
    (bureau.office.settings.index_directory / "00000001" / META).write_text("{")
    assert said(bureau) == ("warn", "已损坏，下次启动自动重建；也可现在运行 huiying reindex")
    assert run().return_value == 0
    assert said(bureau) == ("ok", "3 个文件，其后的 0 处变更由各进程读入内存")


def test_while_another_process_writes_nothing_is_done(bureau: Bureau, run: Callable[[], Result]) -> None:
    with Shelf(bureau.office.settings.index_directory).writing(wait=True):
        done = run()
    assert done.return_value == 1
    assert "另一进程" in done.output
    assert said(bureau)[1].startswith("磁盘上还没有")


def test_a_directory_that_cannot_be_written_is_one_clear_line(bureau: Bureau, run: Callable[[], Result]) -> None:
    bureau.office.settings.index_directory.write_text("a file in its place")
    done = run()
    assert "索引目录无法写入" in str(done.exception)


def test_help_has_an_example_and_exit_codes() -> None:
    shown = CliRunner().invoke(command, ["--help"]).output
    assert "huiying reindex" in shown
    assert "退出码" in shown
