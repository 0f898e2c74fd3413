"""``huiying evaluate``: figures, the plot, learning anew with a refusal, versions that can be rolled back."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from board.cli.evaluate import command
from board.errors import InvalidInput
from board.models import ResponderVersion
from board.office import Office, load_matcher_settings
from board.publications.indexing import Catalogue
from board.publications.versions import record, use_version, version_before, version_in_force, versions
from board.replies import publishing
from board.replies.approvals import approved_pairs
from responder.learning import as_toml
from tests.bureau import NOW, Bureau
from tests.responder.test_learning import TOWNS, corpus

QUOTED = "网民您好！\n\n> 补办社会保障卡自受理之日起15个工作日内领取新卡，补卡工本费16元。\n> ——《社会保障卡补办须知》（测人社发〔2015〕3号），2015-03-01，现行有效，/documents/{key}\n\n请携带身份证到窗口办理。"
#: learning takes seconds and asks nothing of the database that the tests of versions do not ask of both
ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch, office: Office) -> Callable[..., Result]:
    """Runs the command on the office's settings."""
    monkeypatch.setenv("HUIYING_HOME", str(office.settings.home))
    monkeypatch.setenv("DATABASE_URL", office.settings.database_url)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(command, [str(one) for one in arguments], standalone_mode=False)

    return run


@pytest.fixture
def labelled(tmp_path: Path) -> tuple[Path, Path]:
    """Half of the invented towns of the learning tests as files."""
    for name, rows in zip("DQ", corpus(TOWNS[:3]), strict=True):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "D.jsonl", tmp_path / "Q.jsonl"


def other_weights(office: Office) -> str:
    """Weights that are sure of nothing."""
    shipped = load_matcher_settings(office.settings).weights
    return as_toml(replace(shipped, confidence=np.zeros_like(shipped.confidence), intercept=-9.0))


def test_the_regression_set_is_measured_without_files(evaluate: Callable[..., Result], tmp_path: Path) -> None:
    done = evaluate("--plot", tmp_path / "plot.svg")
    found = dict(re.findall(r"^(\S+) +([\d.]+)  \D", done.output, re.MULTILINE))
    assert done.return_value == 0
    assert float(found["recall@1"]) >= 0.75
    assert float(found["auroc"]) >= 0.9
    assert float(found["abstain_wrong"]) <= 0.05
    picture = ET.fromstring((tmp_path / "plot.svg").read_text(encoding="utf-8"))
    assert len(picture.findall(".//{*}circle")) == 10


def test_labelled_files_are_measured(evaluate: Callable[..., Result], labelled: tuple[Path, Path]) -> None:
    done = evaluate("--documents", labelled[0], "--questions", labelled[1])
    assert "evidence@1" in done.output
    assert float(re.search(r"recall@1 +([\d.]+)", done.output)[1]) > 0.9


@ONCE
@pytest.mark.parametrize(("worse_by", "code"), [(1.0, 0), (-1.0, 1)])
def test_a_worse_version_is_refused(evaluate: Callable[..., Result], office: Office, labelled: tuple[Path, Path], worse_by: float, code: int) -> None:
    (office.settings.home / "config.toml").write_text(f"[learning]\nworse_by = {worse_by}\n", encoding="utf-8")
    arguments = ("--learn", "--documents", labelled[0], "--questions", labelled[1])
    done = evaluate(*arguments, "--apply")
    assert done.return_value == code
    assert ("已采用第 1 版" in done.output) == (code == 0)
    assert ("不采用" in done.output) == (code == 1)
    with office.work.reading() as session:
        assert version_in_force(session) == (0 if code else 1)
        assert [row.learned_from for row in versions(session)] == ([] if code else ["Q.jsonl"])


