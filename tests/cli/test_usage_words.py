"""A wrong command line is one Chinese line and exit code 2."""

import re
import sys

import pytest

from board.cli import main


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("deadline --days 0", "--days：给出的值无效，应为整数，不小于 1、不大于 250"), ("evaluate --use x", "--use：给出的值无效，应为整数，不小于 0"),
        ("evaluate --apply", "--apply 要和 --learn 一起给出"), ("evaluate --plot /nowhere/there/x.svg", "没有这个目录"), ("evaluate --plot", "--plot 后面要写值"),
        ("evaluate --versions --rollback", "一次只能给出一个"), ("nothing", "没有命令 nothing"), ("mask --x", "没有选项 --x"), ("report annual", "缺少 YEAR"),
        ("report annual 2016 --format zzz", "应为 json、md、docx、xlsx、html、pdf、csv 之一"), ("routing evaluate /nowhere/x", "应为已有并可读的文件"), ("doctor more", "多出了 more"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_chinese_line(line: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["huiying", *line.split()])
    with pytest.raises(SystemExit) as end:
        main()
    told = capsys.readouterr()
    assert end.value.code == 2
    assert told.out == ""
    assert said in told.err
    assert re.fullmatch(r"huiying：[^\n]*[\u4e00-\u9fff][^\n]*\n", told.err)
    assert not re.search(r"Error|Usage|Try|Invalid|No such", told.err)
