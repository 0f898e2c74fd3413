"""The checker of written reports: what fits is silent, every single changed cell is found, and files are read within bounds."""

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest

from board.errors import Refused
from board.reports.written_check import check_file

CLEAN = {
    "一、本年新收政府信息公开申请数量": [13612, 252, 0, 45, 128, 32, 14069],
    "二、上年结转政府信息公开申请数量": [535, 6, 0, 1, 18, 0, 560],
    "（一）予以公开": [8000, 200, 0, 30, 100, 20, 8350],
    "（二）部分公开": [5364, 52, 0, 14, 21, 9, 5460],
    "（七）总计": [13364, 252, 0, 44, 121, 29, 13810],
    "四、结转下年度继续办理": [783, 6, 0, 2, 25, 3, 819],
}
HEAD = ["", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


@pytest.fixture(scope="module")
def config(root: Path) -> Path:
    return root / "config"


def page(rows: dict[str, list]) -> str:
    lines = [HEAD, *([label, *map(str, numbers)] for label, numbers in rows.items())]
    return (
        "<html><body><p>甲县教育局2021年年度报告</p><table>"
        + "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in line)}</tr>" for line in lines)
        + "</table></body>"
    )


def rules(path: Path, config: Path, content: str | bytes, **more) -> list[str]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [one.rule for one in check_file(path, config, **more)]


def test_the_published_table_is_clean_and_every_changed_cell_is_found(tmp_path: Path, config: Path) -> None:
    path = tmp_path / "a.html"
    assert rules(path, config, page(CLEAN), form="5.1") == []
    published = {label: numbers for label, numbers in CLEAN.items() if not label.startswith(("（一）", "（二）"))}
    assert rules(path, config, page(published)) == []
    for label, numbers in CLEAN.items():
        for column, number in enumerate(numbers):
            for changed in (number + 1, "", "若干"):
                cells = [*numbers[:column], changed, *numbers[column + 1 :]]
                assert rules(path, config, page({**CLEAN, label: cells})), (label, column, changed)
                if label in published:
                    assert rules(path, config, page({**published, label: cells})), (label, column, changed)


def test_word_files_and_text_are_read_alike(tmp_path: Path, config: Path) -> None:
    wrong = {**CLEAN, "（七）总计": [13364, 252, 0, 44, 121, 29, 13811]}
    for rows, expected in ((CLEAN, []), (wrong, ["row_sum", "balance", "outcome_sum"])):
        assert rules(tmp_path / "a.docx", config, word(rows)) == expected
        assert rules(tmp_path / "a.txt", config, "\n".join(" ".join([label, *map(str, numbers)]) for label, numbers in rows.items())) == expected


def word(rows: dict[str, list]) -> bytes:
    paper, target = docx.Document(), io.BytesIO()
    paper.add_paragraph("三、收到和处理政府信息公开申请情况")
    grid = paper.add_table(rows=0, cols=9)
    for label, numbers in rows.items():
        cells = grid.add_row().cells
        for cell, text in zip(cells[1:], [label, *map(str, numbers)], strict=True):
            cell.text = text
    grid.cell(2, 0).merge(grid.cell(4, 0))
    paper.save(target)
    return target.getvalue()


def test_last_years_carry_over(tmp_path: Path, config: Path) -> None:
    before = tmp_path / "before.html"
    for carried, expected in (([535, 6, 0, 1, 18, 0, 560], []), ([534, 7, 0, 1, 18, 0, 560], ["carry_over", "carry_over"])):
        before.write_text(page({"一、新收": [0] * 7, "四、结转下年度继续办理": carried}), encoding="utf-8")
        assert rules(tmp_path / "a.html", config, page(CLEAN), previous=before) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016年我局主动公开政府信息26条。其中我局公开16条，占61.5%；社保局公开10条，占38.5%。2008-2016年累计主动公开政府信息85条。", []),
        ("2016年我局主动公开政府信息26条。2016年共主动公开政府信息27条。", ["same_label"]),
        ("2016年主动公开政府信息26条。其中我局公开16条，占61.5%；社保局公开10条，占38.4%。", ["shares"]),
        ("2016年主动公开政府信息26条。其中我局公开16条，占60.5%；社保局公开10条，占39.5%。", ["shares"]),
        ("2008-2015年主动公开政府信息59条，2016年主动公开政府信息26条，2008-2016年主动公开政府信息85条。", []),
        ("2008-2015年主动公开政府信息60条，2016年主动公开政府信息26条，2008-2016年主动公开政府信息85条。", ["cumulative"]),
        ("2016年主动公开政府信息11条。2016年公开人事类信息9条；就业类信息2条。", []),
        ("2016年主动公开政府信息11条。2016年公开人事类信息9条；就业类信息3条。", ["kinds_sum"]),
        ("XX局年度报告", ["placeholder"]),
        ("联系电话：××××", ["placeholder"]),
        ("索引号 11/1970-0001", ["epoch_date"]),
        ("甲水县教育局\n我县园区和社区的学校，各区县共同办理。", []),
        ("甲水县教育局\n乙河区教育局公开了名单。", ["place"]),
        ("项目\t甲\t乙\t合计\n一月\t1\t2\t3\n二月\t1\t2\t4\n合计\t2\t4\t7", ["row_sum", "row_sum"]),
        ("项目\t甲\n一月\t1\n二月\t1\n合计\t3", ["column_sum"]),
    ],
)
def test_sentences(tmp_path: Path, config: Path, text: str, expected: list[str]) -> None:
    assert rules(tmp_path / "a.txt", config, text) == expected


def test_table_four(tmp_path: Path, config: Path) -> None:
    head = "|".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
    assert rules(tmp_path / "a.txt", config, f"{head}\n1|0|0|1|2|0|0|0|0|0|3|0|0|0|3") == []
    assert rules(tmp_path / "a.txt", config, f"{head}\n1|0|0|1|3|0|0|0|0|0|3|0|0|0|3") == ["row_sum"]


def test_unusable_files_are_refused(tmp_path: Path, config: Path) -> None:
    def packed(name: str, content: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr(name, content)
        return target.getvalue()

    deep = b"<a>" * 5000 + b"</a>" * 5000
    entity = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    bad = [b"", b" \n ", b"\x00\x01", b"PK\x03\x04rest", packed("a.txt", b"x"), packed("word/document.xml", deep), packed("word/document.xml", entity)]
    bad += [packed("word/document.xml", b" " * 60_000_001), b"{}", b"[1", b'{"cells": {}, "form": "9"}', b"<table>" * 1000, ("长" * 2_000_001).encode()]
    for content in bad:
        with pytest.raises(Refused):
            rules(tmp_path / "x", config, content)
    with pytest.raises(Refused):
        check_file(tmp_path / "absent", config)
    assert "table_missing" in rules(tmp_path / "x", config, "一份没有表的报告。", form="5.1")
    assert "blank" in rules(tmp_path / "x", config, json.dumps({"form": "5.4", "cells": {}}))


def test_the_flaws_of_the_seed_and_nothing_else(shared_dir: Path, config: Path) -> None:
    for path in sorted((shared_dir / "seed").glob("*.txt")):
        assert sorted(one.rule for one in check_file(path, config)) == ["epoch_date", "place", "placeholder", "same_label"]