@ONCE
def test_learning_is_a_trial_unless_it_is_applied(evaluate: Callable[..., Result], office: Office, labelled: tuple[Path, Path]) -> None:
    (office.settings.home / "config.toml").write_text("[learning]\nworse_by = 1.0\n", encoding="utf-8")
    done = evaluate("--learn", "--documents", labelled[0], "--questions", labelled[1])
    assert done.return_value == 0
    assert "没有改动" in done.output
    with office.work.reading() as session:
        assert version_in_force(session) == 0


def test_every_process_takes_the_version_in_force(bureau: Bureau, evaluate: Callable[..., Result]) -> None:
    office = bureau.office
    other = Catalogue(load_matcher_settings(office.settings))
    question = "补办社会保障卡要多少钱？"

    def confidence() -> float:
        with office.work.reading() as session:
            other.follow(session)
        return other.match(question).confidence

    before = confidence()
    with office.work.transaction() as session:
        record(session, other_weights(office), {"auroc": 0.5}, "试验", "console:evaluate", NOW)
    assert confidence() < 0.001 < before
    assert evaluate("--rollback").return_value == 0
    assert confidence() == pytest.approx(before)
    assert evaluate("--use", 1).return_value == 0
    assert confidence() < 0.001
    listed = evaluate("--versions").output.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["第 1 版", "第 0 版", "第 1 版"]
    assert listed[0].endswith("在用")


def test_a_version_that_was_never_learned_cannot_be_used(office: Office) -> None:
    with office.work.transaction() as session, pytest.raises(InvalidInput):
        use_version(session, 3, "console:evaluate", NOW)
    with office.work.transaction() as session, pytest.raises(InvalidInput):
        version_before(session)


def test_choices_are_never_changed(office: Office) -> None:
    with office.work.transaction() as session:
        record(session, "", {}, "", "console:evaluate", NOW)
    with pytest.raises(DBAPIError, match="append-only"), office.engine.begin() as connection:
        connection.execute(text("UPDATE responder_versions SET version = 0"))


def test_weights_of_another_program_leave_those_of_the_product(bureau: Bureau) -> None:
    with bureau.office.work.transaction() as session:
        session.add(ResponderVersion(id=1, version=1, made_at=NOW, made_by="x", weights="[learned]\nintercept = 1", figures={}))
    with bureau.office.work.reading() as session:
        bureau.office.catalogue.follow(session)
    assert bureau.office.catalogue.match("补办社会保障卡要多少钱？").confidence > 0.1


def test_approvals_teach_what_they_quote(bureau: Bureau) -> None:
    quoting, plain = bureau.post("社保卡丢了怎么补办？"), bureau.post("食堂什么时候开门？")
    bureau.submit(quoting, QUOTED.format(key=bureau.document_ids[1]))
    bureau.submit(plain, "网民您好！食堂早上七点开门。")
    for posted in (quoting, plain):
        bureau.approve(posted)
        with bureau.office.work.transaction() as session:
            publishing.publish(session, posted.inquiry_id, bureau.office.settings, NOW)
    with bureau.office.work.reading() as session:
        pairs = {pair["id"]: (pair["document"], pair["answer"][:8]) for pair in approved_pairs(session)}
    assert pairs == {quoting.number: (str(bureau.document_ids[1]), "补办社会保障卡自"), plain.number: (None, "")}


def test_too_few_approvals_are_refused_in_words(evaluate: Callable[..., Result]) -> None:
    done = evaluate("--learn")
    assert isinstance(done.exception, InvalidInput)
    assert "已发布的答复只有 0 件" in str(done.exception)


def test_files_come_in_pairs_and_must_be_readable(evaluate: Callable[..., Result], tmp_path: Path) -> None:
    assert isinstance(evaluate("--documents", tmp_path / "none.jsonl").exception, InvalidInput)
    missing = evaluate("--documents", tmp_path / "none.jsonl", "--questions", tmp_path / "none.jsonl")
    assert isinstance(missing.exception, InvalidInput)
    assert "none.jsonl" in str(missing.exception)
