import csv
import html
import io
import re
import stat
import zipfile
from dataclasses import replace

import docx
import openpyxl
import pypdf
import pytest
from docx.oxml.ns import qn

from board.cli import doctor
from board.errors import InvalidInput, NotConfigured
from board.models import InquiryKind
from board.reports import layout
from board.reports.annual import Report
from board.reports.exporting import exported, write_whole
from board.wording import printing
from board.wording.printing import pdf_missing
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


@pytest.mark.parametrize("form", ["json", "md", "docx", "xlsx", "html"])
def test_the_same_report_is_the_same_file(report: Report, form: str) -> None:
    assert exported(report, form) == exported(report, form)


def test_markdown_shows_what_records_say_as_text(report: Report) -> None:
    words = exported(report, "md").decode()
    assert "<script>" not in words
    assert r"=1+1\|\<script\>" in words
    assert "| 收到留言（件） | 1 |" in words


def test_csv_opens_in_excel_and_computes_nothing(report: Report) -> None:
    content = exported(report, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert ["'=2+3", "1"] in rows
    assert ["收到留言（件）", "1"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


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


def test_the_page_to_publish_carries_everything_itself_and_nothing_of_the_own_check(report: Report) -> None:
    page = exported(report, "html").decode()
    assert not re.search(r"<script|<link|<iframe|<img|\son\w+=|url\(|@import", page)
    assert TRAP.replace("\x07", "") not in html_text(page)
    assert "草　稿" in page
    assert "=2+3" in html_text(page)
    assert len(re.findall("<svg", page)) == 9
    assert "草　稿" not in exported(replace(report, draft=False), "html").decode()


def test_the_pdf_has_the_words_of_the_page_its_fonts_and_its_numbers(report: Report) -> None:
    if pdf_missing():
        pytest.skip(pdf_missing())
    paper = pypdf.PdfReader(io.BytesIO(exported(report, "pdf")))
    words = "\n".join(page.extract_text() for page in paper.pages)
    assert "2016年共主动公开政府信息2条" in "".join(words.split())
    assert all(f"— {number} —" in page.extract_text() for number, page in enumerate(paper.pages, 1))
    fonts = [kid.get_object()["/FontDescriptor"] for page in paper.pages for font in page["/Resources"]["/Font"].values() for kid in font.get_object()["/DescendantFonts"]]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font.get_object()) for font in fonts)


def html_text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_without_the_libraries_it_is_said_what_is_missing(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "FONT_PLACES", ())
    with pytest.raises(NotConfigured, match="fonts-noto-cjk"):
        exported(report, "pdf")
    assert "PDF" in [finding.subject for finding in doctor.programs() if finding.level == "note"]


@pytest.mark.parametrize(("year", "form"), [(2016, "5.3"), (2019, "5.2"), (2026, "5.1")])
def test_the_official_tables_stand_in_the_report_cell_by_cell(lite_world: World, year: int, form: str) -> None:
    """Every cell of the form stands in the tables once, with the value of the JSON; the six sections hold them from 2019 on."""
    found = lite_world.report(year)
    assert found.statutory["form"] == form
    shown = [(cell.path, cell.text) for grid in found.grids.values() for cell in grid.cells if cell.path]
    assert sorted(path for path, _ in shown) == sorted(found.statutory["cells"])
    assert all(text == f"{found.statutory['cells'][path]['value']}" for path, text in shown)
    placed = [name for section in found.sections for name in section.grids]
    assert placed == ([] if form == "5.3" else ["disclosures", "applications", "reviews"])
    assert len(found.sections) == (7 if form == "5.3" else 6)
    assert "无" not in {paragraph.text for section in found.sections for paragraph in section.paragraphs}


def test_the_paper_has_the_page_of_the_standard_and_merged_cells(lite_world: World) -> None:
    paper = docx.Document(io.BytesIO(exported(lite_world.report(2026), "docx")))
    page = paper.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height, page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)] == [210, 297, 37, 35, 28, 26]
    assert paper.settings.odd_and_even_pages_header_footer
    fonts = {name: paper.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Title", "Heading 1", "Heading 2")}
    assert fonts == {"Normal": "仿宋_GB2312", "Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
    third = paper.tables[1]
    assert third.cell(0, 3)._tc is third.cell(0, 9)._tc
    assert third.cell(5, 0)._tc is third.cell(26, 0)._tc
    assert third.cell(5, 0).text == "三、本年度办理结果"
    assert "草稿" in page.header.paragraphs[0].text


def test_a_layout_that_does_not_fill_its_width_is_refused(tmp_path) -> None:
    table = {"name": "a", "widths": [1, 1], "rows": [["x", "=p"], [["y", 2, 1], "z"]]}
    with pytest.raises(NotConfigured, match="越界"):
        layout.laid_out(tmp_path, table, {"p": {"value": 1}})
    with pytest.raises(NotConfigured, match="没有的格"):
        layout.laid_out(tmp_path, table, {})
