"""`huiying mask` as a filter: UTF-8, line for line, whatever comes in."""

import os
import subprocess
import sys

from click.testing import CliRunner

from board.cli.mask import command


def run(data: bytes, *options: str) -> bytes:
    result = CliRunner().invoke(command, options, input=data)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_lines_are_masked_and_counted_the_same():
    data = "电话13800138000\n\n身份证110101199003071233\r\n没有换行".encode()
    assert run(data) == "电话138****8000\n\n身份证110101********1233\r\n没有换行".encode()


def test_nothing_in_nothing_out():
    assert run(b"") == b""
    assert run(b"\n\n") == b"\n\n"


def test_odd_line_ends_and_bytes_do_not_change_the_count():
    data = "甲\u2028乙\x0b丙\x00\n".encode() + b"\xff\xfe13800138000\n"
    out = run(data)
    assert out.count(b"\n") == 2
    assert b"138****8000" in out


def test_own_numbers_stay():
    assert run("电话0596-1234567\n".encode(), "--allow", "(0596)1234567") == "电话0596-1234567\n".encode()


def test_help_has_an_example():
    result = CliRunner().invoke(command, ["--help"])
    assert "huiying mask" in result.output
    assert "138****8000" in result.output


def test_utf8_and_line_by_line_whatever_the_locale():
    program = "from board.cli.mask import command; command()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("致电13800138000\n".encode())
        process.stdin.flush()
        assert process.stdout.readline() == "致电138****8000\n".encode()
        process.stdin.close()
        assert process.wait(timeout=20) == 0
