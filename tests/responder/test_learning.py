"""Learning anew: figures, weights that are read back, and that learning learns."""

import json
import shutil

import numpy as np
import pytest

from responder.labelled import label, part_of
from responder.learning import as_toml, cross_figures, learn, lesson_of_files, sure, write_weights
from responder.matching import Matcher, load_settings
from responder.measures import Outcome, auroc, bare, calibration_error, coverage, figures, judge
from responder.tuning import SettingsError
from tests.responder.office_documents import DOCUMENTS, ROOT, office

TOPICS = ("养老保险", "失业保险", "工伤保险", "生育保险", "医疗保险", "住房补贴", "创业贷款", "技能培训", "人才引进", "就业援助")
TOWNS = ("东河", "西岭", "南坪", "北川", "中屯", "上湾")


def corpus(towns: tuple[str, ...] = TOWNS) -> tuple[list[dict[str, str]], list[dict[str, str | None]]]:
    """Documents of invented towns that look alike, questions that each has one answer, and questions without any."""
    documents, questions = [], []
    for number, town in enumerate(towns):
        for place, topic in enumerate(TOPICS):
            amount = f"{100 + number * 37 + place * 11}元"
            body = f"{town}县{topic}办法 本办法适用于本县居民。材料应当齐全,由窗口受理。{topic}每人每月补助{amount}。其他事项另行通知。" * 1
            filler = "".join(f"第{i}条 有关单位应当加强协作,做好宣传,按时报送情况。" for i in range(12))
            documents.append({"id": f"{town}{topic}", "text": body + filler})
            questions.append(
                {"id": f"q{town}{topic}", "question": f"{town}县{topic}每月补助多少?", "document": f"{town}{topic}", "answer": f"每人每月补助{amount}"}
            )
            questions.append({"id": f"u{town}{topic}", "question": f"{town}县河道清淤第{place}期{amount}工程何时招标?", "document": None, "answer": "三月"})
    return documents, questions


@pytest.fixture
def written(tmp_path):
    """The corpus as files, with a copy of the product's settings."""
    documents, questions = corpus()
    for name, rows in (("D.jsonl", documents), ("Q.jsonl", questions)):
        (tmp_path / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


def test_learning_from_files_writes_settings_that_work(written):
    before = load_settings(written / "config").weights
    by_hand = (written / "config" / "responder.toml").read_text(encoding="utf-8").split("# --- learned")[0]
    given = lesson_of_files(written / "D.jsonl", [written / "Q.jsonl"], load_settings(written / "config"))
    write_weights(written / "config" / "responder.toml", learn(given.rows, given.varied))
    found = cross_figures(given)
    assert found["recall@1"] > 0.9
    assert found["auroc"] > 0.9
    assert found["ece"] < 0.1
    after = load_settings(written / "config")
    assert not np.allclose(before.order, after.weights.order)
    assert (written / "config" / "responder.toml").read_text(encoding="utf-8").startswith(by_hand)
    matcher = Matcher(after)
    for document in DOCUMENTS:
        matcher.put(document)
    assert matcher.match("失业保险金每月发放多少?").candidates[0].document_id == "unemployment"


def test_settings_without_the_mark_are_not_overwritten(written):
    path = written / "config" / "responder.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("# --- learned", "# other"), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="missing"):
        write_weights(path, load_settings(ROOT / "config").weights)
    assert path.read_bytes() == before


def test_learned_weights_are_read_back_as_they_were_written(written):
    _, questions = corpus()
    documents = corpus()[0]
    matcher = office()
    from responder.corpus import document_from_plain

    for row in documents:
        matcher.put(document_from_plain(row["id"], row["text"]))
    rows = [label(matcher, q["id"], q["question"], q["document"], q["answer"]) for q in questions]
    weights = learn([row for row in rows if row is not None])
    path = written / "config" / "responder.toml"
    path.write_text(path.read_text(encoding="utf-8").split("[learned]\n")[0] + as_toml(weights), encoding="utf-8")
    read = load_settings(written / "config").weights
    for name in ("windows", "order", "confidence"):
        assert np.allclose(getattr(read, name), getattr(weights, name), rtol=1e-4)
    confidence, right = sure(next(row for row in rows if row is not None and row.known), weights)
    assert right
    assert confidence > 0.5


def test_questions_on_one_document_stay_in_one_fold(matcher):
    rows = [label(matcher, str(i), f"失业保险金第{i}个月多少?", "unemployment", "1036元") for i in range(6)]
    assert len({part_of(row) for row in rows if row is not None}) == 1


def test_weights_must_fit_the_features(written):
    path = written / "config" / "responder.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("first_passage = ", "frist_passage = ", 1), encoding="utf-8")
    with pytest.raises(SettingsError, match="frist_passage"):
        load_settings(written / "config")


@pytest.mark.parametrize("name", ["responder.toml", "terms.toml"])
def test_missing_or_broken_settings_name_their_file(written, name):
    path = written / "config" / name
    path.write_text("= oops", encoding="utf-8")
    with pytest.raises(SettingsError, match=name):
        load_settings(written / "config")
    path.unlink()
    with pytest.raises(SettingsError, match=name):
        load_settings(written / "config")


def test_auroc_counts_pairs():
    assert auroc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])) == pytest.approx(3.5 / 4)
    assert auroc(np.array([0.9]), np.array([True])) == 0.5


def test_calibration_error_is_zero_when_shares_fit():
    assert calibration_error(np.full(100, 0.5), np.tile([True, False], 50)) == 0
    assert calibration_error(np.ones(10), np.zeros(10, bool)) == 1


def test_figures_are_shares_of_the_known():
    known = Outcome(known=True, place=2, bearing=True, quoted=3, confidence=0.8, answered=True)
    unknown = Outcome(known=False, place=0, bearing=False, quoted=0, confidence=0.1, answered=False)
    found = figures([known, unknown])
    wanted = {"recall@1": 0, "recall@3": 1, "answer_bearing@1": 1, "evidence@1": 0, "evidence@3": 1, "auroc": 1, "answered_known": 1, "abstain_wrong": 0}
    assert {name: found[name] for name in wanted} == wanted


def test_coverage_takes_only_whole_groups_of_equal_confidence():
    right = np.array([True, True, False])
    assert coverage(np.array([0.9, 0.8, 0.1]), right, 4) == 0.5
    assert coverage(np.array([0.9, 0.5, 0.5]), right, 4) == 0.25
    assert coverage(np.array([0.5, 0.5, 0.5]), right, 4) == 0


def test_a_match_is_judged_by_its_first_document_and_its_quotations(matcher):
    match = matcher.match("失业保险金每月发放多少?")
    texts = {document.id: bare(document.text) for document in DOCUMENTS}
    assert judge(match, ["unemployment"], "1036元", texts).place == 1
    assert judge(match, ["unemployment"], "1036元", texts).quoted == 1
    other = judge(match, ["card"], "由每人每月896元调整为1036元", texts)
    assert (other.place == 1, other.bearing) == (False, True)
    assert not judge(match, ["card"], "元", texts).bearing
    assert not judge(match, [], "1036元", texts).bearing


def test_bare_text_keeps_points_and_percent_signs_of_numbers():
    assert bare("Ａ、3.5％ 以後。") == "ａ3点5百分号以后"
    assert bare("35") != bare("3.5")
