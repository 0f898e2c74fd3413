import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest

from board.errors import Refused
from board.intake.cells import BadRow, moment, read_moment, short, text_of
from board.intake.columns import load_columns
from board.intake.reading import read_lines
from board.intake.sniffing import Format, sniff
from board.publications.pages import is_page
from board.settings import CONFIG_DIR
from tests.import_files import QUESTIONS, as_csv, as_jsonl, as_xlsx

ENGLISH = {
    "留言编号": "ref",
    "留言用户": "nickname",
    "留言主题": "title",
    "留言时间": "received_at",
    "留言详情": "text",
    "答复意见": "reply",
    "答复时间": "answered_at",
}
IN_ENGLISH = [{ENGLISH[key]: value for key, value in row.items()} for row in QUESTIONS]
INQUIRIES = load_columns(CONFIG_DIR, "inquiries")


def lines(tmp_path, content: bytes, kind: str = "inquiries"):
    path = tmp_path / "file.dat"
    path.write_bytes(content)
    return list(read_lines(sniff(path, is_page), load_columns(CONFIG_DIR, kind)))


@pytest.mark.parametrize(
    ("content", "form", "encoding"),
    [
        (as_jsonl(QUESTIONS), Format.jsonl, "utf-8"),
        (b"\xef\xbb\xbf" + as_jsonl(QUESTIONS), Format.jsonl, "utf-8"),
        (as_jsonl(QUESTIONS).decode().encode("gb18030"), Format.jsonl, "gb18030"),
        (as_csv(QUESTIONS), Format.csv, "utf-8"),
        (as_csv(QUESTIONS, "utf-8-sig"), Format.csv, "utf-8"),
        (as_csv(QUESTIONS, "gb18030"), Format.csv, "gb18030"),
        (as_csv(QUESTIONS, "gb18030", "\t"), Format.csv, "gb18030"),
        (as_csv(QUESTIONS, delimiter=";"), Format.csv, "utf-8"),
        (as_csv(IN_ENGLISH), Format.csv, "utf-8"),
        (as_jsonl(IN_ENGLISH), Format.jsonl, "utf-8"),
        (as_xlsx(QUESTIONS), Format.xlsx, ""),
        (as_xlsx(IN_ENGLISH, ["2016年网民留言汇总", "填报：办公室"]), Format.xlsx, ""),
    ],
)
def test_every_format_gives_the_same_rows(tmp_path, content, form, encoding) -> None:
    path = tmp_path / "file.dat"
    path.write_bytes(content)
    source = sniff(path, is_page)
    assert source.format == form
    assert form == Format.xlsx or source.encoding == encoding
    found = list(read_lines(source, INQUIRIES))
    assert [line.error for line in found] == [""] * 4
    assert [{ENGLISH[key]: value or None for key, value in row.items()} for row in QUESTIONS] == [
        {field: line.values.get(field) or None for field in ENGLISH.values()} for line in found
    ]


def test_headings_in_other_dress(tmp_path) -> None:
    row = {"留 言 編號": "1", "留言时间（必填）": "2016-1-1", "Text": "请问几点上班？", "备注": "无"}
    (line,) = lines(tmp_path, as_csv([row]))
    assert line.values == {"ref": "1", "received_at": "2016-1-1", "text": "请问几点上班？"}
    assert INQUIRIES.unused(line.raw) == ["备注"]


def test_line_numbers_with_quoted_line_ends(tmp_path) -> None:
    content = '留言编号,留言时间,留言详情\n1,2016-1-1,"第一行\n第二行"\n\n2,2016-1-2,"他说""好"""\n'
    found = lines(tmp_path, content.encode())
    assert [(line.number, line.values["text"]) for line in found] == [(2, "第一行\n第二行"), (5, '他说"好"')]


