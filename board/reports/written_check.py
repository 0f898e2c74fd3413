"""``huiying report check``: reads a written report or a form's JSON and lists what does not fit (DOMAIN 5.1, 2)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from board.errors import Refused
from board.reports.forms import Form, form_of, value_findings
from board.reports.narrative import load_form
from board.reports.written import FILE_MOST, bytes_of, read_written
from board.reports.written_tables import WrittenFinding, carried_over, row_named, table_findings
from board.reports.written_words import word_findings

#: the forms whose table 三 must be in a report
WITH_TABLE = frozenset({"5.1", "5.2"})
COMPARED = 2016


def check_file(path: Path, config_dir: Path, form: str | None = None, previous: Path | None = None) -> list[WrittenFinding]:
    """All findings of a file; Refused for one that cannot be used or a form that does not exist."""
    chosen = form_of(config_dir, form) if form else None
    content = bytes_of(path)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return json_findings(content, config_dir, chosen)
    written = read_written(path)
    found = table_findings(written) + word_findings(written, load_form(config_dir, COMPARED).get("compare", ()))
    if chosen is not None and chosen.name in WITH_TABLE and row_named(written, "new") is None:
        found.append(WrittenFinding("table_missing", "没有找到“收到和处理政府信息公开申请情况”表。", "全文"))
    if previous is not None:
        found += carried_over(written, read_written(previous))
    return found


def json_findings(content: bytes, config_dir: Path, chosen: Form | None) -> list[WrittenFinding]:
    """Findings of a form's own JSON (``huiying report annual YEAR --form FORM --format json``)."""
    try:
        given = json.loads(content[:FILE_MOST].decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused("JSON 无法读取。") from error
    if not isinstance(given, Mapping) or not isinstance(given.get("cells"), Mapping):
        raise Refused("JSON 里没有 cells。可以检查 huiying report annual --form 导出的 JSON。")
    form = chosen or form_of(config_dir, str(given.get("form", ""))[:20])
    return value_findings(form, {str(path): cell.get("value") if isinstance(cell, Mapping) else cell for path, cell in given["cells"].items()})


def as_json(found: list[WrittenFinding]) -> dict[str, Any]:
    """The contract of the command."""
    return {"findings": [{**asdict(one), "values": list(one.values)} for one in found]}
