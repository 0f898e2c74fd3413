"""How well a new office routes once it has brought in its own answered inquiries: the product's own way, from the import to the lesson.

    python -m tests.bench.bench_routing [--shared DIR] [--show N]

A fresh home in a temporary directory: units named like the labels of messages_labelled.jsonl, their words from message_categories.jsonl (as
taxonomy.toml holds them), the labelled messages brought in as answered by their unit, messages_with_replies.jsonl brought in without a unit.
Printed are the cross-validated figures of ``huiying routing learn`` and, with ``--show``, what it proposes for so many of the other letters.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from board.cli.routing import show
from board.models import Unit
from board.office import Office, open_office
from board.replies import learning_routes, routing
from board.settings import load_settings
from responder.router import learn
from responder.router_scores import cross_validated

ROOT = Path(__file__).resolve().parents[2]


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def taxonomy_of(data: Path) -> dict[str, Any]:
    """Subjects with their words, one for each second level, the label as unit."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows(data / "message_categories.jsonl"):
        found.setdefault((row["一级分类"], row["二级分类"]), []).append(row["三级分类"])
    return {"subjects": [{"name": name, "unit": unit, "words": words} for (unit, name), words in found.items()]}


def filled(home: Path, data: Path) -> Office:
    """The office with its history, brought in by the command."""
    office = open_office(load_settings({"HUIYING_HOME": str(home)}))
    labelled = rows(data / "messages_labelled.jsonl")
    with office.work.transaction() as session:
        root = Unit(code="bureau", name="本局", short_name="本局")
        session.add(root)
        session.flush()
        session.add_all([Unit(code=label, name=label, short_name=label, parent_id=root.id) for label in sorted({row["一级分类"] for row in labelled})])
    for label in sorted({row["一级分类"] for row in labelled}):
        own = [{**row, "答复意见": "网民您好！您的留言已收悉。", "答复时间": "2020-12-31 09:00:00"} for row in labelled if row["一级分类"] == label]
        bring_in(home, own, "--unit", label, "--source", label)
    bring_in(home, rows(data / "messages_with_replies.jsonl"))
    return office


def bring_in(home: Path, messages: list[dict[str, Any]], *options: str) -> None:
    """One import by the command; rejected rows are allowed."""
    path = home / "messages.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in messages), encoding="utf-8")
    command = [sys.executable, "-m", "board.cli", "import", "inquiries", str(path), "--reimport", *options]
    done = subprocess.run(command, env={**os.environ, "HUIYING_HOME": str(home), "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(done.stderr)


def proposed(office: Office, taxonomy: dict[str, Any], lesson: learning_routes.Lesson, number: int) -> None:
    """What the desk would propose for some of the letters that nobody labelled."""
    model = learn(lesson.by_unit, lesson.known(lesson.unit_words), learning_routes.rules_of(office.settings))
    learned = routing.Learned(1, model, None)
    for title, text in lesson.others[:: max(1, len(lesson.others) // number)][:number]:
        route = routing.by_learning(learned, taxonomy, title, text)
        near = "、".join(route.near)
        print(f"{route.unit or f'分办员（{near}）'}\t{title[:40]}")


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared"))
    parser.add_argument("--show", type=int, default=0)
    chosen = parser.parse_args()
    taxonomy = taxonomy_of(chosen.shared / "data")
    with tempfile.TemporaryDirectory() as folder:
        office = filled(Path(folder), chosen.shared / "data")
        with office.work.reading() as session:
            lesson = learning_routes.gather_lesson(session, office.settings, taxonomy)
        print(f"answered by a unit {len(lesson.answered)}, other messages {len(lesson.others)}")
        show(cross_validated(lesson.by_unit, lesson.known(lesson.unit_words), learning_routes.rules_of(office.settings)))
        if chosen.show:
            proposed(office, taxonomy, lesson, chosen.show)


if __name__ == "__main__":
    main()