def test_a_damaged_line_spoils_only_itself(tmp_path) -> None:
    good = as_jsonl(QUESTIONS).splitlines(keepends=True)
    bad = [
        b'{"text": \n',
        b"[1, 2]\n",
        b"\n",
        '{"留言详情": "乱码'.encode() + b'\xff\xfe"}\n',
        b"[" * 50_000 + b"\n",
        b'{"text":"' + b"x" * 2_100_000 + b'"}\n',
    ]
    found = lines(tmp_path, b"".join([*good[:2], *bad, *good[2:]]))
    assert [line.number for line in found if not line.error] == [1, 2, 9, 10]
    assert [(line.number, line.error) for line in found if line.error] == [
        (3, "这一行不是完整的 JSON"), (4, "这一行不是 JSON 对象"), (6, "这一行的文字编码损坏"), (7, "这一行不是完整的 JSON"), (8, "这一行超过 2 MB"),
    ]  # fmt: skip


def test_damaged_rows_of_a_table(tmp_path) -> None:
    rows = as_csv(QUESTIONS).splitlines(keepends=True)
    bad = [b"9,a,b,2016-1-1,\xff\xfe,,\n", b"1,2,3,4,5,6,7,8,9\n"]
    found = lines(tmp_path, b"".join([*rows[:2], *bad, *rows[2:]]))
    assert [(line.number, line.error) for line in found if line.error] == [(3, "这一行的文字编码损坏"), (4, "这一行的列数多于列名")]
    assert len([line for line in found if not line.error]) == 4


def test_an_open_quote_is_told_with_its_lines(tmp_path) -> None:
    content = '留言编号,留言时间,留言详情\n1,2016-1-1,好\n2,2016-1-1,"没有收尾\n3,2016-1-1,好\n'
    found = lines(tmp_path, content.encode())
    assert found[0].error == ""
    assert "第 3 至 4 行没有读入" in found[1].error
    assert len(found) == 2


def test_a_formula_in_a_cell_stays_text(tmp_path) -> None:
    rows = [{"留言编号": "1", "留言时间": "2016-1-1", "留言详情": '=HYPERLINK("http://example.org","点")'}]
    assert lines(tmp_path, as_csv(rows))[0].values["text"] == rows[0]["留言详情"]


def test_workbook_dates_numbers_and_formulas(tmp_path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "说明"
    book.active.append(["本表由办公室汇总"])
    sheet = book.create_sheet("留言")
    sheet.append(["留言编号", "留言时间", "留言详情", "答复时间", "答复意见"])
    sheet.append([2549, datetime(2019, 4, 25, 9, 32, 9), "正文", date(2019, 5, 10), "答复"])
    sheet.append([2550.0, 43580.397326, "=1+1", 43590, None])
    sheet["C3"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    first, second = lines(tmp_path, out.getvalue())
    assert (first.number, text_of(first.values["ref"], ""), text_of(second.values["ref"], "")) == (2, "2549", "2550")
    assert read_moment(first.values["received_at"]).at == datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)
    assert read_moment(second.values["received_at"]).at == datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)
    assert read_moment(second.values["answered_at"]).whole_day
    assert second.values["text"] == "=1+1"


def test_a_real_formula_gives_the_value_last_calculated(tmp_path) -> None:
    content = replaced(
        as_xlsx([{"留言编号": "1", "留言时间": "2016-1-1", "留言详情": "占位"}]),
        "xl/worksheets/sheet1.xml",
        't="inlineStr"><is><t>&#21344;&#20301;</t></is>',
        't="str"><f>A1&amp;B1</f><v>算出的文字</v>',
    )
    assert lines(tmp_path, content)[0].values["text"] == "算出的文字"


