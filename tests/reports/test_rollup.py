import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from board.errors import InvalidInput
from board.reports.forms import DERIVED, load_forms
from board.reports.rollup import rolled_up

CONFIG = Path(__file__).parents[2] / "config"
FORM = next(form for form in load_forms(CONFIG) if form.name == "5.1")


def sent(folder: Path, office: str, number: int, **other: object) -> Path:
    """An office's form in which every person's row has the number and all sums are right."""
    cells = {cell.path: {"value": 0} for cell in FORM.cells}
    for row in ("new", "granted", "done"):
        for column in ("person", "total"):
            cells[f"applications.{row}.{column}"] = {"value": number}
    cells["fees.fees.amount"] = {"value": 0.1}
    path = folder / f"{office}.json"
    path.write_text(json.dumps({"unit": office, "form": "5.1", "year": 2025, "cells": cells, **other}), "utf-8")
    return path


def test_many_offices_are_added_exactly_and_each_number_says_who_gave_what(tmp_path: Path) -> None:
    made = rolled_up(CONFIG, [sent(tmp_path, "甲局", 3), sent(tmp_path, "乙局", 4), sent(tmp_path, "丙局", 0)])
    assert made["offices"] == ["甲局", "乙局", "丙局"]
    assert made["cells"]["applications.new.total"]["value"] == 7
    assert made["cells"]["applications.new.total"]["from"] == {"甲局": 3, "乙局": 4}
    assert made["cells"]["fees.fees.amount"]["value"] == 0.3
    assert set(made["cells"]) == {cell.path for cell in FORM.cells if not cell.text and cell.definition not in DERIVED}
    assert made["findings"] == []


def test_what_does_not_fit_in_one_office_is_said_and_what_cannot_be_added_is_refused(tmp_path: Path) -> None:
    first = sent(tmp_path, "甲局", 3)
    data = json.loads(first.read_text("utf-8"))
    data["cells"]["applications.new.total"]["value"] = 5
    first.write_text(json.dumps(data), "utf-8")
    found = rolled_up(CONFIG, [first, sent(tmp_path, "乙局", 1)])["findings"]
    assert {one["office"] for one in found} == {"甲局"}
    with pytest.raises(InvalidInput, match="出现两次"):
        rolled_up(CONFIG, [first, first])
    for other in ({"year": 2024}, {"form": "5.2"}):
        with pytest.raises(InvalidInput, match="不一致"):
            rolled_up(CONFIG, [first, sent(tmp_path, "丁局", 1, **other)])
    for broken in ('{"unit": 1}', "[" * 5000, '{"unit": "x", "form": "5.1", "year": 2025, "cells": {"a": 1}}'):
        (tmp_path / "broken.json").write_text(broken)
        with pytest.raises(InvalidInput, match="broken"):
            rolled_up(CONFIG, [tmp_path / "broken.json"])


WRITER = """
import sys
from pathlib import Path
from board.reports.exporting import write_whole
content = b"x" * 40_000_000
print("writing", flush=True)
while True:
    write_whole(Path(sys.argv[1]), content)
"""


def test_a_kill_in_the_middle_of_a_write_leaves_no_partial_file(tmp_path: Path) -> None:
    for number, delay in enumerate((0.01, 0.04)):
        folder = tmp_path / str(number)
        folder.mkdir()
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(folder / "year.docx")], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(CONFIG.parent)})
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()
        left = list(folder.iterdir())
        assert all(path.stat().st_size == 40_000_000 for path in left), left
