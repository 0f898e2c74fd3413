"""Files for the tests of the import, written here, and the command as a user calls it."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from board.cli import group
from board.errors import HuiyingError
from board.office import Office

QUESTIONS: tuple[dict[str, str], ...] = (
    {"留言编号": "101", "留言用户": "山里人", "留言主题": "养老金什么时候到账", "留言时间": "2016/3/1 9:05:07",
     "留言详情": "我父亲三月份满六十岁，请问养老金从哪个月起发？我的电话是13800138000。", "答复意见": "网民您好：自符合条件的次月起发放，请咨询12333。", "答复时间": "2016/3/9 15:00:00"},
    {"留言编号": "102", "留言用户": "清风", "留言主题": "社保卡丢了", "留言时间": "2016-03-02 10:00:00",
     "留言详情": "社保卡丢失后到哪里补办？", "答复意见": "网民您好：请到服务窗口补办。", "答复时间": "2016/3/2"},
    {"留言编号": "103", "留言用户": "山里人", "留言主题": "社保卡丢了", "留言时间": "2016年3月3日 08:30",
     "留言详情": "社保卡丢失后到哪里补办？", "答复意见": "网民您好：同类问题已答复。", "答复时间": "2017-01-04T08:30:00+08:00"},
    {"留言编号": "104", "留言用户": "", "留言主题": "招聘什么时候开始", "留言时间": "2016/12/31 23:59:59", "留言详情": "今年的招聘公告什么时候发布？", "答复意见": "", "答复时间": ""},
)  # fmt: skip
NOTICES: tuple[dict[str, str], ...] = (
    {"id": "D1", "title": "关于做好就业援助工作的通知", "date": "2015-02-03 10:00:00", "category": "就业", "text": "测人社发〔2015〕7号各股室：现就做好就业援助工作通知如下，请认真执行，并于每月底前将进展情况书面报送办公室汇总。", "url": "https://example.org/1"},
    {"id": "D2", "title": "失业保险条例", "date": "2014/5/6", "category": "法律法规", "text": "第一条 为了保障失业人员失业期间的基本生活，促进其再就业，制定本条例，适用于本行政区域内的各类单位和职工。", "url": ""},
)  # fmt: skip


@dataclass
class Console:
    """The command line on one office."""

    office: Office
    folder: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> tuple[int, str]:
        """Runs ``huiying import ...``; (exit code, what it said)."""
        try:
            code = group.main(["import", *map(str, arguments)], standalone_mode=False)
        except HuiyingError as error:
            return 2, error.message
        said = self.capture.readouterr()
        return int(code or 0), said.out + said.err

    def file(self, name: str, content: bytes | str) -> Path:
        """Writes a file."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def rejects(self, name: str) -> list[dict[str, Any]]:
        """The rejects file of an input in the home directory."""
        path = self.office.settings.home / "imports" / f"{name}.rejects.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def console_on(office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> Console:
    """The command finds the office by its environment, as on a server."""
    monkeypatch.setenv("HUIYING_HOME", str(office.settings.home))
    monkeypatch.setenv("DATABASE_URL", office.settings.database_url)
    return Console(office, folder, capture)


def as_jsonl(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """One object a line, UTF-8."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A table with a row of headings."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Mapping[str, Any]], above: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet, texts before the headings when asked for."""
    from openpyxl import Workbook

    book = Workbook()
    for text in above:
        book.active.append([text])
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
