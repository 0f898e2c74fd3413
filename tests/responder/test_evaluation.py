"""Files in, files out, and the command `huiying match`."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from board.cli.match import command
from responder.evaluation import InputError, match_file, read_rows
from responder.labelled import squeezed
from tests.responder.office_documents import DOCUMENTS, ROOT


@pytest.fixture
def files(tmp_path):
    """The small office as files of documents and questions."""
    documents, questions = tmp_path / "D.jsonl", tmp_path / "Q.jsonl"
    documents.write_text("".join(json.dumps({"id": d.id, "text": d.text}, ensure_ascii=False) + "\n" for d in DOCUMENTS), encoding="utf-8")
    rows = [{"id": "q1", "question": "失业保险金每月发放多少?"}, {"id": "q2", "question": ""}, {"id": "q3", "question": "社保卡丢了怎么补办\u2028?"}]
    questions.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8-sig")
    return documents, questions, tmp_path / "M.jsonl"


def test_every_question_gets_one_row_in_the_scored_format(files, settings):
    documents, questions, output = files
    told = []
    assert match_file(documents, questions, output, settings, lambda done, total: told.append((done, total))) == 3
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").split("\n") if line]
    assert [row["id"] for row in rows] == ["q1", "q2", "q3"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    first = rows[0]["candidates"][0]
    assert first["document"] == "unemployment"
    assert any("1036元" in quote for quote in first["evidence"])
    assert rows[1] == {"id": "q2", "confidence": 0.0, "abstained": True, "decision": "hand_over", "reason": "empty_question", "candidates": []}
    assert rows[2]["candidates"][0]["document"] == "card"


def test_the_running_office_and_the_file_give_the_same(files, settings, matcher):
    documents, questions, output = files
    match_file(documents, questions, output, settings)
    row = json.loads(output.read_text(encoding="utf-8").split("\n")[0])
    assert next(c["document"] for c in row["candidates"]) == matcher.match("失业保险金每月发放多少?").candidates[0].document_id


BAD = {
    "not json": (b'{"id": "1", "question": "a"}\n{oops\n', "第 2 行不是有效的 JSON"),
    "not an object": (b"[1]\n", "不是 JSON 对象"),
    "no question": (b'{"id": "1"}\n', "question"),
    "number as id": (b'{"id": 1, "question": "a"}\n', "id"),
    "twice": (b'{"id": "1", "question": "a"}\n{"id": "1", "question": "b"}\n', "重复"),
    "empty": (b"\n\n", "没有内容"),
    "gb18030": ('{"id": "1", "question": "养老"}\n'.encode("gb18030"), "UTF-8"),
    "deep": (b"[" * 100_000, "JSON"),
}


@pytest.mark.parametrize(("content", "told"), BAD.values(), ids=list(BAD))
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(files, settings, content, told):
    documents, questions, output = files
    questions.write_bytes(content)
    with pytest.raises(InputError) as error:
        match_file(documents, questions, output, settings)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert not output.exists()


def test_an_output_that_cannot_be_written_is_refused(files, settings, tmp_path):
    documents, questions, _ = files
    with pytest.raises(InputError, match="无法写入"):
        match_file(documents, questions, tmp_path / "none" / "M.jsonl", settings)


def test_a_broken_run_leaves_the_old_output(files, settings):
    documents, questions, output = files
    output.write_text("old", encoding="utf-8")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        match_file(documents, questions, output, settings, stop)
    assert output.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in output.parent.iterdir()) == ["D.jsonl", "M.jsonl", "Q.jsonl"]


def test_half_characters_are_written_as_escapes(files, settings):
    documents, questions, output = files
    questions.write_text('{"id": "\\ud800", "question": "养老金\\ud800?"}\n', encoding="utf-8")
    match_file(documents, questions, output, settings)
    assert json.loads(output.read_text(encoding="utf-8"))["id"] == "\ud800"


def test_read_rows_keeps_line_separators_inside_a_text(files):
    assert "\u2028" in read_rows(files[1], ("id", "question"))[2]["question"]


def test_command_writes_to_a_file_and_to_standard_output(files):
    documents, questions, output = files
    given = ["--documents", str(documents), "--questions", str(questions)]
    to_file = CliRunner().invoke(command, [*given, "--output", str(output)])
    assert (to_file.exit_code, to_file.stdout) == (0, "")
    assert "已匹配 3/3" in to_file.stderr
    to_screen = CliRunner().invoke(command, given)
    assert to_screen.stdout == output.read_text(encoding="utf-8")


def test_command_refuses_with_exit_code_2(files):
    documents, questions, _ = files
    documents.write_text("oops", encoding="utf-8")
    result = CliRunner().invoke(command, ["--documents", str(documents), "--questions", str(questions)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert str(documents) in result.stderr


def test_command_refuses_broken_settings(files, tmp_path, monkeypatch):
    documents, questions, _ = files
    config = tmp_path / "config"
    config.mkdir()
    for name in ("default.toml", "terms.toml"):
        (config / name).write_bytes((ROOT / "config" / name).read_bytes())
    (config / "responder.toml").write_text("[search]\nsurprise = 1\n", encoding="utf-8")
    monkeypatch.setenv("HUIYING_CONFIG", str(config))
    result = CliRunner().invoke(command, ["--documents", str(documents), "--questions", str(questions)])
    assert result.exit_code == 2
    assert result.stderr.startswith("huiying：")


def test_help_has_an_example():
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "huiying match --documents" in result.stdout


def test_a_new_process_answers_the_same(files):
    documents, questions, output = files
    given = [sys.executable, "-m", "board.cli", "match", "--documents", str(documents), "--questions", str(questions)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    runs = [subprocess.run(given, capture_output=True, check=True, cwd=ROOT, env={**environment, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")]
    assert runs[0] == runs[1] != b""
    assert not output.exists()


def test_squeezed_text_ignores_spelling():
    assert squeezed("《辦法》 第１條。") == squeezed("办法第1条")
