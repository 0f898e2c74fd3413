"""The real data: complete, quick, without duplicates, and with the yearly figures of an independent count."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from board.clock import local, now, year_span
from board.intake.sniffing import Format, sniff
from board.models import Disclosure, Inquiry, InquiryState
from board.publications.pages import is_page
from tests.bureau import Bureau
from tests.import_files import Console, console_on

#: what the issue states for one year
STATED = {2018: (847, 821, 18.9)}


@pytest.fixture
def console(bureau: Bureau, tmp_path, monkeypatch, capsys) -> Console:
    return console_on(bureau.office, tmp_path, monkeypatch, capsys)


def independent(path: Path) -> dict[int, tuple[int, int, float]]:
    """received, closed, mean days by year, counted from the file alone with nothing of the product."""

    def read(value: str) -> datetime:
        day, _, clock = value.replace("-", "/").partition(" ")
        numbers = [int(part) for part in (*day.split("/"), *(clock or "0:0:0").split(":"))]
        return datetime(*numbers, tzinfo=ZoneInfo("Asia/Shanghai"))

    pairs = [(read(row["留言时间"]), read(row["答复时间"])) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())]
    received = Counter(asked.year for asked, _ in pairs)
    days: dict[int, list[float]] = {}
    for asked, answered in pairs:
        days.setdefault(answered.year, []).append((answered - asked).total_seconds() / 86_400)
    return {year: (received[year], len(days.get(year, [])), round(sum(days.get(year, [])) / max(len(days.get(year, [])), 1), 1)) for year in range(2010, 2021)}


def stored(console: Console, year: int) -> tuple[int, int, float]:
    """The same figures from the rows of the database."""
    start, end = year_span(year)
    with console.office.work.reading() as session:
        rows = session.scalars(select(Inquiry)).all()
    closed = [(row.closed_at - row.received_at).total_seconds() / 86_400 for row in rows if row.closed_at and start <= row.closed_at < end]
    return sum(start <= row.received_at < end for row in rows), len(closed), round(sum(closed) / max(len(closed), 1), 1)


@pytest.mark.slow
def test_both_files_without_duplicates_and_the_years_come_out(console: Console, shared_dir: Path) -> None:
    documents, messages = shared_dir / "data" / "disclosures_hrss.jsonl", shared_dir / "data" / "messages_with_replies.jsonl"
    assert console.run("disclosures", documents)[0] == 0
    assert console.run("inquiries", messages)[0] == 0
    for kind, path, count in (("disclosures", documents, 589), ("inquiries", messages, 2816)):
        assert f"新增 0，更新 0，未变 {count}，拒收 0" in console.run(kind, path)[1]
    with console.office.work.reading() as session:
        inquiries = session.scalars(select(Inquiry)).all()
        imported = session.scalars(select(Disclosure).where(Disclosure.imported)).all()
    assert (len(imported), len(inquiries)) == (589, 2816)
    assert {row.state for row in inquiries} == {InquiryState.closed}
    assert not any(row.released for row in inquiries)
    assert len(inquiries) - len({row.text for row in inquiries}) >= 30
    expected = independent(messages)
    assert {year: stored(console, year) for year in expected} == expected
    assert expected | STATED == expected


@pytest.mark.slow
def test_a_question_finds_imported_evidence(console: Console, shared_dir: Path) -> None:
    assert console.run("disclosures", shared_dir / "data" / "disclosures_hrss.jsonl")[0] == 0
    with console.office.work.reading() as session:
        console.office.catalogue.follow(session)
        imported = {str(key) for key in session.scalars(select(Disclosure.id).where(Disclosure.imported))}
    found = console.office.catalogue.match("高校毕业生就业见习补贴的标准是多少？", 5)
    assert imported & {candidate.document_id for candidate in found.candidates}


def test_the_seed_page(console: Console, shared_dir: Path) -> None:
    path = next((shared_dir / "seed").glob("000_*.txt"))
    assert sniff(path, is_page).format == Format.page
    code, said = console.run("disclosures", path)
    assert code == 0
    for words in ("新增 1", "索引号中的年份不可能", "信息来源未选择", "名称不一致"):
        assert words in said
    with console.office.work.reading() as session:
        (row,) = session.scalars(select(Disclosure).where(Disclosure.imported)).all()
        codes = {finding.code for finding in row.findings}
    assert "/1970-" in row.index_number
    assert codes == {"index_year_impossible", "source_unset", "unit_name_differs"}
    assert (str(row.made_on), local(row.published_at).strftime("%Y-%m-%d %H:%M"), row.source_text) == ("2017-01-06", "2017-01-06 19:37", "请选择")
    assert "2016年我局主动公开政府信息26条" in row.text
    assert "號" not in row.text
    assert "(hào)" not in row.text
    assert "號(hào)" in row.original_text
    assert row.created_at <= now()