def replaced(book: bytes, member: str, old: str, new: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            data = before.read(info)
            if info.filename == member:
                assert old.encode() in data, data
                data = data.replace(old.encode(), new.encode())
            after.writestr(info.filename, data)
    return out.getvalue()


def test_bombs_are_refused(tmp_path) -> None:
    book = as_xlsx(QUESTIONS)
    entity = replaced(book, "xl/workbook.xml", "<workbook", '<!DOCTYPE x [<!ENTITY a "b">]><workbook')
    with pytest.raises(Refused, match="不允许的 XML 声明"):
        lines(tmp_path, entity)
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zero.bin", b"\0" * 20_000_000)
    with pytest.raises(Refused, match="解压后过大"):
        lines(tmp_path, out.getvalue())
    with pytest.raises(Refused, match="已损坏"):
        lines(tmp_path, book[: len(book) // 2])
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("readme.txt", "x")
    with pytest.raises(Refused, match="已损坏或不是电子表格"):
        lines(tmp_path, empty.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .xlsx"),
        ("留言时间".encode("utf-16"), "UTF-16"),
        (b"%PDF-1.4 \x00\x01", "不认识的文件格式"),
        (b'[{"text": 1}]', "每行写一个 JSON 对象"),
        ("姓名,年龄\n张三,30\n".encode(), "留言时间、received_at"),
        (b'{"name": "x", "age": 3}\n', "认不出列名"),
        (as_xlsx([{"姓名": "张三"}]), "认不出列名"),
        (",".join(["留言时间", "留言详情", *(f"c{n}" for n in range(300))]).encode(), "列数超过"),
        ("留言时间,留言详情\n".encode() + b"x" * 2_100_000, "超过 2 MB"),
    ],
)
def test_refused_files(tmp_path, content, words) -> None:
    with pytest.raises(Refused, match=words):
        lines(tmp_path, content)


def test_no_such_file_and_a_directory(tmp_path) -> None:
    for path, words in ((tmp_path / "none", "没有这个文件"), (tmp_path, "不是文件")):
        with pytest.raises(Refused, match=words):
            sniff(path, is_page)


def test_one_overlong_line_does_not_change_the_encoding(tmp_path) -> None:
    content = as_jsonl([{"留言详情": "长" * 900_000, "留言时间": "2016-1-1"}, {"留言详情": "短", "留言时间": "2016-1-1"}])
    found = lines(tmp_path, content)
    assert [(line.number, bool(line.error)) for line in found] == [(1, True), (2, False)]
    assert found[1].values["text"] == "短"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2019/4/25 9:32:09", datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)),
        ("2019-04-25", datetime(2019, 4, 24, 16, tzinfo=UTC)),
        ("2019年4月25日", datetime(2019, 4, 24, 16, tzinfo=UTC)),
        ("2019年4月25日 9时32分9秒", datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)),
        ("２０１９．４．２５ ９：３２", datetime(2019, 4, 25, 1, 32, tzinfo=UTC)),
        ("20190425", datetime(2019, 4, 24, 16, tzinfo=UTC)),
        ("2019-04-25T01:32:09Z", datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)),
        ("2019-04-25 09:32:09.123+08:00", datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)),
        (43580, datetime(2019, 4, 24, 16, tzinfo=UTC)),
    ],
)
def test_dates_as_offices_write_them(value, expected) -> None:
    assert read_moment(value).at == expected


@pytest.mark.parametrize(
    "value", ["2019-02-30", "2019/13/1", "昨天", "25/4/2019", "2999-01-01", "1900-01-01", 12, 1556155929, True, [], "2019-04-25 25:00", "9" * 5000]
)
def test_impossible_dates(value) -> None:
    with pytest.raises(BadRow):
        moment(value, "时间")


@pytest.mark.parametrize("value", [True, ["a"], {"a": 1}, float("nan"), float("inf")])
def test_wrong_types(value) -> None:
    with pytest.raises(BadRow):
        text_of(value, "正文")


def test_short_texts_are_one_clean_line() -> None:
    assert short(" 山\n里\u200b人 ", "名", 10) == "山 里人"
    assert short(None, "名", 10) == ""
    with pytest.raises(BadRow, match="名超过 3 个字"):
        short("一二三四", "名", 3)


def test_accepted_headings_are_unique_and_complete() -> None:
    for kind in ("disclosures", "inquiries"):
        columns = load_columns(CONFIG_DIR, kind)
        assert set(columns.required) <= set(columns.accepted)
        named = [heading for headings in columns.accepted.values() for heading in headings]
        assert len(named) == len(set(named))
        assert {columns.field_of(heading) for heading in named} == set(columns.accepted)


def test_json_numbers_too_long_for_python(tmp_path) -> None:
    found = lines(tmp_path, as_jsonl(QUESTIONS) + b'{"text": ' + b"9" * 6000 + b"}\n")
    assert found[-1].error == "这一行不是完整的 JSON"
    assert json.loads(as_jsonl(QUESTIONS[:1]))
