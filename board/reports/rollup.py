"""The same statutory form of many offices added into one: form, year and identities are checked, every number says which office gave what."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from board.errors import InvalidInput
from board.reports.forms import DERIVED, Form, as_number, form_of, value_findings

FILES_MOST, BYTES_MOST = 500, 2_000_000


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one office sent: its name, form, year, and the value of each cell."""

    office: str
    form: str
    year: int
    values: Mapping[str, Any]


def read_contribution(path: Path) -> Contribution:
    """A file of ``huiying report annual YEAR --form FORM --format json``; InvalidInput with its name for anything else."""
    try:
        if path.stat().st_size > BYTES_MOST:
            raise InvalidInput(f"文件过大：{path.name}。", "files")
        data = json.loads(path.read_text("utf-8-sig"))
        values = {str(key): cell["value"] for key, cell in data["cells"].items()}
        office = str(data["unit"]).strip()[:200]
        found = Contribution(office, str(data["form"]), int(data["year"]), values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"不是 report annual --form 输出的 JSON：{path.name}。", "files") from error
    if not office:
        raise InvalidInput(f"文件没有写明单位：{path.name}。", "files")
    return found


def rolled_up(config_dir: Path, paths: Sequence[Path]) -> dict[str, Any]:
    """All files as one; InvalidInput for an office that comes twice, another form or year, or no form that is known."""
    if not 1 <= len(paths) <= FILES_MOST:
        raise InvalidInput(f"一次可汇总 1 至 {FILES_MOST} 个文件。", "files")
    given = [read_contribution(path) for path in paths]
    offices = [one.office for one in given]
    twice = sorted({name for name in offices if offices.count(name) > 1})
    if twice:
        raise InvalidInput(f"同一单位出现两次：{'、'.join(twice)}。", "files")
    kinds = {(one.form, one.year) for one in given}
    if len(kinds) > 1:
        raise InvalidInput("报表或年度不一致：" + "、".join(f"{one.office} {one.form} {one.year}年" for one in given[:20]) + "。", "files")
    (name, year) = kinds.pop()
    form = form_of(config_dir, name)
    cells = {cell.path: added(cell.path, cell.label, given) for cell in form.cells if not cell.text and cell.definition not in DERIVED}
    return {
        "form": form.name, "title": form.title, "basis": form.basis, "year": year, "offices": offices, "cells": cells,
        "not_added": [cell.path for cell in form.cells if cell.text or cell.definition in DERIVED], "findings": wrong(form, given),
    }  # fmt: skip


def added(path: str, label: str, given: Sequence[Contribution]) -> dict[str, Any]:
    """A cell: the exact sum and what each office gave; what is no number counts 0 and stands in the findings."""
    parts = {one.office: as_number(one.values.get(path)) or Decimal(0) for one in given}
    return {"label": label, "value": plain(sum(parts.values(), Decimal(0))), "from": {office: plain(number) for office, number in parts.items() if number}}


def plain(number: Decimal) -> int | float:
    """A whole number without decimals."""
    return int(number) if number == number.to_integral_value() else float(number)


def wrong(form: Form, given: Sequence[Contribution]) -> list[dict[str, Any]]:
    """What does not fit within a single office's form: blanks, unknown cells, identities that do not hold."""
    return [
        {"office": one.office, "rule": finding.rule, "message": finding.message, "where": finding.where}
        for one in given for finding in value_findings(form, one.values)
    ]  # fmt: skip
