"""Match files of questions with files of documents, in the format that is scored."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from responder.confidence import DRAFT
from responder.corpus import document_from_plain
from responder.matching import Match, Matcher, MatcherSettings

# Told after each question: how many are done, of how many.
Progress = Callable[[int, int], None]


class InputError(ValueError):
    """A file cannot be used; the message is Chinese, one line, and names the file and the row."""


def read_rows(path: Path, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Read one JSON object a line; the given keys must hold non-empty texts, `id` must not repeat. Raises InputError."""
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise InputError(f"{path}：不是 UTF-8 编码的文本") from None
    except OSError as error:
        raise InputError(f"{path}：无法读取（{error.strerror}）") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            row = _row(path, number, line, keys)
            if row["id"] in seen:
                raise InputError(f"{path}：第 {number} 行的 id “{row['id']}” 重复")
            seen.add(row["id"])
            rows.append(row)
    if not rows:
        raise InputError(f"{path}：文件中没有内容")
    return rows


def _row(path: Path, number: int, line: str, keys: Sequence[str]) -> dict[str, Any]:
    """Parse and check one line."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"{path}：第 {number} 行不是有效的 JSON") from None
    if not isinstance(row, dict):
        raise InputError(f"{path}：第 {number} 行不是 JSON 对象")
    for key in keys:
        if not isinstance(row.get(key), str):
            raise InputError(f"{path}：第 {number} 行缺少文本字段 “{key}”")
    return row


def build(documents: Path, settings: MatcherSettings) -> Matcher:
    """Make a matcher of a file of {"id", "text"}."""
    matcher = Matcher(settings)
    for row in read_rows(documents, ("id", "text")):
        matcher.put(document_from_plain(row["id"], row["text"]))
    return matcher


def as_row(row_id: str, match: Match) -> dict[str, Any]:
    """One line of the file of matches: only a draft is an answer, a suggestion leaves it to a person."""
    return {
        "id": row_id,
        "confidence": match.confidence,
        "abstained": match.decision != DRAFT,
        "decision": match.decision,
        "reason": match.reason,
        "candidates": [{"document": c.document_id, "score": c.score, "evidence": [e.quote for e in c.evidence]} for c in match.candidates],
    }


def _line(row: dict[str, Any]) -> str:
    """One line of JSON; half characters, which no file can hold, are written as escapes."""
    text = json.dumps(row, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@contextmanager
def _writing(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears only when it is complete."""
    if output is None:
        yield sys.stdout
        return
    if output.exists() and not output.is_file():  # a pipe or a device: nothing to replace
        with output.open("w", encoding="utf-8") as file:
            yield file
        return
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
            temporary = Path(file.name)
            try:
                yield file
            except BaseException:
                temporary.unlink()
                raise
        temporary.chmod(0o644)
        temporary.replace(output)
    except OSError as error:
        raise InputError(f"{output}：无法写入（{error.strerror}）") from None


def match_file(documents: Path, questions: Path, output: Path | None, settings: MatcherSettings, progress: Progress | None = None) -> int:
    """Match every question and write one row for each; returns how many. Raises InputError before anything is written."""
    asked = read_rows(questions, ("id", "question"))
    matcher = build(documents, settings)
    with _writing(output) as file:
        for number, row in enumerate(asked, 1):
            match = matcher.match(row["question"])
            file.write(_line(as_row(row["id"], match)))
            if progress is not None:
                progress(number, len(asked))
    return len(asked)
