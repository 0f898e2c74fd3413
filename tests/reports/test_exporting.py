import io
import stat
import zipfile

import docx
import openpyxl
import pytest

from board.errors import InvalidInput
from board.models import InquiryKind
from board.reports.annual import Report
from board.reports.exporting import exported, write_whole
from tests.reports.conftest import World

TRAP = "=1+1|<script>alert(1)</script>\x07http://evil.example/"


@pytest.fixture
def report(lite_world: World, shanghai) -> Report:
    """A year with a dangerous title and a dangerous category."""
    lite_world.disclosure(shanghai(2016, 3, 1), title=TRAP, key_area="财政预算、决算、三公经费")
    lite_world.disclosure(shanghai(2016, 3, 1), category="=2+3", key_area="就业")
    lite_world.inquiry(shanghai(2016, 3, 1), 2.4, kind=InquiryKind.complaint)
    return lite_world.report()


def cells(content: bytes) -> list:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_excel_keeps_strings_as_strings_and_numbers_as_numbers(report: Report) -> None:
    found = cells(exported(report, "xlsx"))
    assert not [cell for cell in found if cell.data_type == "f" or cell.hyperlink]
    values = [cell.value for cell in found]
    assert "=2+3" in values
    assert TRAP.replace("\x07", "") in values
    assert 2.4 in values
    assert all(ord(char) > 31 or char in "\n\t" for value in values if isinstance(value, str) for char in value)


def test_excel_has_charts_of_its_own(report: Report) -> None:
    names = zipfile.ZipFile(io.BytesIO(exported(report, "xlsx"))).namelist()
    assert len([name for name in names if name.startswith("xl/charts/chart")]) == 2


def test_word_has_sections_tables_and_the_findings(report: Report) -> None:
    paper = docx.Document(io.BytesIO(exported(report, "docx")))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert "二、主动公开政府信息情况" in texts
    assert "2016年政府信息公开工作年度报告" in texts
    grid = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    assert ["主动公开政府信息（条）", "2", ""] in grid
    assert ["平均办理时间（天）", "2.4"] in grid
    assert any(TRAP.replace("\x07", "") in row for row in grid)
    assert paper.core_properties.created.replace(tzinfo=None) == report.counted_at.replace(tzinfo=None)


@pytest.mark.parametrize("form", ["json", "md", "docx", "xlsx"])
def test_the_same_report_is_the_same_file(report: Report, form: str) -> None:
    assert exported(report, form) == exported(report, form)


def test_markdown_shows_what_records_say_as_text(report: Report) -> None:
    words = exported(report, "md").decode()
    assert "<script>" not in words
    assert r"=1+1\|\<script\>" in words
    assert "| 收到留言（件） | 1 |" in words


def test_another_format_is_refused(report: Report) -> None:
    with pytest.raises(InvalidInput, match="docx"):
        exported(report, "exe")


def test_a_file_is_whole_or_not_there(tmp_path) -> None:
    path = tmp_path / "a.json"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    with pytest.raises(InvalidInput, match="无法写入"):
        write_whole(tmp_path / "absent" / "a.json", b"x")
    with pytest.raises(InvalidInput):
        write_whole(tmp_path, b"x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]
