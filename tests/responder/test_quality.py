"""The promised quality on real questions, where a machine has them: scored by the independent script, not by ours."""

import json
import subprocess
import sys

import pytest

from responder.evaluation import match_file

LEAST = {
    "recall@1": 0.84, "recall@5": 0.96, "answer_bearing@1": 0.91, "evidence@1": 0.79, "evidence@3": 0.87, "auroc": 0.945, "coverage@95": 0.5, "answered_known": 0.6,
}  # fmt: skip


@pytest.mark.slow
def test_the_development_half_reaches_its_targets(shared_dir, tmp_path, settings):
    data = shared_dir / "data"
    documents = data / "policy_documents.jsonl"
    halves = [data / "policy_questions.jsonl", data / "policy_questions_unanswerable.jsonl"]
    asked, matches = tmp_path / "Q.jsonl", tmp_path / "M.jsonl"
    asked.write_text("".join(half.read_text(encoding="utf-8") for half in halves), encoding="utf-8")
    match_file(documents, asked, matches, settings)
    score = [sys.executable, str(shared_dir / "checks" / "score_matches.py"), *map(str, halves), str(matches), "--documents", str(documents), "--json"]
    figures = json.loads(subprocess.run(score, capture_output=True, check=True, text=True).stdout)
    assert {name: figures[name] for name, least in LEAST.items() if figures[name] < least} == {}
    assert figures["not_verbatim"] == 0
    assert figures["ece"] <= 0.05
    assert figures["abstain_wrong"] <= 0.05
